/**
 * Plans what boot does with the block store: it finds the last height and the newest blocks, and creates the store file of this life.
 */
import { RecoveryError } from './errors.ts';
import { corruptRemedy, type NamedFile, type StoreChain } from './folder.ts';
import type { ByteSource, FrameRef } from './frames.ts';
import { type BootStep, birth, type LogWriter, storeFile, storeSites } from './writer.ts';

export interface StoreOptions {
  /** A random number for the file of this life. */
  readonly salt: number;
  /** The height of a block, from its payload. */
  readonly heightOf: (block: Uint8Array) => number;
  /** How many of the newest blocks are returned. */
  readonly keepBlocks: number;
}

/** The store file of this life, and the steps that create it. */
export interface NewStore {
  readonly writer: LogWriter;
  readonly steps: readonly BootStep[];
}

/** The height of the last stored block; 0 if there is none. Throws `RecoveryError` if blocks are missing or out of order. */
export function storedHeight(
  { blocks }: StoreChain,
  contents: ReadonlyMap<string, ByteSource>,
  { heightOf }: StoreOptions,
): number {
  let height = 0;
  for (const { file, frame } of blocks) {
    const found = heightOf(payloadOf(contents, file, frame));
    // Each life begins with a copy of the block before it, so the same height may come twice.
    if (height !== 0 && found !== height + 1 && found !== height) {
      const place = { file, offset: frame.offset, sequence: frame.sequence };
      throw new RecoveryError(
        'CORRUPT',
        place,
        `expected block ${height + 1} after block ${height}, found block ${found}`,
        corruptRemedy,
      );
    }
    height = found;
  }
  return height;
}

/** Plans the store file of this life. It begins with a copy of the last block, if there is one. */
export function bearStore(life: number, blocks: StoreChain['blocks'], salt: number): NewStore {
  const newest = blocks.at(-1);
  const baseSequence = newest === undefined ? 0 : newest.frame.sequence - 1;
  const inherited = newest === undefined ? undefined : { file: newest.file, frames: [newest.frame] };
  return birth({ file: storeFile(life), height: 0, life, salt, baseSequence, inherited, sites: storeSites });
}

/** The older store files that are still needed: those whose base sequence is below that of the new file. */
export function keptStores({ born }: StoreChain, { writer }: NewStore): ReadonlySet<string> {
  return new Set(born.filter(({ header }) => (header?.baseSequence ?? 0) < writer.baseSequence).map(({ file }) => file));
}

export function newestBlocks(
  chain: StoreChain,
  contents: ReadonlyMap<string, ByteSource>,
  { keepBlocks, heightOf }: StoreOptions,
): readonly Uint8Array[] {
  const byHeight = new Map<number, Uint8Array>();
  for (const { file, frame } of chain.blocks.slice(-keepBlocks - chain.born.length)) {
    const payload = payloadOf(contents, file, frame);
    byHeight.set(heightOf(payload), payload);
  }
  return [...byHeight.values()].slice(-keepBlocks);
}

export function payloadOf(contents: ReadonlyMap<string, ByteSource>, file: string, { offset, length }: FrameRef): Uint8Array {
  return (contents.get(file) as ByteSource).read(offset, length).slice();
}

/** The steps that remove these files. The folders must be synced afterwards (`directorySyncs`). */
export function removals(files: readonly string[]): readonly BootStep[] {
  return files.map((file): BootStep => ({ site: 'segment.prune', operation: { type: 'remove', file } }));
}

export function directorySyncs(files: readonly NamedFile['file'][]): readonly BootStep[] {
  const directories = [...new Set(files.map((name) => name.slice(0, name.indexOf('/'))))];
  return directories.map((directory): BootStep => ({ site: 'segment.prune', operation: { type: 'syncDirectory', directory } }));
}
