/**
 * What can be done by hand. Each act becomes a fault of a scenario, which is run again from the start: so what is seen is what the scenario
 * gives, and it has the same hash wherever it runs.
 */
import type { ExhibitName } from '../../../museum/index.ts';
import type { ScenarioData } from '../../../scenarios/index.ts';
import type { MessageLife, PageRecord, Row } from '../record/page-record.ts';
import { driven, engine, isBusy, memory, node, nodeName, note, position, record, row } from './state.ts';
import { show } from './travel.ts';

type Planned = ScenarioData['faults'][number];
type Fault = Planned['fault'];

/** Milliseconds of the present row, whole, so that the fault strikes just after it. */
function now(): number {
  return Math.max(1, Math.ceil((row.value?.time ?? 0) / 1000));
}

/** The broken node of the run on screen stays the one that is driven: as the only variant, it is part of the scenario that is printed. */
function brokenVariant(): ScenarioData['variants'] {
  const { data, variant, exhibit } = record.value;
  const named = data.variants.find(({ name }) => name === variant);
  if (named !== undefined) {
    const { expect: _, mustReach: __, ...kept } = named;
    return [kept];
  }
  // A record holds the name of an exhibit that was run.
  return exhibit === null ? [] : [{ name: exhibit, break: exhibit as ExhibitName }];
}

/** Then the page is where the act shows: at the next row of one of these kinds at the selected node, or where it was. */
async function act(change: (data: ScenarioData) => ScenarioData, words: string, kinds: readonly Row['kind'][]): Promise<void> {
  const { data: before } = record.value;
  const time = now();
  const variants = brokenVariant();
  const data = change({
    ...before,
    variants,
    decides: [],
    about: [],
    mustReach: [],
    until: { timeMs: Math.max(time + 1500, 2000) },
  });
  isBusy.value = true;
  const answer = await engine.ask({ type: 'run', data, variant: variants[0]?.name ?? null, exhibit: null });
  isBusy.value = false;
  const made = answer['record'] as PageRecord;
  driven.value = data;
  const since = row.value?.time ?? 0;
  const at = made.rows.findIndex((one) => one.time >= since && one.node === node.value && kinds.includes(one.kind));
  show({ ...made, data }, at === -1 ? position.value : at);
  note.value = words;
}

function strike(trigger: Planned['trigger'], fault: Fault, words: string, kinds: readonly Row['kind'][] = []): void {
  void act((data) => ({ ...data, faults: [...data.faults, { trigger, fault }] }), words, kinds);
}

export function crashNow(type: 'crash' | 'kill'): void {
  const name = nodeName();
  const words = `${name} ${type === 'crash' ? 'loses power' : 'is killed'} at ${now()} ms, and stays down until you restart it.`;
  strike({ timeMs: now() }, { type, nodes: [name] }, words, ['death']);
}

/** The 1-based index, in this run, of its next flush, counted in the rows. */
export function crashBeforeFlush(): void {
  const name = nodeName();
  const seen = record.value.rows
    .slice(0, position.value + 1)
    .filter((one) => one.node === node.value && one.words.startsWith('wal.flush') && one.words.includes('sync')).length;
  const trigger = { node: name, site: 'wal.flush', phase: 'before', nth: seen + 1 } as const;
  strike(
    trigger,
    { type: 'crash', nodes: [name] },
    `${name} loses power at its next call of fsync, number ${seen + 1} of this run.`,
    ['death'],
  );
}

/** The last death by hand of this node gets a return. */
export function restart(): void {
  const name = nodeName();
  const time = now();
  void act(
    (data) => {
      const last = data.faults.findLastIndex(
        ({ fault }) => (fault.type === 'crash' || fault.type === 'kill') && fault.nodes.includes(name),
      );
      const death = record.value.rows.findLast(
        (one, at) => one.kind === 'death' && one.node === node.value && at <= position.value,
      );
      const down = Math.max(10, time - Math.floor((death?.time ?? 0) / 1000));
      return {
        ...data,
        faults: data.faults.map((planned, at) =>
          at === last ? { ...planned, fault: { ...planned.fault, restartMs: down } as Fault } : planned,
        ),
      };
    },
    `${name} comes back at ${time} ms.`,
    ['restart'],
  );
}

export function isolate(): void {
  const name = nodeName();
  const others = record.value.nodes.filter((other) => other !== name);
  const fault: Fault = { type: 'partition', groups: [[name], others], oneWay: false, forMs: 400 };
  strike({ timeMs: now() }, fault, `${name} is cut off from the others for 400 ms.`);
}

export function pause(): void {
  strike({ timeMs: now() }, { type: 'pause', node: nodeName(), forMs: 300 }, `${nodeName()} stands still for 300 ms.`, ['fault']);
}

/** Timers of the selected node that are armed now. */
export function armedTimers(): readonly string[] {
  const told = memory.value['timers'] ?? '-';
  return told === '-' ? [] : [...new Set(told.split(', '))];
}

export function fireTimer(timer: string): void {
  const timeMs = ((row.value?.time ?? 0) + 1) / 1000;
  strike({ timeMs }, { type: 'timer', node: nodeName(), timer }, `The timer '${timer}' of ${nodeName()} elapses now.`, ['fault']);
}

/** Messages on the wire now, and those that the present row sends, the newest first; by their place among all. */
export function underWay(): readonly number[] {
  const { messages } = record.value;
  const at = position.value;
  const found: number[] = [];
  for (let index = messages.length - 1; index >= 0 && found.length < 12; index -= 1) {
    const one = messages[index] as MessageLife;
    if (one.sent > at) continue;
    if (one.sent < at - 400) break;
    if (one.to !== one.from && one.lost === -1 && (one.sent === at || one.heard > at)) found.push(index);
  }
  return found;
}

export const fates = ['deliver', 'drop', 'delay', 'twice'] as const;
export type Fate = (typeof fates)[number];

/** One message, named by its link, its content, and its 1-based index among equal ones. */
export function decideFate(index: number, fate: Fate): void {
  const { messages, nodes, rows } = record.value;
  const message = messages[index] as MessageLife;
  const { from, to, where, label } = message;
  const isSame = (one: MessageLife): boolean =>
    one.from === from && one.to === to && Object.entries(where).every(([key, value]) => one.where[key] === value);
  const nth = messages.slice(0, index + 1).filter(isSame).length;
  const timeOf = (at: number): number => rows[at]?.time ?? 0;
  const way = message.heard === -1 ? 0 : timeOf(message.heard) - timeOf(message.sent);
  const afterMs = { deliver: (timeOf(position.value) - timeOf(message.sent)) / 1000, delay: way / 1000 + 100 };
  const becomes = fate === 'drop' ? 'lost' : fate === 'twice' ? 'twice' : { afterMs: afterMs[fate] };
  const names = { from: nodes[from] ?? '', to: nodes[to] ?? '' };
  const words = { deliver: 'arrives now', drop: 'never arrives', delay: 'comes 100 ms later', twice: 'arrives twice' }[fate];
  strike({ timeMs: 0 }, { type: 'message', ...names, where, nth, fate: becomes }, `${label} to ${names.to} ${words}.`);
}
