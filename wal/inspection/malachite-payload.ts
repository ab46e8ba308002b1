/**
 * What Malachite's engine writes into an entry (circlefin/malachite `code/crates/engine/src/wal/entry.rs`), with the protobuf messages of its
 * test application (`code/crates/test/proto`).
 *
 * Two refusals are distinguished. `refusedPayload`: the engine's own framing does not decode, for any application. `decodeError`
 * alone: only the test application's codec does not, and the bytes may be another application's.
 */
import { hex } from './inspected.ts';
import { Fields } from './protobuf.ts';

export interface MalachitePayload {
  readonly kind: 'vote' | 'proposal' | 'proposed_value' | 'timeout' | 'empty' | 'undecodable';
  readonly decoded: unknown;
  readonly decodeError?: string;
}

const timeouts: Readonly<Record<number, string>> = { 1: 'propose', 2: 'prevote', 3: 'precommit', 7: 'rebroadcast' };
const tags = { consensus: 1, timeout: 2, proposedValue: 4 } as const;
const timeoutBytes = 10;
const idBytes = 8;
const lengthBytes = 9;

/** Why the engine's `decode_entry` cannot read a payload; undefined: it can, if the application's codec can. */
export function refusedPayload(payload: Uint8Array): string | undefined {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const [tag, kind] = payload;
  if (tag === undefined) return 'it has no bytes';
  if (tag === tags.timeout) {
    if (payload.length < timeoutBytes) return `a timeout of fewer than ${timeoutBytes} bytes`;
    if (timeouts[kind ?? 0] === undefined) return `timeouts of kind ${kind} are not stored`;
    const round = view.getBigInt64(2);
    return round > 0xffff_ffffn ? `${round} is no round` : undefined;
  }
  if (tag !== tags.consensus && tag !== tags.proposedValue) return `tag ${tag} is not known`;
  if (payload.length < lengthBytes) return 'its length is cut';
  return view.getBigUint64(1) > BigInt(payload.length - lengthBytes) ? 'it is shorter than it says' : undefined;
}

export function malachitePayload(payload: Uint8Array): MalachitePayload {
  const refusal = refusedPayload(payload);
  if (refusal !== undefined) return { kind: payload.length === 0 ? 'empty' : 'undecodable', decoded: null, decodeError: refusal };
  try {
    return decode(payload);
  } catch (error) {
    return { kind: 'undecodable', decoded: null, decodeError: error instanceof Error ? error.message : String(error) };
  }
}

/** The engine's framing holds. */
function decode(payload: Uint8Array): MalachitePayload {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  if (payload[0] === tags.timeout) {
    // `Round::from`: every negative number is nil.
    const round = view.getBigInt64(2);
    return { kind: 'timeout', decoded: { round: round < 0n ? -1 : Number(round), timeout: timeouts[payload[1] ?? 0] } };
  }
  // What follows the announced bytes is ignored, as the engine does.
  const message = new Fields(payload.subarray(lengthBytes, lengthBytes + Number(view.getBigUint64(1))));
  return payload[0] === tags.consensus ? consensusMessage(message) : { kind: 'proposed_value', decoded: proposedValue(message) };
}

function consensusMessage(signed: Fields): MalachitePayload {
  const proposal = signed.message(1);
  if (proposal !== undefined) return { kind: 'proposal', decoded: proposalOf(proposal) };
  const vote = signed.message(2);
  if (vote === undefined) throw new Error('it is neither a proposal nor a vote');
  return { kind: 'vote', decoded: voteOf(vote) };
}

function voteOf(vote: Fields): unknown {
  const type = ['prevote', 'precommit'][vote.int32(1)];
  if (type === undefined) throw new Error(`a vote of type ${vote.int32(1)}`);
  const value = vote.message(4);
  return {
    height: String(vote.unsigned(2)),
    round: vote.uint32(3),
    type,
    validator: hex(address(vote, 5)),
    valueId: value === undefined ? null : hex(value.bytes(1)),
  };
}

function proposalOf(proposal: Fields): unknown {
  return {
    height: String(proposal.unsigned(1)),
    polRound: proposal.has(4) ? proposal.uint32(4) : null,
    round: proposal.uint32(2),
    validator: hex(address(proposal, 5)),
    ...headOf(proposal, 3),
  };
}

function proposedValue(value: Fields): unknown {
  return {
    height: String(value.unsigned(1)),
    proposer: hex(address(value, 4)),
    round: value.uint32(2),
    validRound: value.has(3) ? value.uint32(3) : null,
    validity: value.bool(6),
    ...headOf(value, 5),
  };
}

function headOf(message: Fields, field: number): { readonly valueBytes: number; readonly valueHead: string } {
  const value = message.message(field)?.bytes(1);
  if (value === undefined || value.length < idBytes) throw new Error('it has no value');
  return { valueBytes: value.length, valueHead: hex(value.subarray(0, idBytes)) };
}

function address(message: Fields, field: number): Uint8Array {
  const bytes = message.message(field)?.bytes(1);
  if (bytes?.length !== 20) throw new Error('an address has 20 bytes');
  return bytes;
}
