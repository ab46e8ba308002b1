/**
 * A schedule: the order in which what is under way is delivered. First in, first out, but for the departures that it names.
 *
 * Exploration searches over schedules, sampling draws them, and a failure file keeps one. Leaves out: who chooses.
 */
import type { CrashImage, DeathKind } from '../actors/record.ts';
import type { Entry, World } from '../actors/scheduler/index.ts';

/** Where a schedule ends: every node that is up has decided `heights`, or one needs a round later than `rounds`. */
export interface ScheduleBounds {
  readonly victim: string;
  readonly heights: number;
  readonly rounds: number;
}

/** The departures: the how many-th decision (from 0), to the place of what was delivered among the choices. */
export type Picks = Readonly<Record<number, number>>;

export interface Schedule extends ScheduleBounds {
  readonly picks: Picks;
}

/** Ways to die at a crash point; torn writes are left to the enumeration of crash points. */
export const waysToDie: readonly {
  readonly kind: DeathKind;
  readonly image: CrashImage | undefined;
  /** As it stands behind the name of a point. */
  readonly name: string;
  readonly words: string;
}[] = [
  { kind: 'kill', image: undefined, name: 'kill', words: 'kill' },
  { kind: 'power', image: 'none', name: 'none', words: 'power, nothing unsynced left' },
  { kind: 'power', image: 'all', name: 'all', words: 'power, everything left' },
];

/** Deliveries between nodes after which a schedule is cut: a protocol without rounds may go on for ever where it has lost its liveness. */
export const longestSchedule = 1000;

/** Milliseconds a node stays down in a schedule. */
export const scheduleRestartMs = 1;

/** Runs a world by a schedule. `until` may end it earlier. */
export function followSchedule(world: World, schedule: Schedule, until: (world: World) => boolean): 'reached' | 'idle' {
  for (let decision = 0; ; decision += 1) {
    settle(world, (entry) => world.stepEntry(entry));
    if (until(world) || scheduleEnd(world, schedule) !== undefined) return 'reached';
    const choices = choicesOf(world);
    const next = choices[schedule.picks[decision] ?? 0] ?? choices[0];
    if (next === undefined) return 'idle';
    world.stepEntry(next);
  }
}

/** All steps within nodes, in their own order: nodes share nothing but the wire. */
export function settle(world: World, deliver: (entry: Entry) => void): void {
  for (let local = nextLocal(world); local !== undefined; local = nextLocal(world)) deliver(local);
}

/** The oldest message of each pair of nodes; then, where none is under way, what elapses first; restarts may always come. */
export function choicesOf(world: World): readonly Entry[] {
  const pairs = new Set<string>();
  const messages: Entry[] = [];
  const elapsing: Entry[] = [];
  for (const entry of [...world.underWay].sort(byTimeAndPlace)) {
    if (entry.delivery.type !== 'message') {
      elapsing.push(entry);
      continue;
    }
    const pair = pairOf(entry);
    if (pairs.has(pair)) continue;
    pairs.add(pair);
    messages.push(entry);
  }
  if (messages.length === 0) return elapsing.slice(0, 1);
  return [...messages, ...elapsing.filter(({ delivery }) => delivery.type === 'control').slice(0, 1)];
}

/** Whose choice it is: sender and receiver of a message, or what elapses where. */
export function pairOf(entry: Entry): string {
  return `${fromOf(entry)}>${entry.node}`;
}

export function scheduleEnd(world: World, { heights, rounds, victim }: ScheduleBounds): 'decided' | 'cut' | undefined {
  const up = world.nodes.filter((name) => world.isUp(name));
  if (up.some((name) => world.position(name).height <= heights && world.position(name).round > rounds)) return 'cut';
  const isBack = world.isUp(victim) || world.stoppedBecause(victim) !== undefined;
  return isBack && up.every((name) => world.position(name).height > heights) ? 'decided' : undefined;
}

export function wordsOf({ delivery, node }: Entry, world: World): string {
  const to = world.nodes[node] ?? '';
  if (delivery.type === 'message') {
    const { type, voteType } = delivery.message as { readonly type: string; readonly voteType?: string };
    return `${voteType ?? type} ${delivery.from} -> ${to} first`;
  }
  return delivery.type === 'timer' ? `timer ${delivery.timer} of ${to} first` : `${to} comes back first`;
}

/**
 * First in, first out, and of what comes at one instant by where it goes and whence: never by the order of arrival of two pairs, which
 * two equal states need not share.
 */
function byTimeAndPlace(a: Entry, b: Entry): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.node !== b.node) return a.node - b.node;
  const [from, other] = [fromOf(a), fromOf(b)];
  return from === other ? a.order - b.order : from < other ? -1 : 1;
}

function fromOf({ delivery }: Entry): string {
  return delivery.type === 'message' ? delivery.from : delivery.type === 'timer' ? ` ${delivery.timer}` : ` ${delivery.type}`;
}

/** The next step within a node, if there is one. */
export function nextLocal({ underWay }: World): Entry | undefined {
  let first: Entry | undefined;
  for (const entry of underWay) if (isLocal(entry) && (first === undefined || byTimeAndPlace(entry, first) < 0)) first = entry;
  return first;
}

/** Between the actors of one node, or from its disk. */
function isLocal({ delivery, life }: Entry): boolean {
  return delivery.type === 'disk' || (delivery.type === 'message' && life !== -1);
}
