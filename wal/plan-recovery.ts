/**
 * Plans the boot of a node with a log. It reads all files, finds the row of the recovery table that applies, and lists the disk operations in order. No file
 * is removed before its successor is durable. Everything that was read is copied durably before the node relies on it.
 */
import type { FoundApplication } from './application-file.ts';
import { type Attestation, attestBirth, attestFile, readAttestation } from './attest.ts';
import { RecoveryError } from './errors.ts';
import { corruptRemedy, goneRemedy, type NamedFile, namedFiles, refuseDamage, type StoreChain, storeChain } from './folder.ts';
import { type FrameKind, frameHeaderBytes, segmentHeaderBytes } from './format.ts';
import type { ByteSource, FrameRef } from './frames.ts';
import { type JudgedFile, judgeFile } from './judge.ts';
import {
  bearStore,
  directorySyncs,
  keptStores,
  type NewStore,
  newestBlocks,
  payloadOf,
  removals,
  type StoreOptions,
  storedHeight,
} from './plan-block-store.ts';
import { type FolderRowName, folderTable, rowOf } from './recovery-table.ts';
import type { SignerState } from './signer-file.ts';
import { appendFrame, type BootStep, birth, type LogWriter, segmentFile, segmentSites } from './writer.ts';

export interface BootOptions extends StoreOptions {
  readonly attest: 'next' | 'strict';
  /** Whether a payload can be decoded. If it returns false or throws, the frame counts as damaged. */
  readonly understands?: (kind: FrameKind, payload: Uint8Array) => boolean;
  /** Computes the block of a decision that must be stored again, from the last block (undefined at the first height), the decided frame, and all blocks that are kept. */
  readonly blockAfter: (
    last: Uint8Array | undefined,
    height: number,
    decided: Uint8Array,
    kept: readonly Uint8Array[],
  ) => Uint8Array;
  /**
   * Returns further steps for the time when the log is durable. It gets the newest own message in the log, and the stored height. Throws `RecoveryError` if
   * the signer's file shows that the log has lost something.
   */
  readonly afterLog?: (lastOwn: Uint8Array | undefined, stored: number) => readonly BootStep[];
}

export interface ReplayFrame {
  readonly kind: FrameKind;
  readonly sequence: number;
  /** The place of the payload, in the new file. */
  readonly offset: number;
  readonly length: number;
}

/** The plan of a boot: the disk operations, and the data with which the node continues. */
export interface BootPlan {
  readonly type: 'log';
  readonly row: FolderRowName;
  readonly steps: readonly BootStep[];
  readonly replay: { readonly height: number; readonly file: string; readonly frames: readonly ReplayFrame[] };
  readonly writer: LogWriter;
  readonly store: LogWriter;
  readonly storedHeight: number;
  /** The newest blocks, oldest first. */
  readonly blocks: readonly Uint8Array[];
  /** The number of bytes in torn tails, which are not copied. */
  readonly tornBytes: number;
  /** The attest file of this life, for `attest: 'strict'`. */
  readonly attestFile: string | undefined;
  /** The marks that this boot reaches: `wal.torn-tail-cut`, `wal.store-behind`, `wal.unborn-removed`. */
  readonly marks: readonly string[];
  /** Set if the signer has a file: its state in this life. */
  readonly signer?: SignerState;
  /** Where the application has a store of its own: what that says. */
  readonly application?: FoundApplication;
}

interface Folder {
  readonly named: readonly NamedFile[];
  readonly contents: ReadonlyMap<string, ByteSource>;
  readonly life: number;
  readonly attestation: Attestation | undefined;
  /** The files whose creation was interrupted. They are removed first, so that repeated deaths during boot do not fill the folder. */
  readonly unborn: Set<string>;
}

/** Plans the boot. Throws `RecoveryError` if the node must stop; then no file may be changed. */
export function planBoot(contents: ReadonlyMap<string, ByteSource>, options: BootOptions): BootPlan {
  const folder = readFolder(contents, options);
  const chain = storeChain(judgeAll(folder, 'store', options));
  const stored = storedHeight(chain, contents, options);
  const segments = bornSegments(folder, stored, options);
  const attested = folder.attestation === undefined ? undefined : folder.attestation.height;
  const { name: row } = rowOf(folderTable, { stored, heights: new Set(segments.keys()), attested });
  if (row === 'gone') {
    const heights = [...segments.keys()].join(', ') || 'none';
    const found = `the store ends at height ${stored}, and the heights that have a segment (${heights}) do not follow it`;
    throw new RecoveryError('GONE', { file: 'wal/' }, found, goneRemedy);
  }
  const store = bearStore(folder.life, chain.blocks, options.salt);
  if (row === 'behind') return behind(folder, chain, segments, stored, store, options);
  return finishPlan(
    folder,
    chain,
    segments,
    { row, stored, store, blocks: newestBlocks(chain, contents, options), extra: [] },
    options,
  );
}

function readFolder(contents: ReadonlyMap<string, ByteSource>, { attest }: BootOptions): Folder {
  const named = namedFiles(contents);
  if (named.length === 0) {
    const remedy = 'If this node never ran, give it a log with `init`; if it did, its log is lost and it must not vote.';
    throw new RecoveryError('NOT_INITIALIZED', { file: 'wal/' }, 'the folder holds no log', remedy);
  }
  const life = Math.max(...named.map((file) => file.life)) + 1;
  const attestation = attest === 'strict' ? newestAttestation(named, contents) : undefined;
  return { named, contents, life, attestation, unborn: new Set() };
}

/** The attestation of the highest life with a whole slot. Under `strict` there is always one. */
function newestAttestation(named: readonly NamedFile[], contents: ReadonlyMap<string, ByteSource>): Attestation {
  const files = named.filter(({ type }) => type === 'attest').reverse();
  for (const { file, life } of files) {
    const source = contents.get(file);
    const found = source === undefined ? undefined : readAttestation(source, life);
    if (found !== undefined) return found;
  }
  const [oldest] = files;
  if (oldest !== undefined) throw new RecoveryError('CORRUPT', { file: oldest.file }, 'no attest slot is whole', corruptRemedy);
  const remedy = `${corruptRemedy} If no node has run here, \`init\` was run for another policy: run it again with attest 'strict'.`;
  throw new RecoveryError('CORRUPT', { file: 'wal/attest.*' }, "there is no such file, and attest 'strict' needs one", remedy);
}

function judgeAll(folder: Folder, type: NamedFile['type'], options: BootOptions): readonly JudgedFile[] {
  return folder.named.filter((named) => named.type === type).map((named) => judge(folder, named, options));
}

function judge({ contents, attestation, unborn }: Folder, named: NamedFile, { understands }: BootOptions): JudgedFile {
  const isNamed = named.type === 'segment' && attestation?.height === named.height && attestation.life === named.life;
  const judged = judgeFile(named.file, named, contents.get(named.file) as ByteSource, {
    ...(understands === undefined ? {} : { understands }),
    ...(isNamed && attestation !== undefined ? { attested: { sequence: attestation.sequence } } : {}),
  });
  if (judged.finding === 'unborn') unborn.add(named.file);
  return judged;
}

/** For each height from the stored one on, the highest life that is not unborn. */
function bornSegments(folder: Folder, stored: number, options: BootOptions): ReadonlyMap<number, JudgedFile> {
  const born = new Map<number, JudgedFile>();
  for (const judged of judgeAll(folder, 'segment', options)) {
    if (judged.height >= stored && judged.finding !== 'unborn') born.set(judged.height, judged);
  }
  return born;
}

/** Handles a store that lacks one height: the decision is in the log, and is stored again. */
function behind(
  folder: Folder,
  chain: StoreChain,
  segments: ReadonlyMap<number, JudgedFile>,
  stored: number,
  store: NewStore,
  options: BootOptions,
): BootPlan {
  const missing = segments.get(stored + 1) as JudgedFile;
  refuseDamage(missing);
  const base = segments.get(stored + 2)?.header?.baseSequence ?? 0;
  const decided = missing.frames.find(({ kind }) => kind === 'decided');
  if (missing.lastSequence < base || decided === undefined) {
    const place = { file: missing.file, offset: missing.endOffset, sequence: missing.lastSequence + 1 };
    const found = `it ends before frame ${base} or holds no decision, and the block of height ${stored + 1} is not stored`;
    throw new RecoveryError('CORRUPT', place, found, corruptRemedy);
  }
  const blocks = newestBlocks(chain, folder.contents, options);
  const block = options.blockAfter(blocks.at(-1), stored + 1, payloadOf(folder.contents, missing.file, decided), blocks);
  const { writer, bytes } = appendFrame(store.writer, 'block', block);
  const { file } = writer;
  const extra: BootStep[] = [
    { site: 'store.append', operation: { type: 'append', file, bytes } },
    { site: 'store.flush', operation: { type: 'sync', file } },
  ];
  const renewed = { steps: store.steps, writer: { ...writer, synced: writer.sequence } };
  const fields = { row: 'behind' as const, stored: stored + 1, store: renewed, blocks: [...blocks, block], extra };
  return finishPlan(folder, chain, segments, fields, options);
}

function finishPlan(
  folder: Folder,
  chain: StoreChain,
  segments: ReadonlyMap<number, JudgedFile>,
  fields: {
    readonly row: FolderRowName;
    readonly stored: number;
    readonly store: NewStore;
    readonly blocks: readonly Uint8Array[];
    readonly extra: readonly BootStep[];
  },
  { attest, salt, afterLog }: BootOptions,
): BootPlan {
  const { row, stored, store, blocks, extra } = fields;
  const { life, named } = folder;
  const height = stored + 1;
  const before = segments.get(row === 'next' ? stored : height) as JudgedFile;
  refuseDamage(before);
  const file = segmentFile(height, life);
  const isNext = row === 'next';
  const baseSequence = isNext ? before.lastSequence : (before.header?.baseSequence ?? 0);
  const inherited = isNext ? undefined : { file: before.file, frames: before.frames };
  const { writer, steps } = birth({ file, height, life, salt, baseSequence, inherited, sites: segmentSites });
  const attestName = attest === 'strict' ? attestFile(life) : undefined;
  const attestation = { height, life, sequence: writer.sequence, signedHeight: 0, signedRound: 0, signedKind: 0 };
  const kept = keptStores(chain, store);
  const own = before.frames.findLast(({ kind }) => kind === 'own');
  const lastOwn = own === undefined ? undefined : payloadOf(folder.contents, before.file, own);
  const unborn = [...folder.unborn];
  const removed = named.filter(({ file: name }) => !kept.has(name) && !folder.unborn.has(name)).map(({ file: name }) => name);
  const tornBytes = (isNext ? 0 : before.tailBytes) + chain.last.tailBytes;
  const marks = [
    ...(tornBytes > 0 ? ['wal.torn-tail-cut'] : []),
    ...(row === 'behind' ? ['wal.store-behind'] : []),
    ...(unborn.length > 0 ? ['wal.unborn-removed'] : []),
  ];
  return {
    type: 'log',
    row,
    steps: [
      ...removals(unborn),
      ...store.steps,
      ...extra,
      ...steps,
      ...(attestName === undefined ? [] : attestBirth(attestName, attestation)),
      ...removals(removed),
      ...directorySyncs([...removed, ...unborn]),
      ...(afterLog?.(lastOwn, stored) ?? []),
    ],
    replay: { height, file, frames: isNext ? [] : replayFrames(before.frames) },
    writer,
    store: store.writer,
    storedHeight: stored,
    blocks,
    tornBytes,
    attestFile: attestName,
    marks,
  };
}

/** The frames to replay, with their places in the new file. Frames `opened` are not replayed. */
function replayFrames(frames: readonly FrameRef[]): readonly ReplayFrame[] {
  const replayed: ReplayFrame[] = [];
  let offset = segmentHeaderBytes;
  for (const { kind, sequence, length } of frames) {
    offset += frameHeaderBytes;
    if (kind !== undefined && kind !== 'opened') replayed.push({ kind, sequence, offset, length });
    offset += length;
  }
  return replayed;
}
