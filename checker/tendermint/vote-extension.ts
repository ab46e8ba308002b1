/**
 * `vote-extension`: where votes are extended, a validator has one extension at a height and round, in all of its lives. Judged are the bytes in everything that
 * nodes send and store: precommits, certificates, blocks, and the values of new proposals.
 *
 * The monitor knows by their form which extensions the application refuses. Whether a signature is right it asks the setting, and not the nodes.
 */
import type { Monitor, Observer, Property, RunEvent, Setting } from '../../core/events.ts';
import { emptyTable, fromHeight, type HeightTable, heightEntry, withHeight } from '../../core/height-table.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';
import { copiedDisk } from '../node/copied-disk.ts';
import { blockIn, carriedIn, type ExtensionsRead, frameOf, framesIn, type Statement } from './decode.ts';
import { isFaultyKey, signersIn } from './keys.ts';
import { noProgress, type Progress, progressAfter } from './progress.ts';
import { statementsIn, text, whereDecided } from './statements.ts';

/** What a validator has sent as its extension in a round. */
interface Extended {
  readonly signer: string;
  readonly round: number;
  readonly extension: string;
}

/** The extensions that a node has stored with a block. A block may be stored several times, from several certificates. */
interface Stored {
  readonly height: number;
  readonly commits: readonly string[];
}

/** A boot may store a block from the log of its height, and then send again what it has proposed at that height. So two heights are kept. */
const heightsKept = 2;

interface Memory extends Judged {
  readonly progress: Progress;
  readonly heights: HeightTable<readonly Extended[]>;
  /** In the order of the setting's nodes. */
  readonly stored: readonly (readonly Stored[])[];
}

/** The event that is judged, with what its rules need. */
interface Judging {
  readonly setting: Setting;
  readonly from: number;
  readonly event: RunEvent;
  readonly observer: Observer;
}

const nothingStored: readonly Stored[] = [];

function monitorOf(setting: Setting): Monitor<Memory> {
  const places = new Map(setting.nodes.map((node, place) => [node, place]));
  const from = firstExtended(setting);
  return {
    watches: ['effect transmit', 'disk append', ...whereDecided, 'fault'],
    start: { ...unjudged, progress: noProgress(setting), heights: emptyTable, stored: setting.nodes.map(() => nothingStored) },
    look: (memory, event, observer) => {
      const judging: Judging = { setting, from, event, observer };
      const place = places.get(event.node) as number;
      const copied = copiedDisk(event);
      if (copied !== undefined) {
        const theirs = memory.stored[places.get(copied.from) as number] as readonly Stored[];
        return { ...memory, stored: memory.stored.with(place, theirs) };
      }
      const next = event.type === 'effect' ? looked(memory, judging, place) : memory;
      const progress = progressAfter(next.progress, event, setting);
      return progress === next.progress ? next : { ...next, progress, heights: fromHeight(next.heights, progress.lowest) };
    },
    finish: (memory) => verdictOf(memory, 'nobody extended a vote'),
    relevant: relevantOf,
  };
}

function firstExtended({ configurations }: Setting): number {
  const heights = [...configurations.values()].map(
    (config) => (config as { readonly voteExtensionsFrom?: number } | undefined)?.voteExtensionsFrom,
  );
  return Math.min(...heights.map((height) => height ?? Number.POSITIVE_INFINITY));
}

function looked(memory: Memory, judging: Judging, place: number): Memory {
  const { event, observer } = judging;
  if (event.type !== 'effect' || observer.isFaulty(event.node)) return memory;
  const { effect } = event;
  if (effect.type === 'disk')
    return effect.operation.type === 'append' && effect.operation.file.startsWith('blocks/')
      ? storedNow(memory, judging, place, effect.operation.bytes)
      : memory;
  if (effect.type !== 'transmit' || effect.to.length === 0) return memory;
  let next = memory;
  const isOwnVote = effect.data.type === 'vote';
  for (const statement of statementsIn(effect.data)) next = sent(next, judging, statement, isOwnVote);
  return proposed(next, judging, place);
}

/** A precommit that leaves, by itself or in a certificate. */
function sent(memory: Memory, judging: Judging, statement: Statement, isBare: boolean): Memory {
  const { setting, from, event, observer } = judging;
  const { kind, value, height, round, signer, extension } = statement;
  if (kind !== 'precommit' || value === null) return memory;
  const place = `at height ${height}, round ${round}`;
  if (height >= from !== (extension !== undefined)) {
    const how = extension === undefined ? 'without an extension' : `with an extension, and extensions begin at height ${from}`;
    return wrong(memory, event, `sent a ${text(statement)} of ${signer} ${place} ${how}`, height);
  }
  if (extension === undefined || height < memory.progress.lowest || isFaultyKey(observer, setting, signer)) return memory;
  const known = heightEntry(memory.heights, height) ?? [];
  const before = known.find((one) => one.signer === signer && one.round === round);
  if (before !== undefined)
    return before.extension === extension
      ? memory
      : wrong(
          memory,
          event,
          `sent ${inWords(extension)} as the extension of ${signer} ${place}, and before it was ${inWords(before.extension)}`,
          height,
        );
  // The first to send it is the validator itself.
  if (!isBare || signersIn(setting)(event.node) !== signer) return memory;
  const heights = withHeight(memory.heights, height, [...known, { signer, round, extension }]);
  return { ...memory, isExercised: true, heights };
}

/** A block that a node stores must have the extensions of its certificate, or a proposer that comes back would lack them. */
function storedNow(memory: Memory, judging: Judging, place: number, bytes: Uint8Array): Memory {
  const { from, event } = judging;
  let next = memory;
  for (const { kind, payload } of framesIn(bytes)) {
    const decision = kind === frameOf.block ? blockIn(payload)?.decision : undefined;
    if (decision === undefined || decision.height < from) continue;
    const { height, round, signers, extensions } = decision;
    const read: ExtensionsRead = { round, extensions: signers.map((signer, at) => [signer, extensions[at]] as const) };
    const what = wrongIn(read, height, judging, next);
    if (what !== undefined) next = wrong(next, event, `stored height ${height} ${what}`, height);
    next = {
      ...next,
      stored: next.stored.with(place, withCommit(next.stored[place] as readonly Stored[], height, asText(read))),
    };
  }
  return next;
}

function withCommit(stored: readonly Stored[], height: number, commit: string): readonly Stored[] {
  const before = stored.find((one) => one.height === height)?.commits ?? [];
  const commits = [...before.filter((one) => one !== commit), commit];
  const others = stored.filter((one) => one.height !== height);
  return [...others, { height, commits }].sort((a, b) => a.height - b.height).slice(-heightsKept);
}

function wrongIn(
  { round, extensions }: ExtensionsRead,
  height: number,
  { setting, observer }: Judging,
  memory: Memory,
): string | undefined {
  const known = heightEntry(memory.heights, height) ?? [];
  for (const [signer, signed] of extensions) {
    if (signed === undefined) return `without the extension of ${signer}`;
    const { extension, signature } = signed;
    if (!isAccepted(extension, height, round))
      return `with an extension of ${signer} that the application refuses (${inWords(extension)})`;
    const sentBefore = known.find((one) => one.signer === signer && one.round === round);
    if (sentBefore !== undefined && sentBefore.extension !== extension && !isFaultyKey(observer, setting, signer))
      return `with ${inWords(extension)} as the extension of ${signer}, which has sent ${inWords(sentBefore.extension)}`;
    if (setting.isSignedBy?.(signer, signedBytes(extension, height, round), signature) === false)
      return `with ${inWords(extension)} as the extension of ${signer}, which has not signed that`;
  }
  return undefined;
}

/** What the signature of an extension covers (docs/formats/wal.md). */
function signedBytes(extension: string, height: number, round: number): Uint8Array {
  return Uint8Array.from(`extension ${height} ${round} ${extension}`, (letter) => letter.charCodeAt(0));
}

/** A new value of an own proposal contains the extensions of the block before, as the node has stored it. */
function proposed(memory: Memory, { setting, from, event }: Judging, place: number): Memory {
  if (event.type !== 'effect' || event.effect.type !== 'transmit' || event.effect.data.type !== 'proposal') return memory;
  const { proposer, height, polRound, data } = event.effect.data as unknown as Readonly<Record<string, unknown>>;
  if (
    proposer !== signersIn(setting)(event.node) ||
    polRound !== -1 ||
    typeof height !== 'number' ||
    !(data instanceof Uint8Array)
  )
    return memory;
  const found = carriedIn(data);
  const said = found === undefined ? 'bytes that are no list' : inList(found);
  if (height <= from)
    return found?.extensions.length === 0
      ? memory
      : wrong(memory, event, `proposed ${said} at height ${height}, before any commit had extensions`, height);
  const stored = (memory.stored[place] as readonly Stored[]).find((one) => one.height === height - 1);
  if (found !== undefined && stored?.commits.includes(asText(found)) === true) return memory;
  const kept = stored === undefined ? 'nothing of that height' : stored.commits.join(' or ');
  return wrong(
    memory,
    event,
    `proposed at height ${height} with ${said} as the extensions of the commit before, and its store has ${kept}`,
    height,
  );
}

function inList(read: ExtensionsRead): string {
  return read.extensions.length === 0 ? 'no extensions' : asText(read);
}

function asText({ round, extensions }: ExtensionsRead): string {
  return `round ${round}: ${extensions.map(([signer, signed]) => `${signer} ${signed === undefined ? 'none' : inWords(signed.extension)}`).join(', ')}`;
}

/** The form of an extension in the simulated application: `x`, height, round and something of its own. */
function isAccepted(extension: string, height: number, round: number): boolean {
  return extension.startsWith(`x${height}.${round}-`);
}

function inWords(extension: string): string {
  return `'${extension}'`;
}

function wrong(memory: Memory, { node, index }: RunEvent, what: string, height: number): Memory {
  return withViolation({ ...memory, isExercised: true }, { message: `${node} ${what}`, event: index, nodes: [node], height });
}

export const voteExtension: Property = {
  name: 'vote-extension',
  says: 'a validator sends one extension at a height and round, in all of its lives; a block is stored with the extensions of its certificate, none of which the application refuses; a new value contains those of the block before',
  hint: 'log an extension with its precommit before both leave, and store it with the block',
  monitor: monitorOf,
};
