/** Merges use keys of 128 bits; `verify` compares the states of equal keys, so that a key that lacks something is found. */
import { expect } from 'chai';
import { orWrongMerge, refuseWrongMerge } from '../../apps/cli/wrong-merge.ts';
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { explorePlan } from '../../campaigns/exploration/from-scenario.ts';
import {
  enumerateCrashpoints,
  exploreDefaults,
  type MergeOptions,
  searchSchedules,
  WrongMergeError,
} from '../../campaigns/index.ts';
import type { Monitor } from '../../core/events.ts';
import { keyOf } from '../../core/state-key.ts';
import { buildWorld } from '../../scenarios/build-world.ts';
import { scenario } from '../../scenarios/index.ts';

const { data } = scenario('four', { A: 1, B: 1, C: 1, D: 1 });

/** A copy without the fields of these names, at any depth. */
function without(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, names));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, without(item, names)]));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (names.includes(key) ? [] : [[key, without(item, names)]])),
  );
}

const blindTo = (...names: readonly string[]): MergeOptions => ({ verify: true, keyOf: (state) => keyOf(without(state, names)) });

function crashpointsOf(merges: MergeOptions): { readonly images: number; readonly verifiedMerges?: number } {
  const plan = crashpointsPlan(data, { nodes: ['B'], heights: '1', sites: ['wal.flush', 'publish'], pending: 1 });
  return enumerateCrashpoints({ ...plan, merges });
}

function searched(merges: MergeOptions): { readonly states: number; readonly verifiedMerges?: number } {
  const plan = explorePlan(data, { ...exploreDefaults, victim: 'B', deviations: 0 });
  return searchSchedules({ ...plan, merges });
}

describe('merges that are verified', () => {
  it('stand for equal states, at crash points and in a search, and each is counted', () => {
    expect(crashpointsOf({ verify: true }).verifiedMerges).to.be.greaterThan(1000);
    expect(searched({ verify: true }).verifiedMerges).to.be.greaterThan(100);
    expect(crashpointsOf({})).to.not.have.property('verifiedMerges');
  });

  // Each is part of a state that most neighbouring states have in common.
  for (const names of [['layers'], ['queue'], ['monitors'], ['states']])
    it(`find a key at crash points that leaves out ${names.join(' and ')}`, () => {
      expect(() => crashpointsOf(blindTo(...names))).to.throw(
        WrongMergeError,
        /^wrong merge: two states that differ in '.+' have one key/,
      );
    });

  it('find a key at crash points that leaves out what a property is shown', () => {
    // It is shown every report of a node. One of them says how many bytes an image had lost.
    const shown: Monitor<null> = {
      watches: ['effect observe'],
      start: null,
      look: (memory) => memory,
      finish: () => ({ verdict: 'held', violations: [] }),
    };
    const reader = { name: 'reader', says: 'it reads', monitor: () => shown };
    const plan = crashpointsPlan(data, { nodes: ['B'], heights: '1', sites: ['wal.flush'], pending: 1 });
    const start = () => buildWorld(data, { seed: data.seed, keeps: 'nothing', properties: [reader] });
    const judged = (merges: MergeOptions) => () => enumerateCrashpoints({ ...plan, start, properties: ['reader'], merges });
    expect(judged({ verify: true })).to.not.throw();
    expect(judged(blindTo('event'))).to.throw(WrongMergeError);
  });

  for (const names of [['monitors'], ['states', 'monitors'], ['world']])
    it(`find a key in a search that leaves out ${names.join(' and ')}`, () => {
      expect(() => searched(blindTo(...names))).to.throw(WrongMergeError);
    });

  it('end the whole campaign, also where a worker found the wrong one', () => {
    const found = orWrongMerge(() => crashpointsOf(blindTo('queue')));
    expect(() => refuseWrongMerge(structuredClone(found))).to.throw(WrongMergeError, 'wrong merge: two states');
  });
});
