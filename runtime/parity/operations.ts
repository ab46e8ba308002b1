/**
 * Drawn lists of disk operations: what a log asks of a disk, right and wrong. Few names and overlapping places, so that operations meet each other;
 * names that are taken, missing and removed; reads and writes past the end.
 */
import type { Arbitrary } from 'fast-check';
import type { DiskOperation } from '../../core/effects.ts';

export type ParityOperation =
  | DiskOperation
  | { readonly type: 'size'; readonly file: string }
  /** The process ends and another one opens the folder: the page cache stays. */
  | { readonly type: 'reopen' };

type FastCheck = typeof import('fast-check').default;

const files = ['wal/1.0.wal', 'wal/1.1.wal', 'wal/attest.1', 'blocks/blocks.1.wal'] as const;
const directories = ['wal', 'blocks'] as const;
const maxOperations = 24;
/** Around the sector and the page. */
const lengths = [0, 1, 7, 511, 512, 513, 1200, 4096, 4097] as const;

export function operationLists(fc: FastCheck): Arbitrary<readonly ParityOperation[]> {
  const file = fc.constantFrom(...files);
  const directory = fc.constantFrom(...directories);
  const length = fc.constantFrom(...lengths);
  const offset = fc.oneof(length, fc.nat(6000));
  const bytes = fc
    .tuple(length, fc.nat(255))
    .map(([size, first]) => Uint8Array.from({ length: size }, (_none, index) => (first + index) & 255));
  const place = { offset: fc.option(offset, { nil: undefined }), length: fc.option(length, { nil: undefined }) };
  const read: Arbitrary<ParityOperation> = fc.record({ file, ...place }).map(({ file: name, offset: from, length: size }) => ({
    type: 'read',
    file: name,
    ...(from === undefined ? {} : { offset: from }),
    ...(size === undefined ? {} : { length: size }),
  }));
  const operation: Arbitrary<ParityOperation> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant('create' as const), file }) },
    { weight: 6, arbitrary: fc.record({ type: fc.constant('append' as const), file, bytes }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('writeAt' as const), file, offset, bytes }) },
    { weight: 3, arbitrary: read },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('sync' as const), file }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('syncDirectory' as const), directory }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('list' as const), directory }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('remove' as const), file }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('size' as const), file }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('reopen' as const) }) },
  );
  return fc.array(operation, { minLength: 1, maxLength: maxOperations, size: 'max' });
}

/** In a few words, bytes by their number. */
export function operationWords(operation: ParityOperation): string {
  switch (operation.type) {
    case 'reopen':
      return 'reopen';
    case 'list':
    case 'syncDirectory':
      return `${operation.type} ${operation.directory}`;
    case 'append':
      return `append ${operation.file} ${operation.bytes.length} bytes`;
    case 'writeAt':
      return `writeAt ${operation.file} ${operation.bytes.length} bytes at ${operation.offset}`;
    case 'read':
      return `read ${operation.file} from ${operation.offset ?? 0}${operation.length === undefined ? '' : `, ${operation.length} bytes`}`;
    default:
      return `${operation.type} ${operation.file}`;
  }
}
