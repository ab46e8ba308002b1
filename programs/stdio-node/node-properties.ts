/** What must hold for a node program, judged from what it publishes, decides and how it ends: nothing that it says of itself counts. */
import type { Monitor, RunEvent, Verdict, Violation } from '../../core/events.ts';
import type { Published } from './program-node.ts';

export interface NodeProperty {
  readonly name: string;
  readonly says: string;
  readonly monitor: Monitor<Memory>;
}

interface Memory {
  /** By name what was said, as text. */
  readonly said: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[];
}

const nothing: Memory = { said: {}, violations: [] };

const finish = ({ violations }: Memory): Verdict => ({ verdict: violations.length === 0 ? 'held' : 'violated', violations });
const relevant = ({ said, violations }: Memory): unknown => ({ said, found: violations.map(({ message }) => message) });

/** Remembers what is said under a name, and complains when another thing is said under it. */
function sameEachTime(
  memory: Memory,
  name: string,
  text: string,
  event: RunEvent,
  complaint: (before: string) => string,
): Memory {
  const before = memory.said[name];
  if (before === text) return memory;
  if (before === undefined) return { ...memory, said: { ...memory.said, [name]: text } };
  const violation = { message: complaint(before), event: event.index, nodes: [event.node], height: 0 };
  return { ...memory, violations: [...memory.violations, violation] };
}

export const nodeProperties: readonly NodeProperty[] = [
  {
    name: 'says-once',
    says: 'over all its lives a node never publishes two different things under one `once`',
    monitor: {
      watches: ['effect transmit'],
      start: nothing,
      look: (memory, event) => {
        if (event.type !== 'effect' || event.effect.type !== 'transmit') return memory;
        const { once, data } = event.effect.data as Published;
        if (once === undefined) return memory;
        const text = JSON.stringify(data);
        return sameEachTime(
          memory,
          `${event.node} ${once}`,
          text,
          event,
          (before) => `${event.node} published ${text} under '${once}', and had published ${before} under it before`,
        );
      },
      finish,
      relevant,
    },
  },
  {
    name: 'agreement',
    says: 'no two decisions of one height differ, of any nodes in any lives',
    monitor: {
      watches: ['effect host.decide'],
      start: nothing,
      look: (memory, event) => {
        if (event.type !== 'effect' || event.effect.type !== 'host.decide') return memory;
        const { height, decision } = event.effect;
        const text = JSON.stringify(decision);
        return sameEachTime(
          memory,
          String(height),
          text,
          event,
          (before) => `${event.node} decided ${text} at height ${height}, and ${before} was decided there before`,
        );
      },
      finish,
      relevant,
    },
  },
  {
    name: 'goes-on',
    says: 'no node program fails, or stops by itself',
    monitor: {
      watches: ['stopped'],
      start: nothing,
      look: (memory, event) => {
        if (event.type !== 'stopped') return memory;
        const message = `${event.node} ${event.threw ? 'failed' : 'stopped by itself'}: ${event.reason.replace(/^network threw ProgramError: /, '')}`;
        return { ...memory, violations: [...memory.violations, { message, event: event.index, nodes: [event.node], height: 0 }] };
      },
      finish,
      relevant,
    },
  },
];
