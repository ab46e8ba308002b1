/** The lines of a record file (docs/formats/program-record.md): JSON with bytes as base64, read with a check of every field. */
import { z } from 'zod';
import type { Entry, RecordedCall } from './calls.ts';

const bytes = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const fd = z.int();
const path = z.string();
const size = z.int().nonnegative();

const callSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('open'), path, flags: size, fd }),
  z.strictObject({ op: z.literal('close'), fd }),
  z.strictObject({ op: z.literal('dup'), fd, to: fd }),
  z.strictObject({ op: z.literal('write'), fd, bytes, position: size.nullable(), isMapped: z.literal(true).exactOptional() }),
  z.strictObject({ op: z.literal('read'), fd, count: size }),
  z.strictObject({ op: z.literal('seek'), fd, position: size }),
  z.strictObject({ op: z.literal('extend'), fd, length: size }),
  z.strictObject({ op: z.literal('truncate'), fd: fd.exactOptional(), path: path.exactOptional(), length: size }),
  z.strictObject({ op: z.enum(['rename', 'link']), from: path, to: path }),
  z.strictObject({ op: z.literal('symlink'), target: z.string(), path }),
  z.strictObject({ op: z.enum(['unlink', 'mkdir', 'rmdir', 'remove-tree']), path }),
  z.strictObject({ op: z.literal('copy'), from: path, to: path, bytes: bytes.exactOptional() }),
  z.strictObject({ op: z.literal('sync'), fd, isDataOnly: z.boolean() }),
  z.strictObject({ op: z.literal('sync-all') }),
  z.strictObject({ op: z.literal('fork'), child: z.string() }),
  z.strictObject({ op: z.literal('acknowledge'), value: z.string() }),
  z.strictObject({ op: z.literal('unseen'), what: z.string(), path: path.exactOptional() }),
]);

/** `end` is null for a call that never returned. */
const recordedSchema = z.strictObject({
  begin: z.number(),
  end: z.number().nullable(),
  process: z.string(),
  call: callSchema,
  place: z.string(),
});

const entrySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('file'), path, bytes }),
  z.strictObject({ type: z.literal('folder'), path }),
  z.strictObject({ type: z.literal('link'), path, target: z.string() }),
]);

export const recordVersion = 1;

export interface RecordHeader {
  readonly record: 'lazurite program';
  readonly version: number;
  readonly folder: string;
  readonly command: string[];
  readonly workingFolder: string;
}

export type RecordLine =
  | RecordHeader
  | { readonly before: Entry & { readonly path: string } }
  | { readonly after: Entry & { readonly path: string } }
  | (Omit<RecordedCall, 'end'> & { readonly end: number | null })
  | { readonly calls: number };

const lineSchema = z.union([
  z.strictObject({
    record: z.literal('lazurite program'),
    version: z.literal(recordVersion),
    folder: path,
    command: z.array(z.string()),
    workingFolder: path,
  }),
  z.strictObject({ before: entrySchema }),
  recordedSchema,
  z.strictObject({ after: entrySchema }),
  z.strictObject({ calls: size }),
]);

/** The line that a value of JSON is, or what is wrong with it. */
export function checkedLine(value: unknown): { readonly line: RecordLine } | { readonly mistake: string } {
  const { success, data, error } = lineSchema.safeParse(value);
  if (success) return { line: data };
  const [issue] = error.issues;
  return { mistake: issue?.message ?? 'unknown' };
}

export function lineOfCall({ end, ...rest }: RecordedCall): string {
  return textOf({ ...rest, end: Number.isFinite(end) ? end : null });
}

export function lineOfEntry(kind: 'before' | 'after', entryPath: string, entry: Entry): string {
  return textOf({ [kind]: { ...entry, path: entryPath } });
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    // Buffers have a form of their own in JSON by the time they come here.
    item instanceof Uint8Array ? Buffer.from(item).toString('base64') : item,
  );
}
