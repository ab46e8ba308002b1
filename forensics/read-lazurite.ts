/** Reads a folder of Lazurite: judges its segments and its block store as a boot would, without changing a file. */
import { decodeBlock } from '../actors/node/index.ts';
import { decodeDecision, decodeInput } from '../actors/tendermint/codec.ts';
import type { TendermintInput } from '../actors/tendermint/index.ts';
import {
  type ByteSource,
  type FrameRef,
  fileNamed,
  framesAfter,
  inspectLog,
  type JudgedFile,
  judgeFile,
  planStart,
  RecoveryError,
  type StartPlan,
  sourceOf,
} from '../wal/index.ts';
import type { Evidence, LogFinding, LogStart, NodeFiles, Powers } from './evidence.ts';
import type { Sighting, Statement } from './statements.ts';

interface ReadFile {
  readonly judged: JudgedFile;
  readonly source: ByteSource;
  /** Whole frames after the first problem. */
  readonly after: readonly FrameRef[];
}

/** `files`: paths as within the node's folder, such as `wal/3.1.wal`. */
export function readLazurite({ folder, name, files }: NodeFiles): Evidence {
  const sources = new Map(
    [...files].filter(([path]) => fileNamed(path) !== undefined).map(([path, bytes]) => [path, sourceOf(bytes)]),
  );
  const read = [...sources].flatMap(([path, source]): readonly ReadFile[] => {
    const named = fileNamed(path);
    if (named === undefined || (named.type !== 'segment' && named.type !== 'store')) return [];
    const judged = judgeFile(path, named, source);
    return [{ judged, source, after: framesAfter(judged, source) }];
  });
  const isTendermint = read.every((file) =>
    framesOf(file).every(({ kind, payload }) => kind !== 'start' || inputIn(payload)?.type === 'start'),
  );
  const statements = isTendermint ? read.flatMap((file) => statementsIn(file, folder)) : [];
  const { start, plan } = startOf(sources, isTendermint);
  const owner = name ?? ownerOf(read, isTendermint);
  const restoredFile = plan?.type === 'log' && plan.row !== 'next' ? segmentOf(read, plan.replay.height) : undefined;
  const restored = restoredFile === undefined || !isTendermint ? [] : statementsIn({ ...restoredFile, after: [] }, folder);
  return {
    folder,
    engine: 'lazurite',
    owner,
    logs: read.map((file) => findingOf(file, files.get(file.judged.file) as Uint8Array)),
    statements,
    storedHeight: plan?.storedHeight ?? null,
    start,
    powers: isTendermint ? powersIn(read) : undefined,
    restored: restored.filter(({ signer }) => signer === owner),
    lastSign: undefined,
    notes: [
      ...(isTendermint ? [] : ["the payloads are not Tendermint's: what was said is not read, and no statement is compared"]),
      ...(owner === undefined
        ? ['no frame says whose log it is: give its name as NAME=FOLDER, to compare it with what others hold']
        : []),
    ],
  };
}

/** Plans a boot and does not execute it. */
function startOf(
  sources: ReadonlyMap<string, ByteSource>,
  isTendermint: boolean,
): { readonly start: LogStart; readonly plan: StartPlan | undefined } {
  const isStrict = [...sources.keys()].some((path) => fileNamed(path)?.type === 'attest');
  const options = {
    attest: isStrict ? 'strict' : 'next',
    hasLog: true,
    salt: 0,
    heightOf: (block: Uint8Array) => decodeBlock(block).height,
    keepBlocks: 1,
    blockAfter: () => new Uint8Array(0),
    ...(isTendermint ? { understands } : {}),
  } as const;
  try {
    const plan = planStart(sources, { ...options, onCorrupt: 'halt' });
    return { start: ofPlan(plan), plan };
  } catch (error) {
    if (!(error instanceof RecoveryError)) throw error;
    const reason = error.message;
    if (error.code === 'FOREIGN')
      return { start: { type: 'never', reason, remedy: 'start it with the version that wrote it' }, plan: undefined };
    const plan = planStart(sources, { ...options, onCorrupt: 'abstain' });
    const until = plan.type === 'follow' ? plan.abstention?.until : undefined;
    return { start: until === undefined ? { type: 'unknown', reason } : { type: 'abstain', until, reason }, plan };
  }
}

function ofPlan(plan: StartPlan): LogStart {
  if (plan.type === 'log') {
    const { row, replay, tornBytes } = plan;
    const torn = tornBytes === 0 ? '' : `; ${tornBytes} bytes of a torn tail are cut, and nothing says that they were durable`;
    const frames = replay.frames.length;
    const what = row === 'next' ? 'nothing of it was begun' : `${frames} ${frames === 1 ? 'frame is' : 'frames are'} replayed`;
    return { type: 'sign', reason: `the log is whole: height ${replay.height} is next, ${what} (recovery row ${row})${torn}` };
  }
  const { from, until, reason } = plan.abstention ?? { from: 0, until: undefined, reason: '' };
  const promise = `it promised, durably, not to vote from height ${from} on (${reason})`;
  return until === undefined ? { type: 'unknown', reason: promise } : { type: 'abstain', until, reason: promise };
}

function understands(kind: string, payload: Uint8Array): boolean {
  if (kind === 'block') decodeBlock(payload);
  else if (kind === 'decided') decodeDecision(payload);
  else decodeInput(payload);
  return true;
}

function findingOf({ judged, after }: ReadFile, bytes: Uint8Array): LogFinding {
  const { file, finding, frames, lastSequence, endOffset, tailBytes } = judged;
  const { status, reason } = inspectLog(file.slice(file.indexOf('/') + 1), bytes, 'lazurite').verdict;
  const isWhole = finding === 'clean';
  return {
    file,
    status,
    frames: frames.length,
    offset: isWhole && tailBytes === 0 ? null : endOffset,
    frame: isWhole ? null : lastSequence + 1,
    framesAfter: after.length,
    reason,
  };
}

/** The highest life of a height that was born. */
function segmentOf(read: readonly ReadFile[], height: number): ReadFile | undefined {
  return read
    .filter(({ judged }) => judged.height === height && judged.file.startsWith('wal/') && judged.finding !== 'unborn')
    .reduce<ReadFile | undefined>(
      (best, file) => (best === undefined || file.judged.life > best.judged.life ? file : best),
      undefined,
    );
}

interface ReadFrame {
  readonly kind: FrameRef['kind'];
  readonly sequence: number;
  readonly payload: Uint8Array;
}

function framesOf({ judged, source, after }: ReadFile): readonly ReadFrame[] {
  return [...judged.frames, ...after].map(({ kind, sequence, offset, length }) => ({
    kind,
    sequence,
    payload: source.read(offset, length),
  }));
}

/** Undefined: its checksum holds and it is not understood; the finding says so. */
function inputIn(payload: Uint8Array): TendermintInput | undefined {
  try {
    return decodeInput(payload);
  } catch {
    return undefined;
  }
}

function statementsIn(file: ReadFile, node: string): readonly Statement[] {
  return framesOf(file).flatMap(({ kind, sequence, payload }) => {
    const seen: Sighting = { node, file: file.judged.file, frame: sequence };
    try {
      if (kind === 'block') return ofDecision(decodeBlock(payload).decision, seen);
      if (kind === 'decided') return ofDecision(payload, seen);
      return kind === 'input' || kind === 'own' ? ofInput(decodeInput(payload), seen) : [];
    } catch {
      // As in `inputIn`.
      return [];
    }
  });
}

function ofDecision(bytes: Uint8Array, seen: Sighting): readonly Statement[] {
  const { height, round, value, votes } = decodeDecision(bytes);
  return votes.map(([signer]) => ({ signer, height, round, type: 'precommit', value, polRound: null, seen }));
}

function ofInput(input: TendermintInput, seen: Sighting): readonly Statement[] {
  switch (input.type) {
    case 'vote': {
      const { validator: signer, height, round, voteType: type, value } = input;
      return [{ signer, height, round, type, value, polRound: null, seen }];
    }
    case 'proposal': {
      const { proposer: signer, height, round, value, polRound } = input;
      return [{ signer, height, round, type: 'proposal', value, polRound, seen }];
    }
    case 'polkaCertificate':
    case 'commitCertificate': {
      const { height, round, value, votes } = input;
      const type = input.type === 'polkaCertificate' ? 'prevote' : 'precommit';
      return votes.map(([signer]) => ({ signer, height, round, type, value, polRound: null, seen }));
    }
    case 'roundCertificate':
      return input.votes.flatMap((vote) => ofInput(vote, seen));
    default:
      return [];
  }
}

/** The signer of a node's own frames. */
function ownerOf(read: readonly ReadFile[], isTendermint: boolean): string | undefined {
  if (!isTendermint) return undefined;
  for (const file of read)
    for (const { kind, payload } of framesOf(file)) {
      if (kind !== 'own') continue;
      const input = inputIn(payload);
      if (input?.type === 'vote') return input.validator;
      if (input?.type === 'proposal') return input.proposer;
    }
  return undefined;
}

/** The voting powers at the highest height whose first frame can be read. */
function powersIn(read: readonly ReadFile[]): Powers | undefined {
  let found: { readonly height: number; readonly powers: Powers } | undefined;
  for (const file of read)
    for (const { kind, payload } of framesOf(file)) {
      if (kind !== 'start') continue;
      const input = inputIn(payload);
      if (input?.type === 'start' && input.height >= (found?.height ?? 0))
        found = { height: input.height, powers: new Map(input.validators) };
    }
  return found?.powers;
}
