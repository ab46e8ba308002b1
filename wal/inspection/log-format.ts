/** How one file is framed: questions that can be asked at any offset, without knowing the entries before it. */
export interface LogFormat {
  /** Offset of the first entry. */
  readonly first: number;
  /** Why the engine that writes this format does not open the file; undefined: it opens it. */
  readonly openRefusal: string | undefined;
  /** Bytes of the entry at this offset, by its length alone; undefined: it ends after the end of the file. */
  frameBytes(offset: number): number | undefined;
  /** Whether the checksum of the entry at this offset holds. Its length must fit. */
  holds(offset: number): boolean;
  /** Why the engine that writes this format cannot decode the entry at this offset, whose checksum holds; undefined: it can. */
  refusal(offset: number): string | undefined;
  /** Offset of the next entry at or after `from` that has a payload and whose checksum holds. */
  nextWhole(from: number): number | undefined;
}

/** Bytes that are all zeros or all ones have these checksums by themselves: in a search they prove nothing. */
export function isProof(checksum: number): boolean {
  return checksum !== 0 && checksum !== 0xffff_ffff;
}

/** Entries with a payload whose checksums hold, from any offset between `from` and `to` on. */
export function countWhole(format: LogFormat, from: number, to: number): number {
  let count = 0;
  let offset = format.nextWhole(from);
  while (offset !== undefined && offset < to) {
    count += 1;
    offset = format.nextWhole(offset + (format.frameBytes(offset) ?? 1));
  }
  return count;
}
