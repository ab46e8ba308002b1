/** Draws one fault of a given kind: when, where and how severe. The numbers and kinds of faults are drawn in fault-plan-generator.ts. */
import type { CrashImage, Phase } from '../../core/events.ts';
import type { Fault, PlannedFault, Trigger } from '../../scenarios/faults.ts';
import type { Dice } from './dice.ts';
import { drawnSites } from './drawn-sites.ts';

/** How long a node stays down, ms. */
export const downMs: readonly [number, number] = [20, 300];

/** Kinds that any node survives without help. */
export const anywhere = [
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
export const network = ['partition', 'flap', 'weather'] as const;
/** Kinds after which a node may be lost. They are drawn only for nodes that together have less than a third of the power. */
export const lossy = [
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

export type Lossy = (typeof lossy)[number];

/** The lossy kinds that a node always detects. It stops then, and sends nothing wrong. */
export const noticed = ['bit-flip', 'unreadable'] as const;

type Kind = (typeof anywhere)[number] | (typeof network)[number] | Lossy;

export function drawFault(
  kind: Kind,
  node: string,
  names: readonly string[],
  safetyMs: number,
  dice: Dice,
): PlannedFault | undefined {
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
      const oneWay = dice.below(3) === 0;
      // With an empty group there is no link to cut.
      if (groups.some((group) => group.length === 0)) return undefined;
      return { trigger: at, fault: { type: 'partition', groups, oneWay, forMs, ...flap } };
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

/** Draws faults of single messages and timers. `weather` does the same to many messages. */
export function smallFaults(names: readonly string[], safetyMs: number, dice: Dice): readonly PlannedFault[] {
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

/** The same fault without corrupted messages. */
export function uncorrupted({ trigger, fault }: PlannedFault): PlannedFault {
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

/** The sites between the decision of a height and the start of the next one. There the log still holds what the store may lose. */
const storing = ['store.flush', 'segment.open', 'segment.prune', 'segment.prune'] as const;

/** Moves a third of the damage from the log to the block store. Half of that damage strikes just after a death between two heights. */
export function placeDamage({ trigger, fault }: PlannedFault, dice: Dice): readonly PlannedFault[] {
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

/** Whether the fault damages the next write, and not data at rest. */
function isAwaited({ type }: StoreDamage): boolean {
  return type === 'lost-write' || type === 'misdirected';
}

/** Draws the moment of a vote that the node must not forget. */
export function drawMoment(node: string, dice: Dice): Trigger {
  return { event: 'publish', where: { type: dice.pick(['prevote', 'precommit']) }, node, nth: 1 + dice.below(12) };
}

function drawSite(node: string, dice: Dice): Trigger {
  const phase = dice.pick<Phase>(['before', 'torn', 'after']);
  return { node, site: dice.pick(drawnSites), phase, nth: 1 + dice.below(dice.pick([3, 12, 60])) };
}

/** Draws what a loss of power leaves of the page cache. */
export function drawImage(dice: Dice): CrashImage {
  const plain = dice.pick<CrashImage>([
    'none',
    'all',
    { cut: dice.below(400) },
    { cut: dice.below(5000) },
    { sectors: dice.pick(['1', '01', '10', '101', '0101', '00000001']) },
  ]);
  if (typeof plain === 'string') return plain;
  // Half of the partial images also lose names in folders, independently of the files.
  return dice.below(2) === 0 ? plain : { ...plain, directory: dice.pick(['0', '1', '01', '10', '011', '101']) };
}
