/** In whole runs every monitor of Tendermint, of Raft and of the course checks itself at each event (self-checking.ts): honest nodes and broken ones, deaths, liars. */
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import type { Monitor, Property } from '../../core/events.ts';
import { buildWorld } from '../../scenarios/build-world.ts';
import { ScriptDirector } from '../../scenarios/director.ts';
import { scenario } from '../../scenarios/index.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { alterationOf, propertiesOf } from '../../scenarios/runner.ts';
import { selfChecking } from './self-checking.ts';

interface Checked {
  /** Properties by name. */
  readonly violated: readonly string[];
  /** Those whose memory changed. */
  readonly remembering: readonly string[];
}

/** A run of the given virtual time (ms). `exhibit`: a broken node in place of the honest one. */
function checked(data: ScenarioData, properties: readonly Property[], timeMs: number, exhibit?: string): Checked {
  const alteration = alterationOf(exhibit, data.protocol);
  const world = buildWorld(data, {
    seed: data.seed,
    keeps: 'nothing',
    properties: properties.map(selfChecking),
    director: new ScriptDirector(data),
    ...(alteration === undefined ? {} : { alteration }),
  });
  world.run({ time: timeMs * 1000 });
  const verdicts = world.verdicts();
  const names = (isOne: (place: number) => boolean) => properties.filter((_, place) => isOne(place)).map(({ name }) => name);
  return {
    violated: names((place) => verdicts[place]?.verdict === 'violated'),
    remembering: names((place) => world.memories[place]?.[0] !== world.rules[place]?.start),
  };
}

const library = join(import.meta.dirname, '../../scenarios/library');

const runs: readonly (readonly [file: string, timeMs: number, exhibit?: string])[] = [
  ['01-the-lesson-of-the-log.ts', 3_000],
  ['01-the-lesson-of-the-log.ts', 3_000, 'no-wal'],
  ['01-the-lesson-of-the-log.ts', 3_000, 'broadcast-before-flush'],
  ['06-a-torn-last-frame.ts', 2_000, 'store-unsynced'],
  ['08-damage-in-the-middle.ts', 1_500, 'corruption-cut-as-torn'],
  ['14-a-partition-that-heals.ts', 2_000],
  ['20-a-set-changes-at-the-crash.ts', 1_500],
  ['21-two-of-seven-lie.ts', 1_000],
  ['30-what-the-block-store-lost.ts', 1_000, 'store-left-behind'],
  ['33-clocks-that-cannot-be-trusted.ts', 1_000, 'timeouts-unlogged'],
  ['34-bad-weather.ts', 1_000, 'signatures-unchecked'],
  ['36-old-news.ts', 3_000, 'duplicates-logged'],
  ['25-raft-loses-power.ts', 1_000],
  ['26-raft-counts-only-its-own-term.ts', 1_000, 'values-unlogged'],
  ['26-raft-counts-only-its-own-term.ts', 3_000, 'raft-vote-not-persisted'],
  ['26-raft-counts-only-its-own-term.ts', 2_000, 'raft-commits-old-term'],
  ['52-raft-sends-a-snapshot.ts', 1_500],
  ['52-raft-sends-a-snapshot.ts', 1_500, 'raft-snapshot-forgets-term'],
  ['53-raft-asks-before-an-election.ts', 1_500],
  ['53-raft-asks-before-an-election.ts', 1_500, 'raft-pre-vote-raises-term'],
  ['54-extensions-that-must-survive.ts', 1_500],
  ['55-a-finalization-period.ts', 1_500],
  ['56-raft-changes-its-members.ts', 1_500],
  ['57-a-clock-that-was-set-back.ts', 1_000],
  ['57-a-clock-that-was-set-back.ts', 1_000, 'block-time-unchecked'],
  ['56-raft-changes-its-members.ts', 1_500, 'raft-snapshot-forgets-members'],
  ['../../docs/course/scenarios/a-roll-call.js', 1_000],
  ['../../docs/course/scenarios/a-roll-call.js', 1_000, 'broadcast-before-flush'],
];

describe('the monitors of a run are pure', () => {
  const remembering = new Set<string>();

  for (const [file, timeMs, exhibit] of runs)
    it(`in ${file}, ${exhibit ?? 'honest'}`, async () => {
      const { data } = await loadScenario(join(library, file));
      const run = checked(data, propertiesOf(data), timeMs, exhibit);
      if (exhibit === undefined) expect(run.violated).to.deep.equal([]);
      else expect(run.violated).to.not.deep.equal([]);
      for (const name of run.remembering) remembering.add(name);
    });

  it('and each has remembered something', () => {
    const extended = { voteExtensions: { from: 1 }, finalizationMs: 1, blockTime: { clocks: {} } };
    const all = [extended, { protocol: 'raft', raft: { changes: [] } }, { protocol: 'rollcall' }].flatMap((data) =>
      propertiesOf(data).map(({ name }) => name),
    );
    expect(new Set(all)).to.deep.equal(remembering);
  });
});

describe('a monitor that is not pure is found', () => {
  const { data } = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
  const held = () => ({ verdict: 'held', violations: [] }) as const;
  const refused = (monitor: () => Monitor, message: string | RegExp) =>
    expect(() => checked(data, [{ name: 'mine', says: 'nothing', monitor }], 100)).to.throw(message);

  it('when it changes what it remembers', () => {
    const look = (memory: { count: number }) => {
      memory.count += 1;
      return memory;
    };
    refused(() => ({ start: { count: 0 }, look, finish: held }), 'read only');
    const note = (memory: { all: Map<number, string> }, { index, node }: { index: number; node: string }) => ({
      all: memory.all.set(index, node),
    });
    refused(() => ({ start: { all: new Map() }, look: note, finish: held }), 'mine.all is read only');
  });

  it('when it changes what it is shown', () => {
    const look = (memory: null, event: object) => {
      Object.assign(event, { isSeen: true });
      return memory;
    };
    refused(() => ({ start: null, look, finish: held }), 'not extensible');
  });

  it('when it remembers beside its memory', () => {
    const counting = (): Monitor<number> => {
      let count = 0;
      return {
        start: 0,
        look: () => {
          count += 1;
          return count;
        },
        finish: held,
      };
    };
    refused(counting, 'mine, shown event 1 again');
  });

  it('when what it calls relevant leaves out what changes its verdict', () => {
    const forgetful: Monitor<number> = {
      start: 0,
      look: (count) => count + 1,
      finish: (count) => ({ ...held(), verdict: count > 3 ? 'held' : 'undecided' }),
      relevant: () => 0,
    };
    refused(() => forgetful, /mine says 'held' after event \d+, and 'undecided' before it, with one fingerprint/);
  });
});
