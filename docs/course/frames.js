// One entry on disk: its length, a checksum, its bytes.
export function framed(entry) {
  const bytes = new Uint8Array(8 + entry.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, entry.length);
  view.setUint32(4, checksum(entry));
  bytes.set(entry, 8);
  return bytes;
}

/** All frames as their lengths say, whole or not: `{ entry, isWhole }`. */
export function framesIn(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const frames = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (length === 0) break; // zeros: nothing was ever written here
    const entry = bytes.slice(at + 8, at + 8 + length);
    frames.push({ entry, isWhole: entry.length === length && checksum(entry) === view.getUint32(at + 4) });
    at += 8 + length;
  }
  return frames;
}

/** The entries up to the first frame that is not whole. */
export function wholeEntriesIn(bytes) {
  const frames = framesIn(bytes);
  const torn = frames.findIndex(({ isWhole }) => !isWhole);
  return (torn === -1 ? frames : frames.slice(0, torn)).map(({ entry }) => entry);
}

function checksum(entry) {
  let sum = 1;
  for (const byte of entry) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum;
}
