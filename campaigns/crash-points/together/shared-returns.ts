/**
 * Runs the other nodes until both victims come back, `restartMs` after the second death. Pairs of deaths that leave the same world share the run. Runs that
 * come to the same world at the same time share what follows.
 */
import { distinct, type MergeKey, type MergeKeys, MergeMap } from '../../merge-keys.ts';
import { type MonitorSet, monitorSetsOf, SharedMonitors } from '../../monitor-sets.ts';
import type { CrashpointsPlan } from '../plan.ts';
import { isLeftAlone, type Pair, type PairsInWorld } from './pair.ts';

/** The worlds in which both victims are about to come back. */
export function sharedReturns(plan: CrashpointsPlan, keys: MergeKeys, all: readonly PairsInWorld[]): readonly PairsInWorld[] {
  const returns = new MergeMap<PairsInWorld>();
  for (const dead of all) {
    const shared = downtime(plan, keys, dead);
    // A fault of the scenario has used a disk, so each pair has its own run with its own disks.
    const parts = shared === undefined ? dead.pairs.map((pair) => downtimeAlone(plan, keys, dead, pair)) : [shared];
    for (const { key, inWorld } of parts) {
      const known = returns.get(key);
      if (known === undefined) returns.set(key, inWorld);
      else known.pairs.push(...inWorld.pairs);
    }
  }
  return returns.values();
}

interface Keyed {
  readonly key: MergeKey;
  readonly inWorld: PairsInWorld;
}

/** The run of all these pairs until both victims come back. Undefined if the disks of the victims matter in it and the pairs have different ones. */
function downtime(
  plan: CrashpointsPlan,
  keys: MergeKeys,
  { world: before, pairs, isLeftAlone: wasAlone }: PairsInWorld,
): Keyed | undefined {
  const { merge, victims, restartMs } = plan;
  const sets = distinct(pairs.map(({ monitorSet }) => monitorSet));
  const { memories, places } = new SharedMonitors(keys, sets);
  const world = before.fork(memories);
  world.run({ time: before.now + restartMs * 1000 });
  const isAlone = wasAlone && victims.every((victim) => isLeftAlone(victim, world, before));
  if (!isAlone && pairs.length > 1) return undefined;
  const after = monitorSetsOf(keys, world, places);
  const setAfter = ({ key }: MonitorSet): MonitorSet => after[sets.findIndex((set) => set.key.text === key.text)] as MonitorSet;
  const returning = pairs.map((pair): Pair => ({ ...pair, monitorSet: setAfter(pair.monitorSet) }));
  const present = world.present({ nodes: victims, files: 'all', monitors: 'all' });
  const heights = victims.map((victim) => heightOf(pairs[0] as Pair, victim));
  const key = merge && isAlone ? keys.of({ heights, now: world.now, present }) : keys.unique();
  return { key, inWorld: { world, pairs: returning, isLeftAlone: isAlone } };
}

function downtimeAlone(plan: CrashpointsPlan, keys: MergeKeys, { world: shared }: PairsInWorld, pair: Pair): Keyed {
  const world = shared.fork(new SharedMonitors(keys, [pair.monitorSet]).memories);
  for (const { victim, disk } of [pair.first, pair.second]) world.replaceDisk(victim, disk.fork());
  return downtime(plan, keys, { world, pairs: [pair], isLeftAlone: false }) as Keyed;
}

/** The height of a victim of the pair when it died. */
export function heightOf({ first, second }: Pair, victim: string): number {
  return (first.victim === victim ? first : second).height;
}
