/**
 * What Malachite's engine writes into an entry (`code/crates/engine/src/wal/entry.rs`), with the protobuf messages of its test application
 * (`code/crates/test/proto`): another application's bytes are called undecodable.
 */
import { hex } from './inspected.ts';
import { Fields } from './protobuf.ts';

export interface MalachitePayload {
  readonly kind: 'vote' | 'proposal' | 'proposed_value' | 'timeout' | 'empty' | 'undecodable';
  readonly decoded: unknown;
  readonly decodeError?: string;
}

const timeouts: Readonly<Record<number, string>> = { 1: 'propose', 2: 'prevote', 3: 'precommit', 7: 'rebroadcast' };
const idBytes = 8;

export function malachitePayload(payload: Uint8Array): MalachitePayload {
  if (payload.length === 0) return { kind: 'empty', decoded: null, decodeError: 'it has no bytes' };
  try {
    return decode(payload);
  } catch (error) {
    return { kind: 'undecodable', decoded: null, decodeError: error instanceof Error ? error.message : String(error) };
  }
}

function decode(payload: Uint8Array): MalachitePayload {
  switch (payload[0]) {
    case 1:
      return consensusMessage(inner(payload));
    case 2:
      return { kind: 'timeout', decoded: timeout(payload) };
    case 4:
      return { kind: 'proposed_value', decoded: proposedValue(inner(payload)) };
    default:
      throw new Error(`tag ${payload[0]} is not known`);
  }
}

/** `u8 tag | u64 length | bytes`; what follows is ignored, as the engine does. */
function inner(payload: Uint8Array): Fields {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  if (payload.length < 9) throw new Error('its length is cut');
  const length = view.getBigUint64(1);
  if (length > BigInt(payload.length - 9)) throw new Error('it is shorter than it says');
  return new Fields(payload.subarray(9, 9 + Number(length)));
}

function timeout(payload: Uint8Array): unknown {
  if (payload.length < 10) throw new Error('a timeout of fewer than ten bytes');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const name = timeouts[payload[1] ?? 0];
  if (name === undefined) throw new Error(`timeouts of kind ${payload[1]} are not stored`);
  const round = view.getBigInt64(2);
  if (round < -1n || round > 0xffff_ffffn) throw new Error(`${round} is no round`);
  return { round: Number(round), timeout: name };
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
