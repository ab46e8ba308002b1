/**
 * Plans how a node starts: with its log (plan-recovery.ts), or as a follower that does not vote. It follows if it has no key. It also follows if its log is
 * damaged, missing or wiped and the policy is `abstain`, or if an earlier life has promised not to vote.
 *
 * The promise names the first and the last height without votes. The height at which the log was lost is not enough, because the node may have voted one
 * height further.
 */
import { type Abstention, abstainBirth, abstentionIn } from './abstention.ts';
import type { FoundApplication } from './application-file.ts';
import { attestBirth, attestFile } from './attest.ts';
import { damageIn, type RecoveryCode, RecoveryError } from './errors.ts';
import { corruptRemedy, fileNamed, type NamedFile, namedFiles, type StoreChain, storeChain } from './folder.ts';
import type { ByteSource } from './frames.ts';
import { type JudgedFile, judgeFile } from './judge.ts';
import { withParentSyncs } from './parent-folders.ts';
import { bearStore, directorySyncs, keptStores, newestBlocks, removals, storedHeight } from './plan-block-store.ts';
import { type BootOptions, type BootPlan, planBoot } from './plan-recovery.ts';
import { lastSigned, planBootWithSigner, type SignedIn } from './plan-signer.ts';
import { comparePlaces, nothingSigned, replaceSigner, type SignerState, signerUnread } from './signer-file.ts';
import { type BootStep, birth, type LogWriter, segmentFile, segmentSites } from './writer.ts';

export interface StartOptions extends BootOptions {
  /** False for a node without a key: it has a block store and no log. */
  readonly hasLog: boolean;
  /** What the node does if its log cannot be trusted. `halt`: it stops with the error. `abstain`: it follows without voting. */
  readonly onCorrupt: 'halt' | 'abstain';
  /** Set if the node's signer has a file. It returns what an own message signs, from the payload of its frame. */
  readonly signedIn?: SignedIn;
}

/** The plan of a life that follows. It has a block store and no segment. */
export interface FollowPlan {
  readonly type: 'follow';
  readonly steps: readonly BootStep[];
  readonly store: LogWriter;
  readonly storedHeight: number;
  /** The newest blocks, oldest first. */
  readonly blocks: readonly Uint8Array[];
  readonly tornBytes: number;
  readonly marks: readonly string[];
  readonly life: number;
  /** The promise not to vote. Undefined for a node without a log, which never votes. */
  readonly abstention: Abstention | undefined;
  /** Why a node without a log starts with an empty store: its folder was empty, or its store was damaged. Undefined if it keeps its store. */
  readonly anew: RecoveryCode | undefined;
  /** For `planRejoin`: the highest sequence that could be read, and the files of the lost log. */
  readonly baseSequence: number;
  readonly leftovers: readonly string[];
  /** Set if the signer has a file: the files that exist, and the last signature that they name. */
  readonly signer?: SignerState;
  /** Where the application has a store of its own: what that says. */
  readonly application?: FoundApplication;
}

export type StartPlan = BootPlan | FollowPlan;

/** Plans the start of a node from the files of its folder. Throws `RecoveryError` if the node must stop; then no file may be changed. */
export function planStart(contents: ReadonlyMap<string, ByteSource>, options: StartOptions): StartPlan {
  const named = namedFiles(contents);
  if (!options.hasLog) return planWithoutLog(contents, named, options);
  const promise = abstentionIn(named, contents);
  let error: RecoveryError | undefined;
  if (promise === 'broken') {
    const file = named.find(({ type }) => type === 'abstain')?.file ?? 'wal/';
    error = new RecoveryError(
      'CORRUPT',
      { file },
      'the promise not to vote is damaged, and no older one is whole',
      corruptRemedy,
    );
  } else if (promise === undefined) {
    try {
      return options.signedIn === undefined
        ? planBoot(contents, options)
        : planBootWithSigner(contents, options, options.signedIn);
    } catch (thrown) {
      error = damageIn(thrown);
    }
  }
  if (error !== undefined && options.onCorrupt === 'halt') throw error;
  const life = Math.max(0, ...named.map((file) => file.life)) + 1;
  const store = readableStore(contents, named, options);
  const known = typeof promise === 'object' ? promise : undefined;
  const abstention: Abstention =
    known !== undefined
      ? { ...known, life }
      : {
          life,
          from: (store?.height ?? 0) + 1,
          until: untilOf(error, store, named, contents, options),
          reason: error?.code ?? '',
        };
  return planFollow(contents, named, life, store, abstention, options);
}

/**
 * Plans the start of a node without a key. It never votes, so an empty folder is no danger: the node starts with an empty store and reports it. With a
 * damaged store it does so only under `abstain`; under `halt` it stops, and the files stay as they are.
 */
function planWithoutLog(
  contents: ReadonlyMap<string, ByteSource>,
  named: readonly NamedFile[],
  options: StartOptions,
): FollowPlan {
  const life = Math.max(0, ...named.map((file) => file.life)) + 1;
  // An earlier life may have died while it began the store anew.
  const isEmpty = judgedStores(contents, named, options).every(({ finding }) => finding === 'unborn');
  if (isEmpty) return planFollow(contents, named, life, undefined, undefined, options, 'NOT_INITIALIZED');
  try {
    return planFollow(contents, named, life, readStore(contents, named, options), undefined, options);
  } catch (error) {
    const { code } = damageIn(error);
    if (options.onCorrupt === 'halt') throw error;
    return planFollow(contents, named, life, undefined, undefined, options, code);
  }
}

interface ReadStore {
  readonly chain: StoreChain;
  readonly height: number;
  readonly unborn: readonly string[];
}

function judgedStores(
  contents: ReadonlyMap<string, ByteSource>,
  named: readonly NamedFile[],
  { understands }: StartOptions,
): readonly JudgedFile[] {
  const files = named.filter(({ type }) => type === 'store');
  return files.map((file) =>
    judgeFile(file.file, file, contents.get(file.file) as ByteSource, understands === undefined ? {} : { understands }),
  );
}

function readStore(contents: ReadonlyMap<string, ByteSource>, named: readonly NamedFile[], options: StartOptions): ReadStore {
  const judged = judgedStores(contents, named, options);
  const chain = storeChain(judged);
  const unborn = judged.filter(({ finding }) => finding === 'unborn').map(({ file }) => file);
  return { chain, height: storedHeight(chain, contents, options), unborn };
}

/** The store, if it can be read. Undefined if it is lost as well; then the node starts with an empty store. */
function readableStore(
  contents: ReadonlyMap<string, ByteSource>,
  named: readonly NamedFile[],
  options: StartOptions,
): ReadStore | undefined {
  try {
    return readStore(contents, named, options);
  } catch (error) {
    if (error instanceof RecoveryError) return undefined;
    throw error;
  }
}

/**
 * The last height at which the node may have voted; undefined if it cannot be known.
 *
 * If a segment or the signer's file is damaged and the store is whole, it is the height after the stored ones, or a higher one that a file names. The segment
 * of a height is created only after the block before it is stored. If the log is lost, it is the height in the signer's file: no later vote has left.
 */
function untilOf(
  error: RecoveryError | undefined,
  store: ReadStore | undefined,
  named: readonly NamedFile[],
  contents: ReadonlyMap<string, ByteSource>,
  { signedIn }: StartOptions,
): number | undefined {
  const signed = signedIn === undefined ? undefined : lastSigned(contents);
  const place = error?.place.file ?? '';
  const isSegment = error?.code === 'CORRUPT' && fileNamed(place)?.type === 'segment';
  if (store === undefined || (!isSegment && !place.startsWith('signer/'))) return signed?.height;
  const heights = named.filter(({ type, file }) => type === 'segment' && contents.has(file)).map(({ height }) => height);
  return Math.max(store.height + 1, signed?.height ?? 0, ...heights);
}

function planFollow(
  contents: ReadonlyMap<string, ByteSource>,
  named: readonly NamedFile[],
  life: number,
  read: ReadStore | undefined,
  abstention: Abstention | undefined,
  options: StartOptions,
  anew?: RecoveryCode,
): FollowPlan {
  const store = bearStore(life, read?.chain.blocks ?? [], options.salt);
  const kept = read === undefined ? new Set<string>() : keptStores(read.chain, store);
  const unborn = read?.unborn ?? [];
  const stores = named.filter(({ type }) => type === 'store').map(({ file }) => file);
  const removed = stores.filter((file) => !kept.has(file) && !unborn.includes(file));
  const logFiles = named.filter(({ type }) => type !== 'store');
  const tornBytes = read?.chain.last.tailBytes ?? 0;
  return {
    type: 'follow',
    steps: withParentSyncs([
      ...(abstention === undefined ? [] : abstainBirth(abstention)),
      ...removals(unborn),
      ...store.steps,
      ...removals(removed),
      ...directorySyncs([...unborn, ...removed]),
    ]),
    store: store.writer,
    storedHeight: read?.height ?? 0,
    blocks: read === undefined ? [] : newestBlocks(read.chain, contents, options),
    tornBytes,
    marks: [...(tornBytes > 0 ? ['wal.torn-tail-cut'] : []), ...(abstention === undefined ? [] : ['wal.abstains'])],
    life,
    abstention,
    anew,
    baseSequence: highestSequence(contents, logFiles),
    leftovers: logFiles.map(({ file }) => file),
    ...(options.signedIn === undefined
      ? {}
      : { signer: { ...signerUnread(contents), signed: lastSigned(contents) ?? nothingSigned } }),
  };
}

/** The highest sequence in the segments that can still be read. The next log continues after it, so that sequences do not start again. */
function highestSequence(contents: ReadonlyMap<string, ByteSource>, named: readonly NamedFile[]): number {
  const segments = named.filter(({ type }) => type === 'segment');
  return Math.max(
    0,
    ...segments.map((file) => judgeFile(file.file, file, contents.get(file.file) as ByteSource, {}).lastSequence),
  );
}

export interface RejoinPlan {
  readonly writer: LogWriter;
  readonly steps: readonly BootStep[];
  readonly attestFile: string | undefined;
  readonly signer?: SignerState;
}

/**
 * Plans how a node votes again, at `height`, after it has kept its promise. The segment of `height` is created, then the lost log is removed, then the signer's
 * file is set past the promised heights, and the promise itself is removed last.
 */
export function planRejoin(
  {
    life,
    baseSequence,
    leftovers,
    abstention,
    signer,
  }: Pick<FollowPlan, 'life' | 'baseSequence' | 'leftovers' | 'abstention' | 'signer'>,
  height: number,
  { attest, salt }: Pick<BootOptions, 'attest' | 'salt'>,
): RejoinPlan {
  const { writer, steps } = birth({ file: segmentFile(height, life), height, life, salt, baseSequence, sites: segmentSites });
  const observer = attest === 'strict' ? attestFile(life) : undefined;
  const attestation = { height, life, sequence: writer.sequence, signedHeight: 0, signedRound: 0, signedKind: 0 };
  const promises = leftovers.filter((file) => fileNamed(file)?.type === 'abstain');
  const lost = leftovers.filter((file) => !promises.includes(file));
  const own = abstention === undefined ? [] : [`wal/abstain.${abstention.life}`];
  const over = { ...nothingSigned, height: height - 1 };
  const replaced =
    signer === undefined ? undefined : replaceSigner(signer, comparePlaces(signer.signed, over) > 0 ? signer.signed : over);
  return {
    writer,
    steps: [
      ...steps,
      ...(observer === undefined ? [] : attestBirth(observer, attestation)),
      ...removals(lost),
      ...directorySyncs(lost),
      ...(replaced?.steps ?? []),
      ...removals([...promises, ...own]),
      ...directorySyncs([...promises, ...own]),
    ],
    attestFile: observer,
    ...(replaced === undefined ? {} : { signer: replaced.state }),
  };
}
