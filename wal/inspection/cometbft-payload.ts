/**
 * What CometBFT writes into a record (`proto/tendermint/consensus/wal.proto`, `types.proto`), and the checks that its own decoder makes:
 * a message that fails them is corrupt there, and so here.
 */
import { hex } from './inspected.ts';
import { Fields, ProtobufError } from './protobuf.ts';

export interface CometPayload {
  readonly kind: string;
  readonly time: string;
  readonly decoded: unknown;
}

type Decoder = (message: Fields, peer: string) => Readonly<Record<string, unknown>>;

const steps: readonly string[] = [
  '',
  'NewHeight',
  'NewRound',
  'Propose',
  'Prevote',
  'PrevoteWait',
  'Precommit',
  'PrecommitWait',
  'Commit',
];
const voteTypes: Readonly<Record<number, string>> = { 1: 'prevote', 2: 'precommit' };
const proposalType = 32;
const maxPartBytes = 65_536;

/** Throws `ProtobufError` with the reason if it is no such message. */
export function cometPayload(payload: Uint8Array): CometPayload {
  const timed = new Fields(payload);
  const message = timed.message(2);
  if (message === undefined) throw new ProtobufError('it holds no message');
  return { time: timeOf(timed.message(1)), ...walMessage(message) };
}

const walMessages: Readonly<Record<number, (message: Fields) => { readonly kind: string; readonly decoded: unknown }>> = {
  1: (state) => ({
    kind: 'round_state',
    decoded: { height: String(state.signed(1)), round: state.int32(2), step: state.text(3) },
  }),
  2: messageInfo,
  3: (timeout) => ({ kind: 'timeout', decoded: timeoutInfo(timeout) }),
  4: (end) => ({ kind: 'end_height', decoded: { height: String(end.signed(1)) } }),
};

function walMessage(message: Fields): { readonly kind: string; readonly decoded: unknown } {
  const field = message.lastOf(Object.keys(walMessages).map(Number));
  const inner = field === undefined ? undefined : message.message(field);
  const decode = walMessages[field ?? 0];
  if (inner === undefined || decode === undefined) throw new ProtobufError('it is a message of no known kind');
  return decode(inner);
}

function timeoutInfo(timeout: Fields): unknown {
  const step = timeout.uint32(4);
  if (step > 255) throw new ProtobufError(`step ${step} does not fit a byte`);
  const name = steps[step];
  return {
    durationNs: String(nanoseconds(timeout.message(1))),
    height: String(timeout.signed(2)),
    round: timeout.int32(3),
    step,
    stepName: name === undefined || name === '' ? 'RoundStepUnknown' : `RoundStep${name}`,
  };
}

function messageInfo(info: Fields): { readonly kind: string; readonly decoded: unknown } {
  const message = info.message(1);
  if (message === undefined) throw new ProtobufError('it holds no message of a peer');
  const peer = info.text(2);
  const last = message.lastOf(peerMessages.map(([field]) => field));
  const found = peerMessages.find(([field]) => field === last);
  const inner = last === undefined ? undefined : message.message(last);
  if (found === undefined || inner === undefined) throw new ProtobufError('it is a message of no known kind');
  const [, kind, decode] = found;
  return { kind, decoded: decode(inner, peer) };
}

const newRoundStep: Decoder = (message, peer) => {
  const decoded = {
    height: String(atLeast(message.signed(1), 0n, 'height')),
    round: whole(message.int32(2), 'round'),
    step: message.uint32(3),
    secondsSinceStartTime: String(message.signed(4)),
    lastCommitRound: message.int32(5),
    peer,
  };
  if (decoded.step < 1 || decoded.step >= steps.length) throw new ProtobufError(`${decoded.step} is no step`);
  return decoded;
};

const proposal: Decoder = (outer, peer) => {
  const message = required(outer.message(1), 'proposal');
  if (message.int32(1) !== proposalType) throw new ProtobufError(`a proposal of type ${message.int32(1)}`);
  timeOf(message.message(6));
  const { blockHash, parts } = blockId(message, 5);
  if (blockHash === null) throw new ProtobufError('a proposal without a block');
  const round = whole(message.int32(3), 'round');
  const polRound = message.int32(4);
  if (polRound < -1 || polRound >= round + (polRound === -1 ? 1 : 0))
    throw new ProtobufError(`polRound ${polRound} in round ${round}`);
  signature(message, 7);
  return { blockHash, height: String(atLeast(message.signed(2), 0n, 'height')), parts, peer, polRound, round };
};

const blockPart: Decoder = (message, peer) => {
  const part = required(message.message(3), 'part');
  const partBytes = part.bytes(2).length;
  if (partBytes > maxPartBytes) throw new ProtobufError(`a part of ${partBytes} bytes`);
  return {
    height: String(atLeast(message.signed(1), 0n, 'height')),
    index: part.uint32(1),
    partBytes,
    peer,
    round: whole(message.int32(2), 'round'),
  };
};

const vote: Decoder = (outer, peer) => {
  const message = required(outer.message(1), 'vote');
  const type = voteTypes[message.int32(1)];
  if (type === undefined) throw new ProtobufError(`a vote of type ${message.int32(1)}`);
  timeOf(message.message(5));
  message.bytes(10);
  const validator = message.bytes(6);
  if (validator.length !== 20) throw new ProtobufError('an address has 20 bytes');
  return {
    blockHash: blockId(message, 4).blockHash,
    extensionBytes: message.bytes(9).length,
    height: String(atLeast(message.signed(2), 1n, 'height')),
    index: whole(message.int32(7), 'index'),
    peer,
    round: whole(message.int32(3), 'round'),
    signatureBytes: signature(message, 8),
    type,
    validator: hex(validator),
  };
};

const hasVote: Decoder = (message, peer) => {
  const type = voteTypes[message.int32(3)];
  if (type === undefined) throw new ProtobufError(`a vote of type ${message.int32(3)}`);
  return {
    height: String(atLeast(message.signed(1), 0n, 'height')),
    index: whole(message.int32(4), 'index'),
    peer,
    round: whole(message.int32(2), 'round'),
    type,
  };
};

/** What is only named. */
const named: Decoder = (_message, peer) => ({ peer });

const peerMessages: readonly (readonly [number, string, Decoder])[] = [
  [1, 'new_round_step', newRoundStep],
  [2, 'new_valid_block', named],
  [3, 'proposal', proposal],
  [4, 'proposal_pol', named],
  [5, 'block_part', blockPart],
  [6, 'vote', vote],
  [7, 'has_vote', hasVote],
  [8, 'vote_set_maj23', named],
  [9, 'vote_set_bits', named],
];

/** Empty: nil. */
function blockId(message: Fields, field: number): { readonly blockHash: string | null; readonly parts: number } {
  const id = message.message(field);
  const hash = id?.bytes(1) ?? new Uint8Array(0);
  const set = id?.message(2);
  const parts = set?.uint32(1) ?? 0;
  const partsHash = set?.bytes(2).length ?? 0;
  if (hash.length === 0 && parts === 0 && partsHash === 0) return { blockHash: null, parts };
  if (hash.length !== 32 || partsHash !== 32 || parts === 0) throw new ProtobufError('a block is named in part');
  return { blockHash: hex(hash), parts };
}

function signature(message: Fields, field: number): number {
  const { length } = message.bytes(field);
  if (length === 0 || length > 64) throw new ProtobufError(`a signature of ${length} bytes`);
  return length;
}

function required(message: Fields | undefined, what: string): Fields {
  if (message === undefined) throw new ProtobufError(`it holds no ${what}`);
  return message;
}

function whole(value: number, what: string): number {
  if (value < 0) throw new ProtobufError(`${what} ${value} is below 0`);
  return value;
}

function atLeast(value: bigint, least: bigint, what: string): bigint {
  if (value < least) throw new ProtobufError(`${what} ${value} is below ${least}`);
  return value;
}

function nanoseconds(duration: Fields | undefined): bigint {
  return duration === undefined ? 0n : duration.signed(1) * 1_000_000_000n + BigInt(duration.int32(2));
}

/** RFC 3339, nanoseconds without trailing zeros. */
function timeOf(time: Fields | undefined): string {
  const seconds = time?.signed(1) ?? 0n;
  const nanos = time?.int32(2) ?? 0;
  // From the year 1 to the year 9999, as the format has it.
  if (seconds < -62_135_596_800n || seconds > 253_402_300_799n || nanos < 0 || nanos >= 1e9)
    throw new ProtobufError('its time is none');
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${isoSeconds(seconds)}${fraction}Z`;
}

/** Days since 1970 as a date of the Gregorian calendar, without a clock. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function isoSeconds(seconds: bigint): string {
  const day = 86_400n;
  let days = seconds / day;
  let rest = seconds % day;
  if (rest < 0n) {
    rest += day;
    days -= 1n;
  }
  const shifted = Number(days) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * month + 2) / 5) + 1;
  const realMonth = month < 10 ? month + 3 : month - 9;
  const year = yearOfEra + era * 400 + (realMonth <= 2 ? 1 : 0);
  const two = (value: number): string => String(value).padStart(2, '0');
  const second = Number(rest);
  const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  return `${String(year).padStart(4, '0')}-${two(realMonth)}-${two(date)}T${clock}`;
}
