/**
 * Groups the disks with which a victim may start. Disks of one class lead to the same boot, for each disk of the other victim.
 *
 * Both victims start at the same time. What one does until it has read its files depends on its own disk and on what it receives. So as long as neither
 * sends a message, the disk of the other victim does not matter, and each disk needs one short run beside any one disk of the other victim. In that
 * run the monitors are replaced by a hash of what they would see. See docs/decisions/0031-two-victims.md.
 */
import type { World } from '../../../actors/scheduler/index.ts';
import type { SimulatedDisk } from '../../../wal/storage/index.ts';
import { type MergeKey, type MergeKeys, MergeMap } from '../../merge-keys.ts';
import { eventHash, forkForEventHash } from '../event-hash-monitor.ts';
import type { CrashpointsPlan } from '../plan.ts';
import type { LeftDisk } from './left-disks.ts';

/** Disks that lead to the same boot, apart from the bytes of their torn files. The first is started for all. */
export type BootClass = readonly LeftDisk[];

/** The disk of each victim, by the name of the victim. */
export type Disks = Readonly<Record<string, LeftDisk>>;

/** The disks that started victims use, by the name of the victim. */
export type Started = Readonly<Record<string, SimulatedDisk>>;

/** Starts all victims that are down, in the order of the cast. */
export function startAll(world: World, disks: Disks): Started {
  const started: Record<string, SimulatedDisk> = {};
  for (const name of world.nodes) {
    const disk = disks[name]?.disk?.fork();
    if (disk === undefined) continue;
    world.start(name, disk);
    started[name] = disk;
  }
  return started;
}

/** Whether the victim has read its files: it has written something, or has recovered. */
export function hasRead({ hasRecovered }: CrashpointsPlan, victim: string, started: Started, world: World): boolean {
  return (started[victim]?.pending().length ?? 1) > 0 || hasRecovered(world, victim);
}

/** The classes of these disks of the victim, in the order of their first disks. */
export function bootClasses(
  plan: CrashpointsPlan,
  keys: MergeKeys,
  down: World,
  victim: string,
  { disks, beside }: { readonly disks: readonly LeftDisk[]; readonly beside: Disks },
): readonly BootClass[] {
  if (!plan.merge) return disks.map((left) => [left]);
  const classes = new MergeMap<LeftDisk[]>();
  for (const left of disks) {
    const key = left.torn.size === 0 ? keys.unique() : bootKey(plan, keys, down, victim, { ...beside, [victim]: left });
    const known = classes.get(key);
    if (known === undefined) classes.set(key, [left]);
    else known.push(left);
  }
  return classes.values();
}

/** Key: boots with equal keys go the same way, as long as nobody uses the torn files. */
function bootKey(plan: CrashpointsPlan, keys: MergeKeys, down: World, victim: string, disks: Disks): MergeKey {
  const { torn } = disks[victim] as LeftDisk;
  const world = forkForEventHash(keys, down);
  const started = startAll(world, disks);
  let hasSent = false;
  world.onPoint = ({ node }, _phase, effect) => {
    hasSent ||= effect.type === 'transmit' && node in disks;
  };
  world.run({ until: (now) => hasRead(plan, victim, started, now), time: down.now + plan.limitMs * 1000 });
  if (hasSent) return keys.unique();
  const present = world.present({ nodes: [victim], files: torn, monitors: 'all' });
  return keys.of({ torn: [...torn].sort(), after: world.now - down.now, heard: eventHash(world), present });
}
