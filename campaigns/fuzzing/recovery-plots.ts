/**
 * Draws small plots: two faults that matter together and that independent draws seldom bring together. They are drawn around recovery, the files of a
 * signer, and an application's own store. fault-plan-generator.ts draws them beside the other faults.
 */
import type { Phase } from '../../core/events.ts';
import type { Fault, PlannedFault, Trigger } from '../../scenarios/faults.ts';
import type { Dice } from './dice.ts';
import { downMs, drawImage, drawMoment, lossy } from './drawn-faults.ts';
import { storeSites } from './drawn-sites.ts';

/**
 * Draws faults around an application's own store: deaths between a block and its commit, a store that is lost or older, a write that is refused. Each node
 * survives them, because its blocks are kept.
 */
export function applicationFaults(names: readonly string[], safetyMs: number, dice: Dice): readonly PlannedFault[] {
  const faults: PlannedFault[] = [];
  for (let count = dice.below(3); count > 0; count -= 1) {
    const node = dice.pick(names);
    const trigger: Trigger = {
      node,
      site: dice.pick(storeSites),
      phase: dice.pick<Phase>(['before', 'torn', 'after']),
      nth: 1 + dice.below(40),
    };
    const restartMs = dice.between(...downMs);
    faults.push({ trigger, fault: { type: 'crash', nodes: [node], image: drawImage(dice), restartMs } });
  }
  if (dice.below(2) === 0) return faults;
  const node = dice.pick(names);
  const restartMs = dice.between(...downMs);
  const fault = dice.pick<Fault>([
    { type: 'wipe', node, of: 'app' },
    { type: 'missing', node, file: 'app' },
    { type: 'lost-tail', node, bytes: dice.between(1, 60), file: 'app' },
    { type: 'bit-flip', node, frame: dice.pick(['middle', 'last'] as const), file: 'app' },
    { type: 'unreadable', node, frame: 'last', file: 'app' },
    { type: 'old-snapshot', node, afterMs: dice.between(10, 200), of: 'app' },
    { type: 'fsync-fails', node, fileSystem: dice.pick(['ext4', 'xfs', 'btrfs'] as const), file: 'app', restartMs },
    { type: 'write-fails', node, code: 'ENOSPC', written: dice.below(60), file: 'app', restartMs },
  ]);
  return [...faults, { trigger: { timeMs: dice.between(1, safetyMs - 100) }, fault }];
}

/** Draws a fault for a node that has lost its log: it dies again while it abstains, or its promise not to vote is damaged. */
export function whileAbstaining(faults: readonly PlannedFault[], dice: Dice): readonly PlannedFault[] {
  const lost = faults.find(({ fault }) => lossy.some((kind) => kind === fault.type));
  if (lost === undefined || !('node' in lost.fault) || dice.below(3) === 0) return [];
  const { node } = lost.fault;
  const restartMs = dice.between(...downMs);
  const damage = { node, frame: dice.pick(['middle', 'last'] as const), file: 'promise' } as const;
  const fault = dice.pick<Fault>([
    { type: 'crash', nodes: [node], image: drawImage(dice), restartMs },
    { type: 'kill', nodes: [node], restartMs },
    { type: 'bit-flip', ...damage, part: dice.pick(['payload', 'length'] as const) },
    { type: 'unreadable', ...damage },
  ]);
  return [{ trigger: { event: dice.pick(['abstain.begin', 'abstain.until'] as const), where: {}, node }, fault }];
}

/** Draws a node that loses its disk, and dies again while it makes its first file anew. The first boot makes four steps of that kind, so the count begins after them. */
export function whileRenewing(nodes: readonly string[], safetyMs: number, dice: Dice): readonly PlannedFault[] {
  if (nodes.length === 0 || dice.below(6) > 0) return [];
  const node = dice.pick(nodes);
  const over = {
    node,
    site: 'store.create',
    phase: dice.pick<Phase>(['before', 'torn', 'after']),
    nth: dice.between(5, 8),
  } as const;
  const crash: Fault = { type: 'crash', nodes: [node], image: drawImage(dice), restartMs: dice.between(...downMs) };
  return [
    { trigger: { timeMs: dice.between(1, safetyMs - 100) }, fault: { type: 'wipe', node } },
    { trigger: over, fault: crash },
  ];
}

/** Draws a death between the birth of a segment and the removal of the one before, and damage to the newest block. The log must store that block again. */
export function overItsStore(nodes: readonly string[], dice: Dice): readonly PlannedFault[] {
  if (nodes.length === 0 || dice.below(12) > 0) return [];
  const node = dice.pick(nodes);
  const death: Trigger = { node, site: 'segment.prune', phase: 'before', nth: 1 + 2 * dice.below(8) };
  const hurt = dice.pick<Fault>([
    { type: 'bit-flip', node, frame: 'last', file: 'blocks' },
    { type: 'lost-tail', node, bytes: dice.between(1, 80), file: 'blocks' },
  ]);
  return [
    { trigger: death, fault: { type: 'crash', nodes: [node], image: 'all', restartMs: dice.between(...downMs) } },
    { trigger: { event: 'crash', where: {}, node }, fault: hurt },
  ];
}

/** Draws damage to the file of a signer, or to its log. Each of the two shows what the other has lost. */
export function ofSigners(signers: readonly string[], safetyMs: number, dice: Dice): readonly PlannedFault[] {
  if (signers.length === 0 || dice.below(3) === 0) return [];
  const node = dice.pick(signers);
  const trigger: Trigger = dice.below(2) === 0 ? { timeMs: dice.between(1, safetyMs - 100) } : drawMoment(node, dice);
  const frame = dice.pick(['middle', 'last'] as const);
  const fault = dice.pick<Fault>([
    { type: 'wipe', node, of: 'log' },
    { type: 'wipe', node, of: 'signer' },
    { type: 'old-snapshot', node, of: 'log', afterMs: dice.between(10, 200) },
    { type: 'old-snapshot', node, of: 'signer', afterMs: dice.between(10, 200) },
    { type: 'bit-flip', node, frame, file: 'signer', part: dice.pick(['payload', 'length'] as const) },
    { type: 'unreadable', node, frame, file: 'signer' },
    { type: 'lost-tail', node, file: 'signer', bytes: dice.between(1, 60) },
    { type: 'missing', node, file: 'signer' },
  ]);
  return [{ trigger, fault }];
}
