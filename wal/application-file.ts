/**
 * The application's file: the state that an application with a store of its own has computed from the blocks, in a folder of its own. It can be
 * older than the block store, lost, or put back, without the log and the blocks.
 *
 * Each commit writes a new file, `app/state.<n + 1>`. A commit that is to be durable syncs it with its name, and only then removes the older ones. So a
 * death leaves an older state as a whole, and never half of one. Not here: what the state is.
 */
import { crc32 } from './crc32.ts';
import type { ByteSource } from './frames.ts';
import type { BootStep } from './writer.ts';

/** What a life knows of its application's store: the newest state that it has written, its files, and the number of the next one. */
export interface ApplicationFile {
  /** The height of the last block that the application has executed; 0: none. */
  readonly height: number;
  /** The state after it; nothing at height 0. */
  readonly state: Uint8Array;
  readonly files: readonly string[];
  readonly next: number;
}

/** What a boot finds. `lost`: no file is whole, so the application begins again at height 0. */
export interface FoundApplication extends ApplicationFile {
  readonly lost?: 'GONE' | 'CORRUPT';
}

const folder = 'app';
const magic = Uint8Array.from('LAZUAPP1', (c) => c.charCodeAt(0));
const headerBytes = 20;
const shape = /^app\/state\.(\d{1,15})$/;
const nothingExecuted = { height: 0, state: new Uint8Array() };

/** The first file, of an application that has executed nothing. */
export function applicationBirth(): readonly BootStep[] {
  return commitApplication({ ...nothingExecuted, files: [], next: 0 }, nothingExecuted, true).steps;
}

/** The application's files among these names, oldest first. */
export function applicationFiles(names: Iterable<string>): readonly string[] {
  return [...names].filter((name) => shape.test(name)).sort((a, b) => numberOf(a) - numberOf(b));
}

/** The newest whole file counts. `understands`: false for a state that is damage although its checksum holds. */
export function readApplication(
  contents: ReadonlyMap<string, ByteSource>,
  understands: (state: Uint8Array) => boolean = () => true,
): FoundApplication {
  const files = applicationFiles(contents.keys());
  const next = Math.max(-1, ...files.map(numberOf)) + 1;
  for (const file of files.toReversed()) {
    const found = decode(contents.get(file) as ByteSource);
    if (found !== undefined && (found.height === 0 || understands(found.state))) return { ...found, files, next };
  }
  return { ...nothingExecuted, files, next, lost: files.length === 0 ? 'GONE' : 'CORRUPT' };
}

/**
 * Writes the state after a height into a new file. `isDurable`: it is synced, and takes the place of the files before it. Otherwise these stay until a later
 * commit is durable.
 */
export function commitApplication(
  { files, next }: ApplicationFile,
  { height, state }: Pick<ApplicationFile, 'height' | 'state'>,
  isDurable: boolean,
): { readonly file: ApplicationFile; readonly steps: readonly BootStep[] } {
  const file = `${folder}/state.${next}`;
  const written: readonly BootStep[] = [
    { site: 'app.write', operation: { type: 'create', file } },
    { site: 'app.write', operation: { type: 'append', file, bytes: encode(height, state) } },
  ];
  if (!isDurable) return { file: { height, state, files: [...files, file], next: next + 1 }, steps: written };
  const steps: readonly BootStep[] = [
    ...written,
    { site: 'app.flush', operation: { type: 'sync', file } },
    { site: 'app.flush', operation: { type: 'syncDirectory', directory: folder } },
    ...files.map((old): BootStep => ({ site: 'app.prune', operation: { type: 'remove', file: old } })),
    // If there was no file, the folder is new, and becomes durable too.
    { site: 'app.prune', operation: { type: 'syncDirectory', directory: files.length === 0 ? '' : folder } },
  ];
  return { file: { height, state, files: [file], next: next + 1 }, steps };
}

function numberOf(file: string): number {
  return Number(shape.exec(file)?.[1]);
}

function encode(height: number, state: Uint8Array): Uint8Array {
  const end = headerBytes + state.length;
  const bytes = new Uint8Array(end + 4);
  bytes.set(magic);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, BigInt(height));
  view.setUint32(16, state.length);
  bytes.set(state, headerBytes);
  view.setUint32(end, crc32(bytes, 0, end));
  return bytes;
}

/** Undefined: it is not whole. */
function decode(source: ByteSource): Pick<ApplicationFile, 'height' | 'state'> | undefined {
  const bytes = source.read(0, source.length);
  if (bytes.length < headerBytes + 4 || magic.some((byte, index) => bytes[index] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = headerBytes + view.getUint32(16);
  if (bytes.length !== end + 4 || view.getUint32(end) !== crc32(bytes, 0, end)) return undefined;
  return { height: Number(view.getBigUint64(8)), state: bytes.slice(headerBytes, end) };
}
