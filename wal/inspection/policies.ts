/**
 * What different engines make of one and the same damaged file: each policy says what it keeps, what it gives up without a word, and whether
 * the node goes on.
 *
 * Sources: Malachite `code/crates/wal/src/log.rs` (`open` reads flags and lengths only and cuts; the engine truncates at the first entry that its
 * iterator refuses, and halts); CometBFT `consensus/state.go` (`repairWalFile` keeps everything up to the first error, anywhere).
 */
import { segmentHeaderBytes } from '../format.ts';
import { cometFrameAt, recordAt } from './cometbft.ts';
import { inspectLog } from './inspect.ts';
import type { Engine, Inspection } from './inspected.ts';
import { frameBytesAt, wholeFrameAt } from './lazurite.ts';
import { entryAt, malachiteFrameAt, malachiteHeaderBytes } from './malachite.ts';

export type PolicyName = 'lazurite' | 'malachite' | 'cometbft';

export interface PolicyOutcome {
  readonly policy: PolicyName;
  /** Bytes of the file that it keeps. */
  readonly keptBytes: number;
  readonly keptEntries: number;
  /** Whole entries behind its cut, which are given up. */
  readonly lostEntries: number;
  /** Whether the node starts with what is left. */
  readonly goesOn: boolean;
  readonly words: string;
}

/** How a format is walked: by lengths alone, and by entries that hold. Bytes of the entry, or undefined. */
interface Walk {
  readonly first: number;
  readonly frameAt: (offset: number) => number | undefined;
  readonly wholeAt: (offset: number) => number | undefined;
}

export function comparePolicies(engine: Engine, name: string, bytes: Uint8Array): readonly PolicyOutcome[] {
  const inspection = inspectLog(name, bytes, engine);
  const walk = walkOf(engine, bytes);
  const { status } = inspection.verdict;
  const good = inspection.verdict.offset ?? bytes.length;
  const behind = wholeBehind(walk, good, bytes.length);
  const entries = inspection.entries.length;
  if (status === 'foreign')
    return (['lazurite', 'malachite', 'cometbft'] as const).map((policy) => ({
      policy,
      keptBytes: policy === 'cometbft' ? 0 : bytes.length,
      keptEntries: 0,
      lostEntries: 0,
      goesOn: policy === 'cometbft',
      words: policy === 'cometbft' ? 'repaired to nothing' : 'refused: it is no such log',
    }));
  const isDamage = status === 'corrupt' || (status === 'torn' && behind > 0);
  const ours: PolicyOutcome = isDamage
    ? {
        policy: 'lazurite',
        keptBytes: bytes.length,
        keptEntries: entries,
        lostEntries: 0,
        goesOn: false,
        words: 'damage is never cut: the file is kept, and the node halts or abstains',
      }
    : {
        policy: 'lazurite',
        keptBytes: good,
        keptEntries: entries,
        lostEntries: 0,
        goesOn: true,
        words: status === 'torn' ? 'a torn tail is cut, and reported' : 'all of it is read',
      };
  return [
    ours,
    likeMalachite(inspection, walk, bytes.length),
    {
      policy: 'cometbft',
      keptBytes: good,
      keptEntries: entries,
      lostEntries: behind,
      goesOn: true,
      words: status === 'clean' ? 'all of it is read' : 'repaired: everything up to the first error, and not synced',
    },
  ];
}

/** Cut at the first entry whose length does not fit, when it is opened; then at the first whose checksum does not, when it is read. */
function likeMalachite({ entries, verdict }: Inspection, walk: Walk, size: number): PolicyOutcome {
  let opened = Math.min(walk.first, size);
  for (let bytes = walk.frameAt(opened); bytes !== undefined; bytes = walk.frameAt(opened)) opened += bytes;
  const last = entries.at(-1);
  const read = last === undefined ? Math.min(walk.first, size) : last.offset + last.bytes;
  const isCutAgain = read < opened && verdict.status === 'corrupt';
  const kept = isCutAgain ? read : opened;
  const lostEntries = wholeBehind(walk, kept, size);
  const words =
    kept === size
      ? 'all of it is read'
      : isCutAgain
        ? `cut at byte ${kept} when a checksum fails, and halted`
        : `cut at byte ${kept} when it is opened, without a word`;
  return { policy: 'malachite', keptBytes: kept, keptEntries: entries.length, lostEntries, goesOn: !isCutAgain, words };
}

function wholeBehind({ wholeAt }: Walk, from: number, size: number): number {
  let count = 0;
  for (let offset = from; offset < size; ) {
    const bytes = wholeAt(offset);
    if (bytes !== undefined) count += 1;
    offset += bytes ?? 1;
  }
  return count;
}

function walkOf(engine: Engine, bytes: Uint8Array): Walk {
  const whole = (read: { readonly bytes: unknown } | { readonly problem: string }): number | undefined =>
    'problem' in read ? undefined : (read.bytes as number);
  if (engine === 'malachite')
    return {
      first: malachiteHeaderBytes,
      frameAt: (offset) => malachiteFrameAt(bytes, offset),
      // A run of zeros passes for empty entries: they prove nothing.
      wholeAt: (offset) => {
        const read = entryAt(bytes, offset, 0);
        return 'problem' in read || read.kind === 'empty' ? undefined : read.bytes;
      },
    };
  if (engine === 'cometbft')
    return { first: 0, frameAt: (offset) => cometFrameAt(bytes, offset), wholeAt: (offset) => whole(recordAt(bytes, offset, 0)) };
  return {
    first: segmentHeaderBytes,
    frameAt: (offset) => frameBytesAt(bytes, offset),
    wholeAt: (offset) => wholeFrameAt(bytes, offset),
  };
}
