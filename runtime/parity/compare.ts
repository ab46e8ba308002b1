/** One list of disk operations on two storages: each result, each error, and at the end each byte. */
import { type Storage, StorageError } from '../../wal/index.ts';
import { knownDifferences } from './known-differences.ts';
import { operationWords, type ParityOperation } from './operations.ts';

/** A storage that can be opened again, as another process would. */
export interface Reopened {
  readonly storage: Storage;
  reopen(): Reopened;
  close(): void;
}

export interface Difference {
  /** Place in the list, from 0; the length of the list: what is in the folder afterwards. */
  readonly step: number;
  readonly operation: string;
  readonly simulated: string;
  readonly real: string;
}

export interface Comparison {
  /** The first difference that is not a known one; undefined if there is none. */
  readonly first: Difference | undefined;
  /** The known differences that occurred, by name, once for each occurrence. */
  readonly known: readonly string[];
}

/** Up to the first difference that is not known. Both storages are closed afterwards. */
export function compareStorages(operations: readonly ParityOperation[], simulated: Reopened, real: Reopened): Comparison {
  const known: string[] = [];
  let [model, disk] = [simulated, real];
  try {
    for (const [step, operation] of operations.entries()) {
      if (operation.type === 'reopen') {
        [model, disk] = [model.reopen(), disk.reopen()];
        continue;
      }
      const results = { simulated: outcome(model.storage, operation), real: outcome(disk.storage, operation) };
      if (results.simulated === results.real) continue;
      const why = knownDifferences.find(({ holds }) => holds(operation, results));
      if (why === undefined) return { first: { step, operation: operationWords(operation), ...results }, known };
      known.push(why.name);
    }
    const left = { simulated: folderText(model.storage), real: folderText(disk.storage) };
    const isSame = left.simulated === left.real;
    return { first: isSame ? undefined : { step: operations.length, operation: 'what is in the folder', ...left }, known };
  } finally {
    model.close();
    disk.close();
  }
}

/** The result or the error as text: texts are equal if a caller could see no difference. The words of an error are each storage's own. */
function outcome(storage: Storage, operation: Exclude<ParityOperation, { readonly type: 'reopen' }>): string {
  try {
    return carriedOut(storage, operation);
  } catch (error) {
    if (error instanceof StorageError) return `${error.code} of ${error.operation} ${error.file}`;
    return `threw ${error instanceof Error ? error.name : typeof error}`;
  }
}

function carriedOut(storage: Storage, operation: Exclude<ParityOperation, { readonly type: 'reopen' }>): string {
  switch (operation.type) {
    case 'create':
      storage.create(operation.file);
      return 'done';
    case 'append':
      storage.append(operation.file, operation.bytes);
      return 'done';
    case 'writeAt':
      storage.writeAt(operation.file, operation.offset, operation.bytes);
      return 'done';
    case 'sync':
      storage.sync(operation.file);
      return 'done';
    case 'syncDirectory':
      storage.syncDirectory(operation.directory);
      return 'done';
    case 'remove':
      storage.remove(operation.file);
      return 'done';
    case 'read':
      return bytesText(storage.read(operation.file, operation.offset, operation.length));
    case 'list':
      return storage.list(operation.directory).join(' ');
    case 'size':
      return String(storage.size(operation.file));
  }
}

/** Every file with every byte. */
export function folderText(storage: Storage, directories: readonly string[] = ['wal', 'blocks']): string {
  return directories
    .flatMap((directory) =>
      storage.list(directory).map((name) => `${directory}/${name}: ${bytesText(storage.read(`${directory}/${name}`))}`),
    )
    .join('\n');
}

function bytesText(bytes: Uint8Array): string {
  return `${bytes.length} bytes ${Buffer.from(bytes).toString('base64')}`;
}
