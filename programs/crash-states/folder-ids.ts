/** Small numbers for equal bytes, so that folders can be compared by short keys. Equal by value, never by a digest alone. */
import { bytesDigest } from '../../core/digest.ts';
import type { Entry, Folder } from '../recording/calls.ts';
import { isSameBytes } from '../recording/read-folder.ts';

export class ContentIds {
  readonly #buckets = new Map<number, { readonly bytes: Uint8Array; readonly id: number }[]>();
  #count = 0;

  idOf(bytes: Uint8Array): number {
    const digest = bytesDigest(bytes);
    const bucket = this.#buckets.get(digest) ?? [];
    const known = bucket.find((one) => isSameBytes(one.bytes, bytes));
    if (known !== undefined) return known.id;
    this.#count += 1;
    // A copy: the buffers of the disk model are shared and grow.
    this.#buckets.set(digest, [...bucket, { bytes: bytes.slice(), id: this.#count }]);
    return this.#count;
  }

  /** Equal keys mean equal folders. */
  keyOf(folder: Folder): string {
    const parts: string[] = [];
    for (const [path, entry] of folder) parts.push(`${path}\0${this.#entryKey(entry)}`);
    return parts.join('\0\0');
  }

  #entryKey(entry: Entry): string {
    if (entry.type === 'file') return `f${this.idOf(entry.bytes)}`;
    return entry.type === 'folder' ? 'd' : `l${entry.target}`;
  }
}
