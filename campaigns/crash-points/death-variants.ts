/** Lists the ways to die at one crash point: the peers that still receive a message, and the disks that may be left. */

import { heardText } from '../../actors/scheduler/crash-point.ts';
import type { World } from '../../actors/scheduler/index.ts';
import type { Effect } from '../../core/effects.ts';
import type { CrashImage, Phase, PointName } from '../../core/events.ts';
import { crashImages, formatImage } from '../../wal/storage/index.ts';
import type { MergeKey } from '../merge-keys.ts';
import type { MonitorSet } from '../monitor-sets.ts';
import type { CrashpointsPlan, Death } from './plan.ts';

/** Deaths that differ only in the victim's disk. All other nodes are in the same state after them. */
export interface DeathVariant {
  /** What else happens at the instant of death, such as a message that some peers receive. */
  readonly prepare?: (fork: World) => void;
  readonly deaths: readonly { readonly death: Death; readonly image: CrashImage | undefined }[];
}

/** A dead victim, with all the deaths that lead to the same world. */
export interface DeadVictim {
  readonly victim: string;
  /** The height of the victim when it died. */
  readonly height: number;
  readonly deaths: DeathVariant['deaths'];
  readonly monitorSet: MonitorSet;
  /** Key: deaths with equal keys have the same run while the victim is down, because nobody can read its disk then. */
  readonly downtimeKey: MergeKey;
  /** Key: deaths with equal keys have the same outcome. */
  readonly key: MergeKey;
}

/** How the number of disk images was limited: the rules in words, and whether all images were tried. */
export interface Bounds {
  readonly rules: Set<string>;
  isComplete: boolean;
}

/** All ways to die at one point; none if nothing can be torn there. */
export function deathVariantsAt(
  plan: CrashpointsPlan,
  world: World,
  point: PointName,
  phase: Phase,
  effect: Effect,
  bounds: Bounds,
): readonly DeathVariant[] {
  if (phase !== 'torn') {
    const deaths: DeathVariant['deaths'][number][] = [];
    if (plan.deaths.includes('kill')) deaths.push({ death: { kind: 'kill', image: 'kill' }, image: undefined });
    if (plan.deaths.includes('power')) {
      deaths.push({ death: { kind: 'power', image: 'none' }, image: 'none' });
      if (world.disk(point.node).pending().length > 0) deaths.push({ death: { kind: 'power', image: 'all' }, image: 'all' });
    }
    return [{ deaths }];
  }
  if (effect.type === 'transmit') return hearings(effect.to).map((heard) => tornPublish(plan, world, point, effect, heard));
  if (effect.type === 'disk' && plan.deaths.includes('power')) return tornDisk(plan, world, point, bounds);
  return [];
}

/** Losses of power that leave a part of the pending writes: every byte cut, and every subset of sectors within the bound. */
function tornDisk(plan: CrashpointsPlan, world: World, point: PointName, bounds: Bounds): readonly DeathVariant[] {
  const { images, rule, complete } = crashImages(world.disk(point.node), { pending: plan.pending });
  bounds.rules.add(rule);
  if (!complete) bounds.isComplete = false;
  const torn = images.filter((image) => image !== 'none' && image !== 'all');
  if (torn.length === 0) return [];
  return [{ deaths: torn.map((image) => ({ death: { kind: 'power', image: formatImage(image) }, image })) }];
}

/** Deaths while a message is sent: the peers in `heard` receive it, and the others do not. */
function tornPublish(
  plan: CrashpointsPlan,
  { nodes }: World,
  point: PointName,
  effect: Effect & { readonly type: 'transmit' },
  heard: readonly string[],
): DeathVariant {
  const image = `heard=${heardText(heard, nodes)}`;
  const deaths: DeathVariant['deaths'][number][] = [];
  if (plan.deaths.includes('kill')) deaths.push({ death: { kind: 'kill', image }, image: undefined });
  if (plan.deaths.includes('power')) deaths.push({ death: { kind: 'power', image: `${image}+power` }, image: 'none' });
  return { prepare: (fork) => fork.transmitTorn(point.node, effect, heard), deaths };
}

/** The sets of peers that may have received a message: all proper subsets of up to four peers; for more peers, single ones and prefixes. */
export function hearings(peers: readonly string[]): readonly (readonly string[])[] {
  if (peers.length > 4) {
    const prefixes = peers.slice(1, -1).map((_, index) => peers.slice(0, index + 2));
    return [...peers.map((peer) => [peer]), ...prefixes];
  }
  const subsets: string[][] = [];
  for (let mask = 1; mask < 2 ** peers.length - 1; mask += 1) subsets.push(peers.filter((_, bit) => (mask & (1 << bit)) !== 0));
  return subsets;
}
