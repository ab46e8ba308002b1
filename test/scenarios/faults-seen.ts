/** For the tests of faults: a run that one fault has struck, and what was seen of it from outside, by plain names. */
import { expect } from 'chai';
import type { RunEvent } from '../../core/events.ts';
import { decides, event, type Fault, faultKinds, momentOf, type Run, scenario, type Trigger } from '../../scenarios/index.ts';

type OfProcess = 'crash' | 'kill' | 'pause' | 'drift' | 'timer';
type OfNetwork = 'message' | 'rule' | 'weather';
type OfDevice = 'fsync-fails' | 'fsync-lies' | 'unsafe-overwrite' | 'slow-fsync' | 'write-fails';
type Astray = 'lost-write' | 'misdirected' | 'old-snapshot';
type Tested = OfProcess | 'partition' | OfNetwork | OfDevice | Astray;

/** What each file of tests expects, by kind. All other kinds are damage at rest: a new one does not compile until it is tested. */
export interface Expectations {
  readonly process: Readonly<Record<OfProcess, readonly Expectation[]>>;
  readonly partition: Readonly<Record<'partition', readonly Expectation[]>>;
  readonly network: Readonly<Record<OfNetwork, readonly Expectation[]>>;
  readonly device: Readonly<Record<OfDevice, readonly Expectation[]>>;
  readonly astray: Readonly<Record<Astray, readonly Expectation[]>>;
  readonly rest: Readonly<Record<Exclude<Fault['type'], Tested>, readonly Expectation[]>>;
}

/** One thing that a kind must lead to, and a run that shows it. */
export interface Expectation {
  readonly it: string;
  readonly holds: () => void;
}

type Four = 'A' | 'B' | 'C' | 'D';
export const four: Readonly<Record<Four, number>> = { A: 1, B: 1, C: 1, D: 1 };
export const others: readonly Four[] = ['A', 'C', 'D'];

/** B has published its precommit of height 3: its prevote is attested by a later frame, and what it heard last is not flushed. */
export const behindPrecommit: Trigger = { ...event('publish', { type: 'precommit', height: 3 }), node: 'B' };
/** B has signed and framed its prevote of height 3, and the flush that it waits for is not issued yet. */
export const beforeFlush: Trigger = { ...event('vote.cast', { type: 'prevote', height: 3 }), node: 'B' };

export const whenHeightBegins = (height: number): Trigger => ({ ...event('height.start', { height }), node: 'B' });

export interface Circumstances {
  readonly when?: Trigger;
  readonly attest?: 'next' | 'strict';
  readonly onCorrupt?: 'halt' | 'abstain';
  /** More that happens to it. */
  readonly and?: readonly (readonly [Trigger, Fault])[];
}

/** Strikes B among four; nothing is violated, and the three others go on in any case. */
export function struck(fault: Fault, { when = behindPrecommit, and = [], ...log }: Circumstances = {}): Run {
  let story = scenario('struck', four)
    .wal(log)
    .fault(when, fault)
    .expect(decides(12, { within: '30s', nodes: others }));
  for (const [trigger, more] of and) story = story.fault(trigger, more);
  const run = story.run();
  expect(run.complaints, JSON.stringify(fault)).to.deep.equal([]);
  return run;
}

/** Power fails at B, which comes back 200 ms later. */
export const powerFails: Fault = { type: 'crash', nodes: ['B'], restartMs: 200 };

/** The node is owed and owes as before, is up, and has come along. */
export function expectSurvived(run: Run, node = 'B'): void {
  expect(run.world.observer.isFaulty(node), 'counts as faulty').to.equal(false);
  expect(run.world.isUp(node), 'is up').to.equal(true);
  expect(run.heights).to.be.at.least(10);
}

/** B comes back from an earlier height than it had decided. */
export function expectOldState(run: Run): void {
  const decided = seen(run, 'decided', { node: 'B', life: 0 }).map(({ detail }) => Number(detail['height']));
  const back = first(run, 'recovered', { node: 'B', life: 1 });
  expect(back.detail).to.deep.equal({ row: 'replay', height: 3, frames: 6 });
  expect(Math.max(...decided)).to.be.at.least(5);
}

/** Each height that two nodes decided they decided alike, and B has come along. */
export function expectAlike(run: Run): void {
  const values = new Map<number, unknown>();
  for (const { detail } of seen(run, 'decided')) {
    const height = Number(detail['height']);
    if (!values.has(height)) values.set(height, detail['value']);
    expect(detail['value'], `height ${height}`).to.equal(values.get(height));
  }
  expectSurvived(run);
}

/** Damage that nothing can notice: the node counts as honest as before, and breaks what it owes. */
export function keptCorrect(fault: Fault): Expectation {
  return {
    it: 'kept correct it is owed as before, and breaks what it owes',
    holds: () => {
      const run = scenario('kept correct', four)
        .fault(behindPrecommit, fault)
        .expect(decides(12, { within: '30s', nodes: others }))
        .run();
      expect(run.world.observer.isFaulty('B')).to.equal(false);
      expect(run.verdict).to.equal('violated');
    },
  };
}

/** The node would not start from what it found: it says so, and nothing of its folder was removed or cut. */
export function expectHalted(run: Run, reason: RegExp): void {
  const [halted] = seen(run, 'lifecycle', { node: 'B', state: 'halted' });
  expect(halted, 'halted').to.not.equal(undefined);
  expect(run.world.isUp('B')).to.equal(false);
  expect(run.world.stoppedBecause('B')).to.match(reason);
  const [boot] = seen(run, 'restart', { node: 'B', life: halted?.life });
  const touched = seen(run, 'disk', { node: 'B' }).filter(
    ({ index, detail }) => index > (boot?.index ?? 0) && detail['operation'] !== 'read' && detail['operation'] !== 'list',
  );
  expect(touched, 'what it did to its files').to.deep.equal([]);
}

/** One test for each thing that a kind must lead to. */
export function describeKinds(group: string, all: Readonly<Partial<Record<Fault['type'], readonly Expectation[]>>>): void {
  describe(group, () => {
    for (const [kind, expectations = []] of Object.entries(all))
      describe(`${kind}: ${faultKinds[kind as Fault['type']].must}`, () => {
        for (const { it: says, holds } of expectations) it(says, holds);
      });
  });
}

type Where = Readonly<Record<string, unknown>>;

export interface Seen {
  readonly index: number;
  /** Microseconds. */
  readonly time: number;
  readonly cause: number;
  readonly node: string;
  readonly life: number;
  readonly detail: Where;
}

/** What was seen of a run, computed once. */
const remembered = new WeakMap<Run, readonly (Seen & { readonly name: string })[]>();

function allSeen(run: Run): readonly (Seen & { readonly name: string })[] {
  const known = remembered.get(run);
  if (known !== undefined) return known;
  const all = [...run.world.trace.events()].flatMap((happened) => {
    const named = plainly(happened);
    if (named === undefined) return [];
    const { index, time, cause, node, life } = happened;
    return [{ index, time, cause, node, life, ...named }];
  });
  remembered.set(run, all);
  return all;
}

/** All events of this name, in order, whose `node`, `life`, `cause` and fields are exactly these. */
export function seen(run: Run, name: string, where: Where = {}): readonly Seen[] {
  const wanted = Object.entries(where);
  return allSeen(run).filter((one) => {
    const { node, life, cause, detail } = one;
    const all: Where = { ...detail, node, life, cause };
    return one.name === name && wanted.every(([key, value]) => all[key] === value);
  });
}

/** The one event of this name; the first where there are several. */
export function first(run: Run, name: string, where: Where = {}): Seen {
  const [found] = seen(run, name, where);
  if (found === undefined) throw new Error(`no ${name} ${JSON.stringify(where)} was seen`);
  return found;
}

/** Moments by their names; beside them what has none: what was sent and arrived, was lost, was done to a disk, to a clock, by a fault. */
function plainly(happened: RunEvent): { readonly name: string; readonly detail: Where } | undefined {
  switch (happened.type) {
    case 'deliver': {
      const { actor, from, message } = happened;
      return { name: 'arrived', detail: { actor, from, message, ...summary(message) } };
    }
    case 'lost':
      return { name: 'lost', detail: { to: happened.to, reason: happened.reason, ...summary(happened.data) } };
    case 'fault':
      return { name: 'fault', detail: { ...happened.detail, kind: happened.kind } };
    case 'done': {
      const { site, operation, error } = happened.answer;
      return { name: 'done', detail: { site, operation: operation.type, error: error?.code } };
    }
    case 'effect': {
      const { effect } = happened;
      if (effect.type === 'disk') {
        const { site, operation, tag } = effect;
        const file = 'file' in operation ? operation.file : operation.directory;
        const length = 'bytes' in operation ? operation.bytes.length : 0;
        return { name: 'disk', detail: { site, operation: operation.type, file, frame: tag, length } };
      }
      if (effect.type === 'transmit') return { name: effect.site, detail: { to: effect.to, ...summary(effect.data) } };
      if (effect.type === 'host.decide') return { name: 'decide', detail: { height: effect.height } };
      if (effect.type === 'timer.set') return { name: 'timer.set', detail: { timer: effect.timer, delay: effect.delay } };
      return momentOf(happened);
    }
    default:
      return momentOf(happened);
  }
}

function summary(data: object): Where {
  const { type, voteType, height, round, value } = data as Where;
  return { type: voteType ?? type, height, round, value };
}

/** The file of B's log that this event wrote to or read. */
export const fileOf = ({ detail }: Seen): string => String(detail['file']);
export const milliseconds = (from: Seen, to: Seen): number => (to.time - from.time) / 1000;
/** The moment of `behindPrecommit`. */
export const strikeOf = (run: Run): Seen => first(run, 'publish', { node: 'B', height: 3, type: 'precommit' });
/** Milliseconds after it. */
export const msAfter = (run: Run, { time }: Seen): number => (time - strikeOf(run).time) / 1000;
