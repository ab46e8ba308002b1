/** Damage to single frames of a node's log, and whether anything durable would tell of it. */
import type { World } from '../actors/scheduler/index.ts';
import { frameHeaderBytes } from '../wal/format.ts';
import { type FrameRef, fileNamed, type JudgedFile, judgeFile, type SimulatedDisk, sectorBytes, sourceOf } from '../wal/index.ts';

/**
 * Hurts a frame of the newest segment: one of which a later frame says that it was durable, or the last. Counts the node as faulty where
 * nothing durable can tell; false when there is no such frame.
 */
export function damageFrame(
  world: World,
  node: string,
  kind: 'bit-flip' | 'unreadable',
  which: 'middle' | 'last',
  { part, keepCorrect }: { readonly part?: 'payload' | 'length'; readonly keepCorrect?: boolean } = {},
): boolean {
  const disk = world.disk(node);
  const newest = newestSegment(disk);
  const frame = which === 'last' ? newest?.frames.at(-1) : newest?.frames.findLast((one) => isAttested(one, newest));
  if (newest === undefined || frame === undefined) return false;
  const offset = part === 'length' ? frame.offset - frameHeaderBytes : frame.offset + Math.floor(frame.length / 2);
  if (kind === 'bit-flip') disk.damage({ type: 'bit-flip', file: newest.file, offset, bit: 0 });
  else disk.damage({ type: 'unreadable', file: newest.file, sector: Math.floor(offset / sectorBytes) });
  // A sector takes the witness of its frames along.
  if ((which === 'last' || kind === 'unreadable') && keepCorrect !== true && !standsWitnessed(disk))
    world.markFaulty(node, 'damage in a batch of which nothing durable says that it was durable');
  return true;
}

/** Strict attestation: a second file says what was durable. */
export function standsWitnessed(disk: SimulatedDisk): boolean {
  return disk.list('wal').some((file) => file.startsWith('attest.'));
}

export function newestSegment(disk: SimulatedDisk): JudgedFile | undefined {
  const judged = disk.list('wal').flatMap((name): JudgedFile[] => {
    const named = fileNamed(`wal/${name}`);
    return named?.type === 'segment' ? [judgeFile(named.file, named, sourceOf(disk.read(named.file)))] : [];
  });
  return judged.sort((a, b) => a.height - b.height || a.life - b.life).at(-1);
}

/** An input or an own message of which a later frame says that it was durable. */
function isAttested({ sequence, kind }: FrameRef, { frames }: JudgedFile): boolean {
  return kind !== 'opened' && frames.some((later) => later.sequence > sequence && later.synced >= sequence);
}
