/**
 * What `why` answers: of a violation the chain from the second word of a node back to the frame that was lost, and where; of any event the
 * chain of its causes. Steps of a boot, and those between the actors of one node, are omitted unless they are asked for.
 */
import { aheadAt, type Forgotten, forgottenAt } from '../../campaigns/replay/forgotten.ts';
import { type LostFrames, lostFramesBefore } from '../../campaigns/replay/lost-frames.ts';
import type { RunEvent } from '../../core/events.ts';
import type { PropertyResult } from '../../scenarios/index.ts';
import { describe, lineOf, wordsOf } from '../../scenarios/trace-text.ts';
import { counted } from '../output/counted.ts';

export interface Answer {
  /** From the event back to the beginning. */
  readonly chain: readonly RunEvent[];
  readonly forgotten: Forgotten | undefined;
  /** Why what left was not durable, in words. */
  readonly ahead?: string | undefined;
  /** What a death took from the log of the node at which it showed. */
  readonly lostFrames?: LostFrames | undefined;
}

/** What is known of a run that is over, simulated or of real nodes. */
export interface RunEvents {
  readonly events: readonly RunEvent[];
  readonly properties: readonly PropertyResult[];
  /** Why the run is not as expected, in words. Not known of real nodes. */
  readonly complaints?: readonly string[];
}

/** Properties that name a second word of a node come first: they say what went wrong first. */
const aboutWords: readonly string[] = ['no-equivocation', 'lock-discipline'];

/** Undefined if nothing was violated at an event. */
export function answerOf({ events, properties }: RunEvents): (Answer & { readonly violation: PropertyResult }) | undefined {
  const violations = properties.filter(({ verdict, event = -1 }) => verdict === 'violated' && event >= 0);
  const ordered = [...violations].sort((a, b) => rank(a) - rank(b));
  const [first] = ordered;
  if (first?.event === undefined) return undefined;
  // The words that are contradicted may be further back than the event at which it showed, and another node's.
  for (const violation of ordered)
    for (const { index } of causesOf(events, violation.event ?? -1)) {
      const forgotten = forgottenAt(events, index);
      if (forgotten !== undefined) return { violation, chain: causesOf(events, index), forgotten };
    }
  const ahead = first.name === 'write-ahead' ? aheadAt(events, first.event) : undefined;
  const chain = causesOf(events, first.event);
  return { violation: first, chain, forgotten: undefined, ahead, lostFrames: lostFramesBefore(events, first.event) };
}

function rank({ name }: PropertyResult): number {
  const place = aboutWords.indexOf(name);
  return place === -1 ? aboutWords.length : place;
}

export function causesOf(events: readonly RunEvent[], from: number): readonly RunEvent[] {
  const chain: RunEvent[] = [];
  for (let event = events[from]; event !== undefined; event = event.cause < 0 ? undefined : events[event.cause])
    chain.push(event);
  return chain;
}

export function whyLines({ chain, forgotten, ahead, lostFrames }: Answer, isAll: boolean): readonly string[] {
  if (forgotten === undefined && lostFrames !== undefined) {
    const { death, restart, first, lost } = lostFrames;
    const steps = [...chain, ...[restart, death].filter((event) => !chain.includes(event))].sort((a, b) => b.index - a.index);
    return [...chainLines(steps, isAll), 'and before that it had written', ...chainLines([first], true), `lost: ${lost}`];
  }
  if (forgotten === undefined) return [...chainLines(chain, isAll), ...(ahead === undefined ? [] : [`lost: ${ahead}`])];
  const { second, first, death, restart, recovered, written, lost } = forgotten;
  // What another node said is its own matter.
  const within = chain.filter(({ node, life }) => node === second.node && life === second.life);
  const back = [recovered, restart, death].filter((event) => event !== undefined && !within.includes(event)) as RunEvent[];
  const steps = [...within, ...back].sort((a, b) => b.index - a.index);
  const frame = written === undefined || written.index > first.index ? [] : [written];
  return [
    ...chainLines(steps, isAll),
    'and before that it had said',
    ...chainLines([first, ...frame], true),
    ...(written === undefined || written.index <= first.index ? [] : [`   ${lineText(written)}`]),
    `lost: ${lost}`,
  ];
}

function chainLines(chain: readonly RunEvent[], isAll: boolean): readonly string[] {
  const told = isAll ? chain : chain.filter((event, depth) => depth === 0 || isTold(event));
  const lines = told.map((event, depth) => `${depth === 0 ? '  ' : '<-'} ${lineText(event)}`);
  const left = chain.length - told.length;
  return left === 0 ? lines : [...lines, `   ${counted(left, 'step')} of actors and boots left out (--all shows them)`];
}

const ofBoots = /^(boot|segment|store)\./;

/** What people look for: what is heard, said, written or timed, and what becomes of the node. */
function isTold(event: RunEvent): boolean {
  if (event.type === 'deliver') return event.message.type === 'timer' || wordsOf(event) !== undefined;
  if (event.type === 'effect' && event.effect.type === 'disk') return !ofBoots.test(event.effect.site);
  return wordsOf(event) !== undefined;
}

function lineText(event: RunEvent): string {
  return lineOf(event, describe(event));
}
