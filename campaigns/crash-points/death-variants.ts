/** The variants of a death at one crash point: for each, what else happens in that instant, and the disks that it may leave. */

import { heardText } from '../../actors/scheduler/crash-point.ts';
import type { World } from '../../actors/scheduler/index.ts';
import type { Effect } from '../../core/effects.ts';
import type { CrashImage, Phase, PointName } from '../../core/events.ts';
import { crashImages, formatImage } from '../../wal/storage/index.ts';
import type { MergeKey } from '../merge-keys.ts';
import type { MonitorSet } from '../monitor-sets.ts';
import type { CrashpointsPlan, Death } from './plan.ts';

/** Deaths that leave one world: they differ only in what the victim's disk holds. */
export interface DeathVariant {
  /** What else happened in the instant of death. */
  readonly prepare?: (fork: World) => void;
  readonly deaths: readonly { readonly death: Death; readonly image: CrashImage | undefined }[];
}

/** A victim that has died, and the deaths that it may have died. */
export interface DeadVictim {
  readonly victim: string;
  /** The height at which it worked. */
  readonly height: number;
  readonly deaths: DeathVariant['deaths'];
  readonly monitorSet: MonitorSet;
  /** Key: deaths with equal keys have the same run while the victim is down, because nobody can read its disk then. */
  readonly downtimeKey: MergeKey;
  /** Key: deaths with equal keys have the same outcome. */
  readonly key: MergeKey;
}

/** How the images of disks were bounded. */
export interface Bounds {
  readonly rules: Set<string>;
  isComplete: boolean;
}

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

/** Part of what was pending survives: every byte cut and every subset of sectors within the bound. */
function tornDisk(plan: CrashpointsPlan, world: World, point: PointName, bounds: Bounds): readonly DeathVariant[] {
  const { images, rule, complete } = crashImages(world.disk(point.node), { pending: plan.pending });
  bounds.rules.add(rule);
  if (!complete) bounds.isComplete = false;
  const torn = images.filter((image) => image !== 'none' && image !== 'all');
  if (torn.length === 0) return [];
  return [{ deaths: torn.map((image) => ({ death: { kind: 'power', image: formatImage(image) }, image })) }];
}

/** Some of the recipients hear it: all proper subsets of up to four, beyond that prefixes and single ones. */
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

export function hearings(peers: readonly string[]): readonly (readonly string[])[] {
  if (peers.length > 4) {
    const prefixes = peers.slice(1, -1).map((_, index) => peers.slice(0, index + 2));
    return [...peers.map((peer) => [peer]), ...prefixes];
  }
  const subsets: string[][] = [];
  for (let mask = 1; mask < 2 ** peers.length - 1; mask += 1) subsets.push(peers.filter((_, bit) => (mask & (1 << bit)) !== 0));
  return subsets;
}
