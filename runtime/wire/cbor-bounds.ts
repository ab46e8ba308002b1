/**
 * Whether bytes are one plain CBOR value (RFC 8949) that costs no more memory than a small multiple of its length: no tags, no indefinite lengths, few
 * levels, and no list or text that is longer than the bytes that are left. Checked before anything is decoded.
 */

const maxDepth = 16;

export function isBoundedCbor(bytes: Uint8Array): boolean {
  /** Items still to come, level by level. */
  const open: number[] = [1];
  let at = 0;
  while (open.length > 0) {
    const left = open[open.length - 1] as number;
    if (left === 0) {
      open.pop();
      continue;
    }
    open[open.length - 1] = left - 1;
    const head = headAt(bytes, at);
    if (head === undefined) return false;
    at = head.end;
    const rest = bytes.length - at;
    switch (head.major) {
      case 2:
      case 3:
        if (head.argument > rest) return false;
        at += head.argument;
        break;
      case 4:
      case 5: {
        const items = head.major === 4 ? head.argument : 2 * head.argument;
        if (items > rest || open.length >= maxDepth) return false;
        open.push(items);
        break;
      }
      case 6:
        return false;
      default:
        break;
    }
  }
  return at === bytes.length;
}

interface Head {
  readonly major: number;
  readonly argument: number;
  readonly end: number;
}

function headAt(bytes: Uint8Array, at: number): Head | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const [major, info] = [first >> 5, first & 31];
  if (info < 24) return { major, argument: info, end: at + 1 };
  const size = info < 28 ? 1 << (info - 24) : 0;
  if (size === 0 || at + 1 + size > bytes.length) return undefined;
  let argument = 0;
  for (let index = 1; index <= size; index += 1) argument = argument * 256 + (bytes[at + index] as number);
  return { major, argument, end: at + 1 + size };
}
