/**
 * Draws random schedules, for scenarios with too many schedules to search them all.
 *
 * `random` picks each delivery evenly among those that can come next. `pct` (probabilistic concurrency testing; Burckhardt and others, ASPLOS 2010) gives
 * each pair of nodes a priority and delivers the message with the highest. At `depth - 1` drawn decisions it lowers that priority. A bug of depth d among n
 * pairs and k decisions is found by one run with probability at least 1 / (n k^(d-1)). Here k is the length of the first run, in which no node dies. In each
 * other run the victim dies at drawn crash points, if it reaches them.
 */

import { CausalOrder, pairOf, type Waits, wordsOf } from '../../actors/scheduler/causal-order.ts';
import { type Entry, pointText, type World } from '../../actors/scheduler/index.ts';
import {
  lateDisks,
  longestSchedule,
  openings,
  scheduleEnd,
  scheduleRestartMs,
  waysToDie,
} from '../../actors/scheduler/schedule.ts';
import { hexKey } from '../../checker/tendermint/outcomes.ts';
import { seeded } from '../../core/choice.ts';
import { mix, textDigest } from '../../core/digest.ts';
import { keyOf } from '../../core/state-key.ts';

import { noTrail, type Trail } from './branch.ts';
import { collectViolations, type ExplorePlan, type ExploreResult, type ExploreViolation } from './plan.ts';

export interface SamplePlan extends ExplorePlan {
  readonly strategy: 'random' | 'pct';
  /** One more than the number of decisions at which a priority is lowered. */
  readonly depth: number;
  readonly runs: number;
  readonly seed: number;
}

interface Draw {
  /** Returns the index of the chosen delivery. */
  readonly pick: (choices: readonly Entry[], decision: number) => number;
  /** The deaths of the victim: the 0-based number of the crash point, and an index into `waysToDie`. */
  readonly deaths: readonly { readonly at: number; readonly way: number }[];
}

interface Sampled {
  readonly world: World;
  readonly trail: Trail;
  readonly decisions: number;
  readonly points: number;
  readonly end: 'decided' | 'cut' | undefined;
}

const priorities = 0x4000_0000;

/** Runs `plan.runs` drawn schedules. `isExhausted` is always false. */
export function drawSchedules(plan: SamplePlan, onProgress?: (runs: number) => void): ExploreResult {
  const found = new Map<string, ExploreViolation>();
  const outcomes = new Set<string>();
  const counts = { states: 0, transitions: 0, ends: 0, cut: 0, merged: 0, deaths: 0 };
  const tryOne = (draw: Draw): Sampled => {
    const sampled = follow(plan, draw, () => {
      counts.transitions += 1;
    });
    counts.states += sampled.decisions;
    counts.deaths += sampled.trail.deaths.length;
    if (sampled.end === 'cut') counts.cut += 1;
    else {
      counts.ends += 1;
      const outcome = sampled.world.memories[plan.properties.length]?.[0];
      if (outcome !== undefined) outcomes.add(keyOf(outcome));
      collectViolations(plan, sampled.world, sampled.trail, found);
    }
    return sampled;
  };
  // The first run is first in, first out, without a death. It gives the length of a schedule and the number of crash points.
  const { decisions, points } = tryOne({ pick: () => 0, deaths: [] });
  for (let run = 0; run < plan.runs; run += 1) {
    tryOne(drawn(plan, run, decisions, points));
    if (run % 100 === 99) onProgress?.(run + 1);
  }
  return {
    ...counts,
    outcomes: { count: outcomes.size, digest: hexKey([...outcomes].sort()) },
    isExhausted: false,
    violations: [...found.values()],
  };
}

function drawn({ strategy, depth, deaths, seed }: SamplePlan, run: number, decisions: number, points: number): Draw {
  const source = seeded(mix(seed, run));
  const places = Array.from({ length: Math.max(0, depth - 1) }, (_, nth) => source.choose(decisions, 'place', nth));
  const fallen = new Map<string, number>();
  const priorityOf = (entry: Entry): number =>
    fallen.get(pairOf(entry)) ?? depth + source.choose(priorities, 'priority', textDigest(pairOf(entry)));
  const byPriority: Draw['pick'] = (choices, decision) => {
    const best = (): number =>
      choices.reduce((top, entry, at) => (priorityOf(entry) > priorityOf(choices[top] as Entry) ? at : top), 0);
    const lowered = places.indexOf(decision);
    const chosen = choices[best()];
    if (lowered !== -1 && chosen !== undefined) fallen.set(pairOf(chosen), lowered);
    return best();
  };
  return {
    pick: strategy === 'pct' ? byPriority : (choices, decision) => source.choose(choices.length, 'delivery', decision),
    deaths: Array.from({ length: deaths }, (_, nth) => ({
      at: source.choose(points, 'death', nth),
      way: source.choose(waysToDie.length, 'way', nth),
    })),
  };
}

function follow(plan: SamplePlan, { pick, deaths }: Draw, onStep: () => void): Sampled {
  let world = plan.start();
  let trail = noTrail;
  let points = 0;
  const order = new CausalOrder();
  const waits = lateDisks(world, plan);
  const deliver = (entry: Entry): void => {
    let died: World | undefined;
    onStep();
    const depth = order.depthOf(world, entry);
    world.onPoint = (point, phase, _effect, at) => {
      if (died !== undefined || point.node !== plan.victim || phase === 'torn' || point.height > plan.heights) return;
      const death = deaths.find((candidate) => candidate.at === points);
      points += 1;
      const way = waysToDie[death?.way ?? 0];
      if (death === undefined || way === undefined) return;
      const name = pointText(point, phase);
      died = at.fork();
      died.die(point.node, way.kind, way.image, name);
      died.schedule(scheduleRestartMs * 1000, { type: 'restart' }, point.node);
      order.noteDepths(died, depth);
      trail = { ...trail, path: [...trail.path, `${name}: ${way.words}`], deaths: [...trail.deaths, `${name}/${way.name}`] };
    };
    order.deliver(world, entry);
    world.onPoint = undefined;
    if (died !== undefined) world = died;
  };
  // After a death the run goes on in another world, so `world` must be read in each turn.
  const settle = (left: Waits): void => {
    for (let next = order.next(world, left); next !== undefined; next = order.next(world, left)) deliver(next);
  };
  for (const first of openings(world, plan)) settle(first);
  for (let decisions = 0; ; decisions += 1) {
    settle(waits);
    const end = scheduleEnd(world, plan);
    const choices = end === undefined && decisions < longestSchedule ? order.choices(world, waits) : [];
    if (choices.length === 0) return { world, trail, decisions, points, end };
    const chosen = pick(choices, decisions);
    const entry = choices[chosen] as Entry;
    if (chosen > 0)
      trail = { ...trail, path: [...trail.path, wordsOf(entry, world)], picks: { ...trail.picks, [decisions]: chosen } };
    deliver(entry);
  }
}
