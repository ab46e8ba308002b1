/**
 * Every pair of crash points at which two victims can die. The run is executed once and forked at each crash point of each victim. In the fork that victim
 * is down, and the run is forked again at each crash point of the other victim. First deaths that leave the same world, apart from the disk of the victim
 * and the monitors, share the second run.
 */
import { type PointHook, pointText, type World } from '../../../actors/scheduler/index.ts';
import { distinct, type MergeKey, type MergeKeys, MergeMap } from '../../merge-keys.ts';
import { type MonitorPlaces, type MonitorSet, monitorSetOf, monitorSetsOf, SharedMonitors } from '../../monitor-sets.ts';
import { type Bounds, deathVariantsAt } from '../death-variants.ts';
import type { CrashpointsPlan } from '../plan.ts';
import { isWanted } from '../walk.ts';
import { type Dead, isLeftAlone, type PairsInWorld } from './pair.ts';

/** A first death, and the world just after it. */
interface FirstDeath {
  readonly order: number;
  readonly dead: Dead;
  readonly monitorSet: MonitorSet;
  readonly world: World;
}

export class SecondDeaths {
  readonly #plan: CrashpointsPlan;
  readonly #keys: MergeKeys;
  readonly #bounds: Bounds;
  /** First deaths that share a second run. */
  readonly #firsts = new MergeMap<FirstDeath[]>();
  readonly #pairs = new MergeMap<PairsInWorld>();
  /** The second crash points, by the index of the first. */
  readonly points: Map<number, Set<string>> = new Map();

  constructor(plan: CrashpointsPlan, keys: MergeKeys, bounds: Bounds) {
    this.#plan = plan;
    this.#keys = keys;
    this.#bounds = bounds;
  }

  /** Adds all deaths at one point of the run as first deaths. False if nobody can die there. */
  add(order: number, ...[point, phase, effect, at]: Parameters<PointHook>): boolean {
    const forks = this.#deathsAt(point, phase, effect, at);
    for (const { dead, world } of forks) {
      const death = { order, dead, world, monitorSet: monitorSetOf(this.#keys, world) };
      const key = this.#keyOf(world, [dead.victim], { first: dead.victim, height: dead.height });
      const others = this.#firsts.get(key);
      if (others === undefined) this.#firsts.set(key, [death]);
      else others.push(death);
    }
    return forks.length > 0;
  }

  /** Runs on from each first death. Returns the worlds in which both victims have died. */
  inWorlds(): readonly PairsInWorld[] {
    for (const deaths of this.#firsts.values()) {
      if (this.#runOn(deaths, true)) continue;
      // Something has used the disk of the first victim, so each first death has a run of its own.
      for (const death of deaths) this.#runOn([death], false);
    }
    return this.#pairs.values();
  }

  /** Deaths of the point's node, each with the world just after it. */
  #deathsAt(...[point, phase, effect, at]: Parameters<PointHook>): readonly { readonly dead: Dead; readonly world: World }[] {
    const { node: victim } = point;
    const height = this.#plan.progress(at, victim);
    return deathVariantsAt(this.#plan, at, point, phase, effect, this.#bounds).map(({ prepare, deaths }) => {
      const world = at.fork();
      prepare?.(world);
      world.die(victim, 'kill');
      const disk = world.disk(victim).fork();
      return { dead: { victim, height, point: pointText(point, phase), deaths, disk }, world: world.fork() };
    });
  }

  /** Finds all second deaths after these first deaths. False if they cannot share a run; then no pair was added. */
  #runOn(firsts: readonly FirstDeath[], isShared: boolean): boolean {
    const { victims, heights, progress, restartMs } = this.#plan;
    const [{ dead, world: before }] = firsts as readonly [FirstDeath];
    const first = dead.victim;
    const second = victims.find((name) => name !== first) as string;
    const sets = distinct(firsts.map(({ monitorSet }) => monitorSet));
    const { memories, places } = new SharedMonitors(this.#keys, sets);
    const world = before.fork(memories);
    const found: { readonly key: MergeKey; readonly inWorld: PairsInWorld }[] = [];
    let isAlone = true;
    world.onPoint = (point, phase, effect, at) => {
      isAlone &&= isLeftAlone(first, at, before);
      if (point.node !== second || at.isUp(first) || (isShared && !isAlone) || !isWanted(this.#plan, point, at)) return;
      for (const fork of this.#deathsAt(point, phase, effect, at)) {
        const setAfter = this.#setsAfter(fork.world, sets, places);
        const pairs = firsts.map(({ order, dead: own, monitorSet }) => ({
          order,
          first: isShared ? own : { ...own, disk: fork.world.disk(first) },
          second: fork.dead,
          monitorSet: setAfter(monitorSet),
        }));
        const key = isAlone ? this.#keyOf(fork.world, victims, {}) : this.#keys.unique();
        found.push({ key, inWorld: { world: fork.world, pairs, isLeftAlone: isAlone } });
      }
    };
    const until = (now: World): boolean => progress(now, second) > heights[1] || now.isUp(first) || (isShared && !isAlone);
    world.run({ until, time: before.now + restartMs * 1000 - 1 });
    isAlone &&= isLeftAlone(first, world, before);
    if (isShared && !isAlone) return false;
    for (const { key, inWorld } of found) this.#put(key, inWorld);
    return true;
  }

  #setsAfter(world: World, sets: readonly MonitorSet[], places: readonly MonitorPlaces[]): (set: MonitorSet) => MonitorSet {
    const after = monitorSetsOf(this.#keys, world, places);
    return ({ key }) => after[sets.findIndex((set) => set.key.text === key.text)] as MonitorSet;
  }

  #put(key: MergeKey, inWorld: PairsInWorld): void {
    for (const { order, second } of inWorld.pairs) {
      const points = this.points.get(order) ?? new Set();
      this.points.set(order, points.add(second.point));
    }
    const known = this.#pairs.get(key);
    if (known === undefined) this.#pairs.set(key, inWorld);
    else known.pairs.push(...inWorld.pairs);
  }

  /** Key: worlds with equal keys have the same future until a victim comes back. Monitors remember times, so the time is part of the key. */
  #keyOf(world: World, down: readonly string[], parts: Readonly<Record<string, unknown>>): MergeKey {
    if (!this.#plan.merge) return this.#keys.unique();
    return this.#keys.of({ ...parts, now: world.now, present: world.present({ nodes: down, files: 'all', monitors: 'all' }) });
  }
}
