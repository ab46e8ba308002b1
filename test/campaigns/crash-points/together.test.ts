/** Two victims that are down together: merged and unmerged campaigns agree, failures can be repeated, and one broken node needs two deaths to show. */
import { expect } from 'chai';
import type { World } from '../../../actors/scheduler/index.ts';
import { crashpointsJson } from '../../../apps/cli/print-crashpoints.ts';

import { type CrashpointsOptions, crashpointsPlan } from '../../../campaigns/crash-points/from-scenario.ts';
import type { Judged } from '../../../campaigns/crash-points/merge-outcomes.ts';
import { ReturnJudge } from '../../../campaigns/crash-points/together/judge-returns.ts';
import type { Dead, Pair } from '../../../campaigns/crash-points/together/pair.ts';
import { SecondDeaths } from '../../../campaigns/crash-points/together/second-deaths.ts';
import { sharedReturns } from '../../../campaigns/crash-points/together/shared-returns.ts';
import { walk } from '../../../campaigns/crash-points/walk.ts';
import { crashpoints, enumerateCrashpoints, MergeKeys, type MergeOptions, replay } from '../../../campaigns/index.ts';
import type { Monitor } from '../../../core/events.ts';
import { keyOf } from '../../../core/state-key.ts';
import { buildWorld } from '../../../scenarios/build-world.ts';
import { type Scenario, scenario } from '../../../scenarios/index.ts';

interface Found {
  readonly outcomes: readonly string[];
  readonly states: readonly string[];
  readonly boots: number;
}

/** Judges every `thin`-th image of each death, and returns each pair's outcome and the worlds after recovery. */
function judgeAll(
  { data }: Scenario,
  options: CrashpointsOptions,
  { thin, merges = {}, monitor }: { readonly thin: number; readonly merges?: MergeOptions; readonly monitor?: Monitor<boolean> },
): Found {
  const plain = crashpointsPlan(data, { ...options, together: true });
  const property = { name: 'curious', says: 'it is never so', monitor: () => monitor as Monitor<boolean> };
  const start = () => buildWorld(data, { seed: data.seed, keeps: 'nothing', properties: [property] });
  const given = monitor === undefined ? plain : { ...plain, start, properties: ['curious'] };
  const ended = new WeakSet<World>();
  const states = new Set<string>();
  let boots = 0;
  const hasEnded: typeof given.hasEnded = (world, victim, height) => {
    if (!ended.has(world)) {
      ended.add(world);
      boots += 1;
      states.add(keyOf(world.present({ monitors: 'all' })));
    }
    return given.hasEnded(world, victim, height - 1);
  };
  const plan = { ...given, hasEnded };
  const keys = new MergeKeys(merges);
  const deaths = new SecondDeaths(plan, keys, { rules: new Set(), isComplete: true });
  let order = 0;
  walk(plan, plan.start(), (...at) => {
    order += 1;
    deaths.add(order, ...at);
  });
  const thinned = (dead: Dead): Dead => ({ ...dead, deaths: dead.deaths.filter((_, index) => index % thin === 0) });
  const worlds = deaths.inWorlds().map((inWorld) => ({
    ...inWorld,
    pairs: inWorld.pairs.map((pair) => ({ ...pair, first: thinned(pair.first), second: thinned(pair.second) })),
  }));
  const judge = new ReturnJudge(plan, keys);
  const outcomes: string[] = [];
  const note = ({ order: first, second }: Pair, { images, verdict, failures }: Judged): void => {
    const properties = failures.map(({ property }) => property).sort();
    outcomes.push(`${first} ${second.point} ${second.deaths[0]?.death.image} ${images} ${verdict} ${properties}`);
  };
  for (const inWorld of sharedReturns(plan, keys, worlds)) judge.judge(inWorld, note);
  return { outcomes: outcomes.sort(), states: [...states].sort(), boots };
}

const four = (): Scenario => scenario('four', { A: 1, B: 1, C: 1, D: 1 });

describe('two victims together', () => {
  const cases: readonly (readonly [what: string, Scenario, CrashpointsOptions, thin: number, isRed?: boolean])[] = [
    ['torn logs', four(), { sites: ['store.flush'], death: 'power', pending: 1 }, 29],
    ['votes that are forgotten', four(), { sites: ['publish'], exhibit: 'no-fsync', death: 'power' }, 2, true],
    ['messages that some have heard', four(), { sites: ['publish'], death: 'kill' }, 1],
    ['a node that reads a torn tail as frames', four(), { sites: ['wal.flush'], death: 'power', exhibit: 'crc-unchecked' }, 97],
    ['a node that goes on in the torn file', four(), { sites: ['wal.flush'], death: 'power', exhibit: 'life-reused' }, 97],
    [
      'a disk that is damaged while its node is down',
      four().fault({ timeMs: 300 }, { type: 'lost-tail', node: 'B', bytes: 40 }),
      { sites: ['wal.flush'], death: 'power' },
      211,
    ],
  ];
  for (const [what, builder, options, thin, isRed = false] of cases)
    it(`have the same outcomes and the same states merged and unmerged: ${what}`, () => {
      const where = { nodes: ['B', 'C'], heights: '1', ...options };
      const [merged, single] = [true, false].map((merge) => judgeAll(builder, { ...where, merge }, { thin }));
      expect(merged?.outcomes).to.deep.equal(single?.outcomes);
      expect(merged?.states).to.deep.equal(single?.states);
      expect(merged?.boots).to.be.at.most(single?.boots ?? 0);
      if (isRed) expect(single?.outcomes.join()).to.include('violated');
    });

  for (const node of ['B', 'C'])
    it(`are split where a monitor reads the disk of ${node} in the boot`, () => {
      const monitor: Monitor<boolean> = {
        watches: ['disk list'],
        start: false,
        look: (objects, { node: at, life }, observer) =>
          objects ||
          (at === node &&
            life === 1 &&
            observer.fileNames(node, 'wal').some((name) => observer.fileLength(node, `wal/${name}`) % 7 === 5)),
        finish: (objects) =>
          objects
            ? { verdict: 'violated', violations: [{ message: 'it is so', event: 0, nodes: [node], height: 1 }] }
            : { verdict: 'held', violations: [] },
      };
      const where = { nodes: ['B', 'C'], heights: '1', sites: ['wal.flush'], death: 'power' } as const;
      const [merged, single] = [true, false].map((merge) => judgeAll(four(), { ...where, merge }, { thin: 97, monitor }));
      expect(merged?.outcomes).to.deep.equal(single?.outcomes);
      expect(single?.outcomes.join()).to.include('violated').and.include('held');
    });

  it('take one boot for all torn tails of one length of whole frames', () => {
    const where = { nodes: ['B', 'C'], heights: '1', sites: ['store.flush'], death: 'power', pending: 1 } as const;
    const few = judgeAll(four(), where, { thin: 29 });
    const all = judgeAll(four(), where, { thin: 7 });
    expect(all.boots).to.equal(few.boots);
    expect(all.states).to.deep.equal(few.states);
  });

  it('have states that are equal wherever their keys are', () => {
    const where = { nodes: ['B', 'C'], heights: '1', sites: ['publish', 'store.flush'], death: 'power' } as const;
    const { verifiedMerges } = crashpoints(four(), { ...where, sites: ['publish'], together: true, verifyMerges: true });
    expect(verifiedMerges).to.be.above(100);
  });

  it('show what one victim does not: a vote that was forgotten with its candidate', () => {
    const raft = scenario('three Raft nodes', { A: 1, B: 1, C: 1 }).protocol('raft');
    const where = { nodes: ['A', 'B'], heights: '1', death: 'power', exhibit: 'raft-vote-not-persisted' } as const;
    const alone = enumerateCrashpoints(crashpointsPlan(raft.data, where));
    expect(alone.images).to.be.above(1000);
    expect(new Set(alone.cells.map(({ verdict }) => verdict))).to.have.keys('held');
    const { failures } = crashpoints(raft, { ...where, sites: ['publish'], together: true });
    const found = failures.find(({ property }) => property === 'one-vote');
    expect(found?.point).to.match(/^[AB]@.*--[AB]@/);
    const again = replay({ scenario: raft, token: found?.token ?? '' });
    expect(again.properties.find(({ name }) => name === 'one-vote')?.verdict).to.equal('violated');
    expect(again.hash).to.equal(found?.failure.hash);
  });

  it('count each pair of crash points once, whoever dies first', () => {
    const where = { nodes: ['B', 'C'], heights: '1', sites: ['publish'], death: 'kill', together: true } as const;
    const report = crashpoints(four(), where);
    const { pairs, cells, images, isComplete } = report;
    expect(crashpointsJson(report, where, 0))
      .to.deep.include({ ok: true, points: 12, pairs: 36, images })
      .and.nested.include({ 'complete.together': true });
    expect(cells.length).to.equal(12);
    expect(pairs).to.equal(36);
    expect(cells.reduce((sum, cell) => sum + cell.images, 0)).to.equal(images);
    expect(isComplete).to.equal(true);
  });

  it('are exactly two, and have no second death during the recovery', () => {
    const tell = (options: CrashpointsOptions) => () => crashpointsPlan(four().data, { ...options, together: true });
    expect(tell({ nodes: ['B'] })).to.throw('name two');
    expect(tell({})).to.throw('the victims are A, B, C, D');
    expect(tell({ nodes: ['B', 'B'] })).to.throw('name two');
    expect(tell({ nodes: ['B', 'C'], nested: true })).to.throw('leave one out');
  });
});
