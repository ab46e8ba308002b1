/**
 * The nemesis: draws a fault plan from a seed, swarm style (first which kinds exist in this run, then how many of each), and stays within
 * the bound: safety is owed while faulty power is below a third, liveness while faulty and lost power together leave a quorum. So a red
 * verdict always means a bug.
 */
import { type ChoiceSource, seeded } from '../actors/choice.ts';
import type { CrashImage, Phase } from '../actors/record.ts';
import type { Fault, PlannedFault, Trigger } from '../scenarios/faults.ts';

export interface Cast {
  /** The most voting power that each node has at any height; full nodes have 0. */
  readonly powers: ReadonlyMap<string, number>;
  /** Byzantine roles that may be drawn. */
  readonly roles: readonly string[];
  /** `crash`: nobody may lie or forget, and a majority must be able to come back. `restarts`: everybody must. */
  readonly tolerates: 'byzantine' | 'crash' | 'restarts';
  /** Milliseconds of the safety phase (default 600). */
  readonly safetyMs?: number;
  /** Only what every node survives by itself: where the scenario itself costs nodes or lies, the bound is spent. */
  readonly isSpent?: boolean;
}

export interface DrawnPlan {
  readonly faults: readonly PlannedFault[];
  /** Nodes that lie, and how. */
  readonly byzantine: Readonly<Record<string, string>>;
  readonly attest: 'next' | 'strict';
  readonly onCorrupt: 'halt' | 'abstain';
  /** Left out: they read as zeros. */
  readonly lostSectors?: 'stale';
  readonly safetyMs: number;
}

/** Milliseconds of a safety phase, if nothing else is said. */
const usualSafetyMs = 600;
const downMs: readonly [number, number] = [20, 300];

/** Kinds that every node survives by itself. */
const anywhere = [
  'crash',
  'kill',
  'crash at',
  'kill at',
  'all',
  'pause',
  'drift',
  'slow-fsync',
  'fsync-fails',
  'write-fails',
] as const;
const network = ['partition', 'flap', 'weather'] as const;
/** Kinds that may cost the node: drawn for nodes whose power is below a third together. */
const lossy = [
  'bit-flip',
  'unreadable',
  'lost-tail',
  'missing',
  'wipe',
  'lost-write',
  'misdirected',
  'fsync-lies',
  'old-snapshot',
] as const;

type Lossy = (typeof lossy)[number];

const sites = [
  'wal.append',
  'wal.flush',
  'publish',
  'timer.set',
  'value.get',
  'decided',
  'store.append',
  'store.flush',
  'segment.create',
  'segment.open',
  'segment.prune',
  'replay.frame',
  'store.create',
] as const;

/** Of those the ones that a node always notices: it halts, and lies never. */
const noticed = ['bit-flip', 'unreadable'] as const;

export function drawPlan(cast: Cast, seed: number): DrawnPlan {
  const { powers, roles, tolerates, safetyMs = usualSafetyMs, isSpent = false } = cast;
  const dice = new Dice(seed);
  const names = [...powers.keys()];
  const losable = isSpent ? [] : below({ byzantine: 1 / 3, crash: 1 / 2, restarts: 0 }[tolerates], powers, dice);
  const damages = tolerates === 'byzantine' ? lossy : noticed;
  // Of what may cost a node only a little: the first damage often hides what the second would show.
  const costly = [dice.pick<Lossy>(damages), dice.pick<Lossy>(damages)].slice(0, dice.pick([0, 1, 1, 1, 2]));
  const kinds = [...[...anywhere, ...network].filter(() => dice.below(4) === 0), ...costly];
  const faults: PlannedFault[] = [];
  for (const kind of kinds) {
    const isLossy = lossy.some((one) => one === kind);
    for (let count = isLossy ? 1 : 1 + dice.below(3); count > 0; count -= 1) {
      const candidates = isLossy ? losable : names;
      if (candidates.length === 0) continue;
      const planned = drawFault(kind, dice.pick(candidates), names, safetyMs, dice);
      if (planned !== undefined) faults.push(planned);
    }
  }
  faults.push(...smallFaults(names, safetyMs, new Dice(seed, 'nemesis.small')));
  const device = new Dice(seed, 'nemesis.device');
  if (tolerates === 'byzantine' && losable.length > 0 && device.below(10) === 0)
    faults.push({ trigger: { timeMs: 0 }, fault: { type: 'unsafe-overwrite', node: device.pick(losable) } });
  const elsewhere = new Dice(seed, 'nemesis.file');
  const placed = faults.flatMap((planned) => placeDamage(planned, elsewhere));
  const operator = new Dice(seed, 'nemesis.operator');
  if (tolerates === 'byzantine' && losable.length > 0 && operator.below(20) === 0) {
    const timeMs = operator.between(1, safetyMs - 100);
    const file = operator.pick(['wal', 'blocks'] as const);
    placed.push({ trigger: { timeMs }, fault: { type: 'downgrade', node: operator.pick(losable), file } });
  }
  // What is not signed is a transport's to check: nothing arrives changed.
  const planned = tolerates === 'byzantine' ? placed : placed.map(uncorrupted);
  const liar = tolerates === 'byzantine' && losable.length > 0 && dice.below(4) === 0 ? dice.pick(losable) : undefined;
  // A liar's disk is nobody's concern: its power is spent.
  const kept = planned.filter(({ fault }) => !('node' in fault && fault.node === liar));
  return {
    faults: kept,
    byzantine: liar === undefined || roles.length === 0 ? {} : { [liar]: dice.pick(roles) },
    // Only a durable witness of each flush notices damage to what was flushed last, and a protocol that survives crashes only needs that.
    attest: dice.below(4) === 0 || (tolerates !== 'byzantine' && costly.length > 0) ? 'strict' : 'next',
    onCorrupt: dice.below(2) === 0 && tolerates === 'byzantine' ? 'abstain' : 'halt',
    ...(device.below(6) === 0 ? { lostSectors: 'stale' as const } : {}),
    safetyMs,
  };
}

/** Nodes, in a drawn order, as long as their power together is below this share of all. */
function below(share: number, powers: ReadonlyMap<string, number>, dice: Dice): readonly string[] {
  const total = [...powers.values()].reduce((sum, power) => sum + power, 0);
  const left = [...powers.keys()];
  const chosen: string[] = [];
  let power = 0;
  while (left.length > 0) {
    const [name] = left.splice(dice.below(left.length), 1);
    const own = powers.get(name ?? '') ?? 0;
    if (name === undefined || power + own >= total * share) continue;
    chosen.push(name);
    power += own;
  }
  return chosen;
}

class Dice {
  readonly #choices: ChoiceSource;
  readonly #label: string;
  #draws = 0;

  constructor(seed: number, label = 'nemesis') {
    this.#choices = seeded(seed);
    this.#label = label;
  }
  below(count: number): number {
    this.#draws += 1;
    return this.#choices.choose(count, this.#label, this.#draws);
  }
  between(lowest: number, highest: number): number {
    return lowest + this.below(highest - lowest + 1);
  }
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

type Kind = (typeof anywhere)[number] | (typeof network)[number] | Lossy;

function drawFault(kind: Kind, node: string, names: readonly string[], safetyMs: number, dice: Dice): PlannedFault | undefined {
  const at: Trigger = { timeMs: dice.between(1, safetyMs - 100) };
  const forMs = dice.between(20, 300);
  const restartMs = dice.between(...downMs);
  switch (kind) {
    case 'crash':
      return { trigger: at, fault: { type: 'crash', nodes: [node], image: drawImage(dice), restartMs } };
    case 'kill':
      return { trigger: at, fault: { type: 'kill', nodes: [node], restartMs } };
    case 'crash at':
      return { trigger: drawSite(node, dice), fault: { type: 'crash', nodes: [node], image: drawImage(dice), restartMs } };
    case 'kill at':
      return { trigger: drawSite(node, dice), fault: { type: 'kill', nodes: [node], restartMs } };
    case 'all':
      return { trigger: at, fault: { type: 'crash', nodes: names, image: drawImage(dice), restartMs } };
    case 'pause':
      return { trigger: at, fault: { type: 'pause', node, forMs } };
    case 'drift':
      return { trigger: at, fault: { type: 'drift', node, perMille: dice.between(-500, 1000) } };
    case 'slow-fsync':
      return { trigger: at, fault: { type: 'slow-fsync', node, byMs: dice.between(1, 40), forMs } };
    case 'fsync-fails': {
      const fileSystem = dice.pick(['ext4', 'xfs', 'btrfs'] as const);
      return {
        trigger: at,
        fault: { type: 'fsync-fails', node, fileSystem, file: dice.pick(['wal', 'blocks'] as const), restartMs },
      };
    }
    case 'write-fails': {
      const code = dice.pick(['ENOSPC', 'EIO'] as const);
      const written = dice.below(100);
      return {
        trigger: at,
        fault: { type: 'write-fails', node, code, written, file: dice.pick(['wal', 'blocks'] as const), restartMs },
      };
    }
    case 'partition':
    case 'flap': {
      const left = names.filter(() => dice.below(2) === 0);
      const groups = [left, names.filter((name) => !left.includes(name))];
      const flap = kind === 'flap' ? { flapMs: dice.between(20, 120) } : {};
      return { trigger: at, fault: { type: 'partition', groups, oneWay: dice.below(3) === 0, forMs, ...flap } };
    }
    case 'weather': {
      const link = {
        delay: [dice.between(1, 10), dice.between(10, 80)] as const,
        loss: dice.below(20) / 100,
        duplicate: dice.below(20) / 100,
        reorder: dice.below(30) / 100,
        corrupt: dice.below(3) === 0 ? dice.below(10) / 100 : 0,
      };
      return { trigger: at, fault: { type: 'weather', link, forMs } };
    }
    default:
      return { trigger: dice.below(2) === 0 ? at : drawMoment(node, dice), fault: drawDamage(kind, node, dice) };
  }
}

/** Single messages and timers: what weather does to many, done to one. */
function smallFaults(names: readonly string[], safetyMs: number, dice: Dice): readonly PlannedFault[] {
  const faults: PlannedFault[] = [];
  const at = (): Trigger => ({ timeMs: dice.between(1, safetyMs - 100) });
  if (names.length > 1 && dice.below(4) === 0)
    for (let count = 1 + dice.below(3); count > 0; count -= 1) {
      const from = dice.pick(names);
      const to = dice.pick(names.filter((name) => name !== from));
      const fate = dice.pick(['lost', 'twice', { afterMs: 0 }, { afterMs: dice.between(20, 300) }] as const);
      faults.push({ trigger: at(), fault: { type: 'message', from, to, nth: 1 + dice.below(12), fate } });
    }
  if (dice.below(4) === 0)
    for (let count = 1 + dice.below(2); count > 0; count -= 1)
      faults.push({ trigger: at(), fault: { type: 'timer', node: dice.pick(names) } });
  return faults;
}

function uncorrupted({ trigger, fault }: PlannedFault): PlannedFault {
  return { trigger, fault: fault.type === 'weather' ? { ...fault, link: { ...fault.link, corrupt: 0 } } : fault };
}

function drawDamage(kind: Lossy, node: string, dice: Dice): Fault {
  switch (kind) {
    case 'bit-flip':
    case 'unreadable':
      return { type: kind, node, frame: dice.pick(['middle', 'middle', 'last'] as const) };
    case 'lost-tail':
      return { type: 'lost-tail', node, bytes: dice.between(1, 400) };
    case 'missing':
      return { type: 'missing', node, file: dice.pick(['wal', 'blocks'] as const) };
    case 'old-snapshot':
      return { type: 'old-snapshot', node, afterMs: dice.between(10, 200) };
    default:
      return { type: kind, node };
  }
}

/** Between the end of a height and the birth of the next one, when the log still holds what the store has lost. */
const storing = ['store.flush', 'segment.open', 'segment.prune', 'segment.prune'] as const;

/** A third of the damage hits the block store in place of the log, and half of that a node which has just died over it. */
function placeDamage({ trigger, fault }: PlannedFault, dice: Dice): readonly PlannedFault[] {
  if (!mayHitStore(fault) || dice.below(3) > 0) return [{ trigger, fault }];
  const { node } = fault;
  const hit: StoreDamage = { ...fault, file: 'blocks' };
  if (isAwaited(fault) || dice.below(2) === 0) return [{ trigger, fault: hit }];
  const newest: StoreDamage = 'frame' in hit ? { ...hit, frame: 'last' } : hit;
  const over: Trigger = { node, site: dice.pick(storing), phase: 'before', nth: 1 + dice.below(30) };
  return [
    { trigger: over, fault: { type: 'crash', nodes: [node], image: drawImage(dice) } },
    { trigger: { event: 'crash', where: {}, node }, fault: newest },
  ];
}

type StoreDamage = Extract<Fault, { readonly type: 'bit-flip' | 'unreadable' | 'lost-tail' | 'lost-write' | 'misdirected' }>;

function mayHitStore(fault: Fault): fault is StoreDamage {
  return ['bit-flip', 'unreadable', 'lost-tail', 'lost-write', 'misdirected'].includes(fault.type);
}

/** It hurts the next write, and no disk at rest. */
function isAwaited({ type }: StoreDamage): boolean {
  return type === 'lost-write' || type === 'misdirected';
}

/** Just when it has said something that it must not forget. */
function drawMoment(node: string, dice: Dice): Trigger {
  return { event: 'publish', where: { type: dice.pick(['prevote', 'precommit']) }, node, nth: 1 + dice.below(12) };
}

function drawSite(node: string, dice: Dice): Trigger {
  const phase = dice.pick<Phase>(['before', 'torn', 'after']);
  return { node, site: dice.pick(sites), phase, nth: 1 + dice.below(dice.pick([3, 12, 60])) };
}

function drawImage(dice: Dice): CrashImage {
  const plain = dice.pick<CrashImage>([
    'none',
    'all',
    { cut: dice.below(400) },
    { cut: dice.below(5000) },
    { sectors: dice.pick(['1', '01', '10', '101', '0101', '00000001']) },
  ]);
  if (typeof plain === 'string') return plain;
  // Names may be lost apart from what they name.
  return dice.below(2) === 0 ? plain : { ...plain, directory: dice.pick(['0', '1', '01', '10', '011', '101']) };
}
