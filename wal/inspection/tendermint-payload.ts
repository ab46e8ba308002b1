/**
 * Payloads of Tendermint before 0.34, which the decoder of today refuses: which of the four registered messages it is. The fields are not
 * decoded; they changed from version to version.
 *
 * Source: tendermint/tendermint `consensus/wal.go` at v0.19.0 to v0.33.9 (`RegisterWALMessages`), tendermint/go-amino `codec.go`: a
 * registered type is announced by 4 bytes of the SHA-256 of its name. Not modelled: go-wire's one-byte types of v0.18 and earlier.
 */
import { uint32At } from '../format.ts';
import { Fields, ProtobufError } from './protobuf.ts';

export type OldKind = 'end_height' | 'timeout' | 'round_state' | 'message';

const prefixes: ReadonlyMap<number, OldKind> = new Map([
  [0xc7309b41, 'end_height'],
  [0xc1743108, 'timeout'],
  [0x9db37aae, 'round_state'],
  [0x1f5ea3ff, 'message'],
]);
const prefixBytes = 4;

/** Undefined: no message of that age. */
export function oldKindOf(payload: Uint8Array): OldKind | undefined {
  return kindOf(messageOf(payload)) ?? kindBefore022(payload);
}

/** The second field of a `TimedWALMessage`: prefix, then the message. */
function messageOf(payload: Uint8Array): Uint8Array {
  try {
    return new Fields(payload).bytes(2);
  } catch (error) {
    if (error instanceof ProtobufError) return new Uint8Array(0);
    throw error;
  }
}

function kindOf(message: Uint8Array): OldKind | undefined {
  return message.length < prefixBytes ? undefined : prefixes.get(uint32At(message, 0));
}

/**
 * go-amino 0.9 (v0.19 to v0.21): field 1, a struct of 8 and 4 bytes with a terminator; field 2, an interface. The last three bits of a
 * prefix are the type of what follows, 3 for a struct.
 */
function kindBefore022(payload: Uint8Array): OldKind | undefined {
  const places: readonly (readonly [number, number])[] = [
    [0, 0x0b],
    [1, 0x09],
    [10, 0x15],
    [15, 0x04],
    [16, 0x17],
  ];
  if (payload.length < 17 + prefixBytes || places.some(([at, byte]) => payload[at] !== byte)) return undefined;
  const found = uint32At(payload, 17);
  return [...prefixes].find(([prefix]) => ((prefix & ~7) | 3) >>> 0 === found)?.[1];
}
