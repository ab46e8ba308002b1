/**
 * A branch of a search: one world, and the schedules that lead to it.
 *
 * Schedules whose worlds differ only in what monitors remember, or in the disk of a victim that is down, share one world: nobody sees the difference before
 * the victim comes back (docs/decisions/0023). Each keeps what is its own as a history.
 */
import type { World } from '../../actors/scheduler/index.ts';
import type { Picks } from '../../actors/scheduler/schedule.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import type { MergeKeys } from '../merge-keys.ts';
import { type MonitorPlaces, type MonitorSet, monitorSetsOf, SharedMonitors } from '../monitor-sets.ts';

/** How a schedule came to where it is. */
export interface Trail {
  /** The departures and deaths, in words. */
  readonly path: readonly string[];
  /** The same for `replay`: the departures, and the crash points with their images. */
  readonly picks: Picks;
  readonly deaths: readonly string[];
}

export const noTrail: Trail = { path: [], picks: {}, deaths: [] };

export interface History {
  /** The places of what its monitors remember. */
  readonly places: MonitorPlaces;
  /** Of the victim while it is down after a death; undefined: the disk of the world. */
  readonly disk: SimulatedDisk | undefined;
  /** Up to where it began to share the world. */
  readonly trail: Trail;
  /** How many decisions it had taken more than its branch says. */
  readonly ahead: number;
}

export interface Branch {
  readonly world: World;
  readonly histories: readonly History[];
  readonly deviations: number;
  /** Decisions taken so far. */
  readonly decisions: number;
  /** Deaths so far. */
  readonly deaths: number;
  /** What all histories have in common since they share the world. */
  readonly trail: Trail;
  /** Where the world may hold another disk than that of a history: the branches at the deaths that came to share it. */
  readonly sharing: readonly Branch[];
  /** It shares its world with nobody while the victim is down: somebody looks at the disk. What is known of shared worlds is not true of it. */
  readonly isAlone: boolean;
}

/** The branch at the start of a search. */
export function firstBranch(world: World): Branch {
  const history: History = { places: world.rules.map(() => 0), disk: undefined, trail: noTrail, ahead: 0 };
  return { world, histories: [history], deviations: 0, decisions: 0, deaths: 0, trail: noTrail, sharing: [], isAlone: false };
}

/** How one of its schedules came to where the branch is. */
export function wholeTrail({ trail: { path, picks, deaths } }: Branch, { trail, ahead }: History): Trail {
  const shifted = Object.entries(picks).map(([decision, place]) => [Number(decision) + ahead, place] as const);
  return {
    path: [...trail.path, ...path],
    picks: { ...trail.picks, ...Object.fromEntries(shifted) },
    deaths: [...trail.deaths, ...deaths],
  };
}

/** The branch with one more departure: at its present decision, to the choice at `place`. */
export function withDeparture({ trail, deviations, decisions, ...branch }: Branch, words: string, place: number): Branch {
  const { path, picks, deaths } = trail;
  const turned: Trail = { path: [...path, words], picks: { ...picks, [decisions]: place }, deaths };
  return { ...branch, decisions, deviations: deviations + 1, trail: turned };
}

/** The same branch, in which each history holds the whole of its trail. */
export function withWholeTrails(branch: Branch): Branch {
  const histories = branch.histories.map((history): History => ({ ...history, trail: wholeTrail(branch, history) }));
  return { ...branch, histories, trail: noTrail };
}

/** The same branch in a copy of its world, with these of its histories alone; with their disk where they have one in common. */
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

/** Two branches in one world, that of the first. Their worlds are equal but for disk and monitors. */
export function joinedBranches(keys: MergeKeys, first: Branch, second: Branch): Branch {
  const [into, joining] = [withWholeTrails(first), withWholeTrails(second)];
  const { memories, places } = new SharedMonitors(keys, historySets(keys, joining), into.world);
  const ahead = joining.decisions - into.decisions;
  const more = placed(joining.histories, places).map((history): History => ({ ...history, ahead: history.ahead + ahead }));
  const sharing = [...(into.sharing.length === 0 ? [first] : into.sharing), second];
  return { ...into, world: into.world.fork(memories), histories: [...into.histories, ...more], sharing };
}

/** What the monitors of each history remember. */
export function historySets(keys: MergeKeys, { world, histories }: Branch): readonly MonitorSet[] {
  return monitorSetsOf(
    keys,
    world,
    histories.map(({ places }) => places),
  );
}

/** One of its schedules in a world of its own, with its own disk. */
export function worldOf({ world }: Branch, { places, disk }: History, victim: string): World {
  const own = world.fork(places.map((place, property) => [world.memories[property]?.[place]]));
  if (disk !== undefined) own.replaceDisk(victim, disk.fork());
  return own;
}

function placed(histories: readonly History[], places: readonly MonitorPlaces[]): readonly History[] {
  return histories.map((history, index): History => ({ ...history, places: places[index] as MonitorPlaces }));
}
