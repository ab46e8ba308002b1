/** Two deaths in one run, as plain data: the second victim dies while the first is down. */
import type { World } from '../../../actors/scheduler/index.ts';
import type { SimulatedDisk } from '../../../wal/storage/index.ts';
import type { MonitorSet } from '../../monitor-sets.ts';
import type { DeathVariant } from '../death-variants.ts';
import type { Victim } from '../judge-outcomes.ts';

/** A dead victim, and all its deaths that leave the other nodes in the same state. */
export interface Dead extends Victim {
  /** The crash point and the phase, as text. */
  readonly point: string;
  readonly deaths: DeathVariant['deaths'];
  /** Its disk with all unsynced writes. */
  readonly disk: SimulatedDisk;
}

export interface Pair {
  /** The 1-based index of the first crash point in the walk. */
  readonly order: number;
  readonly first: Dead;
  readonly second: Dead;
  readonly monitorSet: MonitorSet;
}

/** Pairs of deaths that have led to one world, apart from the two disks and the monitors. */
export interface PairsInWorld {
  readonly world: World;
  readonly pairs: Pair[];
  /** Whether only the nodes themselves have used the two disks. Otherwise there is one pair, and the disks in the world are its own. */
  readonly isLeftAlone: boolean;
}

/** Whether the node has stayed down since the world `before` was forked, and nothing has used its disk. */
export function isLeftAlone(victim: string, world: World, before: World): boolean {
  return world.life(victim) === before.life(victim) && !world.isDiskSeen(victim);
}
