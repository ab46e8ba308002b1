/**
 * A branch of the search: one world, and all schedules that lead to it.
 *
 * Schedules share a world if their worlds differ only in the memories of monitors, or in the disk of a victim that is down. No node can see that
 * difference before the victim restarts (docs/decisions/0023). Each schedule keeps its own memories, disk and path as a `History`.
 */
import type { World } from '../../actors/scheduler/index.ts';
import type { Picks } from '../../actors/scheduler/schedule.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import type { MergeKeys } from '../merge-keys.ts';
import { type MonitorPlaces, type MonitorSet, monitorSetsOf, SharedMonitors } from '../monitor-sets.ts';

/** The path of a schedule: its departures from first in, first out, and its deaths. */
export interface Trail {
  /** The departures and deaths in words. */
  readonly path: readonly string[];
  /** The same for `replay`: the departures, and the crash points with their images. */
  readonly picks: Picks;
  readonly deaths: readonly string[];
}

export const noTrail: Trail = { path: [], picks: {}, deaths: [] };

/** One of the schedules of a branch. */
export interface History {
  /** Where the world holds the memories of its monitors. */
  readonly places: MonitorPlaces;
  /** The disk of a victim that is down; undefined if it is the disk of the world. */
  readonly disk: SimulatedDisk | undefined;
  /** Its path up to the moment at which it began to share the world. */
  readonly trail: Trail;
  /** How many decisions more than the branch it had taken at that moment. */
  readonly ahead: number;
}

export interface Branch {
  readonly world: World;
  readonly histories: readonly History[];
  /** The number of departures from first in, first out. */
  readonly deviations: number;
  /** The number of decisions (which delivery comes next). */
  readonly decisions: number;
  /** The number of deaths. */
  readonly deaths: number;
  /** The path that all histories have in common, since they share the world. */
  readonly trail: Trail;
  /** The branches, each just after its death, that were joined into this one. Empty if the world holds the disk of every history. */
  readonly sharing: readonly Branch[];
  /** The branch must not share its world while the victim is down, because something reads the disk. States of shared worlds do not apply to it. */
  readonly isAlone: boolean;
}

/** The branch at the start of a search. */
export function firstBranch(world: World): Branch {
  const history: History = { places: world.rules.map(() => 0), disk: undefined, trail: noTrail, ahead: 0 };
  return { world, histories: [history], deviations: 0, decisions: 0, deaths: 0, trail: noTrail, sharing: [], isAlone: false };
}

/** The whole path of one schedule of the branch. */
export function wholeTrail({ trail: { path, picks, deaths } }: Branch, { trail, ahead }: History): Trail {
  const shifted = Object.entries(picks).map(([decision, place]) => [Number(decision) + ahead, place] as const);
  return {
    path: [...trail.path, ...path],
    picks: { ...trail.picks, ...Object.fromEntries(shifted) },
    deaths: [...trail.deaths, ...deaths],
  };
}

/** The branch with one more departure: its present decision takes the choice at index `place`. */
export function withDeparture({ trail, deviations, decisions, ...branch }: Branch, words: string, place: number): Branch {
  const { path, picks, deaths } = trail;
  const turned: Trail = { path: [...path, words], picks: { ...picks, [decisions]: place }, deaths };
  return { ...branch, decisions, deviations: deviations + 1, trail: turned };
}

/** The same branch, with the whole path in each history and none in common. */
export function withWholeTrails(branch: Branch): Branch {
  const histories = branch.histories.map((history): History => ({ ...history, trail: wholeTrail(branch, history) }));
  return { ...branch, histories, trail: noTrail };
}

/** A copy of the branch with only the chosen histories. If they all have the same disk, the world gets that disk. */
export function withHistories(
  keys: MergeKeys,
  branch: Branch,
  chosen: readonly History[],
  sets: readonly MonitorSet[],
  victim: string,
): Branch {
  const { memories, places } = new SharedMonitors(keys, sets);
  const world = branch.world.fork(memories);
  const histories = placed(chosen, places);
  const [disk] = chosen.map((history) => history.disk);
  if (disk === undefined || chosen.some((history) => history.disk !== disk)) return { ...branch, world, histories };
  world.replaceDisk(victim, disk.fork());
  return { ...branch, world, histories, sharing: [] };
}

/** Joins two branches in the world of the first. Their worlds must be equal except for disk and monitors. */
export function joinedBranches(keys: MergeKeys, first: Branch, second: Branch): Branch {
  const [into, joining] = [withWholeTrails(first), withWholeTrails(second)];
  const { memories, places } = new SharedMonitors(keys, historySets(keys, joining), into.world);
  const ahead = joining.decisions - into.decisions;
  const more = placed(joining.histories, places).map((history): History => ({ ...history, ahead: history.ahead + ahead }));
  const sharing = [...(into.sharing.length === 0 ? [first] : into.sharing), second];
  return { ...into, world: into.world.fork(memories), histories: [...into.histories, ...more], sharing };
}

/** The monitor set of each history. */
export function historySets(keys: MergeKeys, { world, histories }: Branch): readonly MonitorSet[] {
  return monitorSetsOf(
    keys,
    world,
    histories.map(({ places }) => places),
  );
}

/** A copy of the world for one schedule, with its own disk and memories. */
export function worldOf({ world }: Branch, { places, disk }: History, victim: string): World {
  const own = world.fork(places.map((place, property) => [world.memories[property]?.[place]]));
  if (disk !== undefined) own.replaceDisk(victim, disk.fork());
  return own;
}

function placed(histories: readonly History[], places: readonly MonitorPlaces[]): readonly History[] {
  return histories.map((history, index): History => ({ ...history, places: places[index] as MonitorPlaces }));
}
