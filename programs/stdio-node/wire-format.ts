/** What a node program reads and writes: one JSON object a line, one answer to each input (docs/formats/stdio-node.md). */
import { z } from 'zod';

export const protocolVersion = 1;

/** Bytes are base64. `name` is a file of the node, without folders. */
export interface NodeFile {
  readonly name: string;
  readonly bytes: string;
}

export type NodeInput =
  /** A life begins, with what survived of the node's files. */
  | {
      readonly type: 'start';
      readonly protocol: typeof protocolVersion;
      readonly node: string;
      readonly nodes: readonly string[];
      readonly files: readonly NodeFile[];
    }
  | { readonly type: 'message'; readonly from: string; readonly data: unknown }
  | { readonly type: 'timer'; readonly timer: string }
  /** A flush is done: what was pending when it was asked for is durable. */
  | { readonly type: 'flushed'; readonly tag: number }
  /** The answer to an `ask`: another value each time it is asked. */
  | { readonly type: 'answer'; readonly key: string; readonly value: number }
  | { readonly type: 'disk-error'; readonly file: string; readonly code: string };

export type NodeEffect =
  /** To the end of a file, which is made where it is missing. Nothing is durable yet. */
  | { readonly type: 'append'; readonly file: string; readonly bytes: string }
  | { readonly type: 'flush'; readonly file: string; readonly tag: number }
  /** Makes the names of new files durable. */
  | { readonly type: 'flush-names'; readonly tag: number }
  /** `once` names a statement: over all its lives a node must never publish two different ones under one name. */
  | { readonly type: 'publish'; readonly data: unknown; readonly to?: readonly string[]; readonly once?: string }
  | { readonly type: 'timer'; readonly timer: string; readonly delayMs: number }
  | { readonly type: 'cancel'; readonly timer: string }
  | { readonly type: 'ask'; readonly key: string }
  | { readonly type: 'decide'; readonly height: number; readonly value: unknown }
  | { readonly type: 'stop'; readonly reason: string };

const file = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'a file name is 1 to 64 letters, digits, dots, dashes and underscores');
const name = z.string().min(1).max(200);
const tag = z.int().nonnegative();

const effectSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('append'), file, bytes: z.base64() }),
  z.strictObject({ type: z.literal('flush'), file, tag }),
  z.strictObject({ type: z.literal('flush-names'), tag }),
  z.strictObject({
    type: z.literal('publish'),
    data: z.json(),
    to: z.array(name).exactOptional(),
    once: name.exactOptional(),
  }),
  z.strictObject({ type: z.literal('timer'), timer: name, delayMs: z.int().min(1).max(600_000) }),
  z.strictObject({ type: z.literal('cancel'), timer: name }),
  z.strictObject({ type: z.literal('ask'), key: name }),
  z.strictObject({ type: z.literal('decide'), height: z.int().min(1), value: z.json() }),
  z.strictObject({ type: z.literal('stop'), reason: name }),
]);

/** More effects in one answer are refused: a node that floods would never end. */
const mostEffects = 1000;

/** `saves`: it understands `save` and `load`. Only the answer to `start` announces it. */
const answerSchema = z.strictObject({
  effects: z.array(effectSchema).max(mostEffects),
  saves: z.literal(true).exactOptional(),
});

const savedSchema = z.strictObject({ saved: z.json() });

export const saveLine: string = JSON.stringify({ type: 'save' });

/** `saved`: the text of what it answered to `save`. */
export function loadLine(saved: string): string {
  return `{"type":"load","saved":${saved}}`;
}

export interface NodeAnswer {
  readonly effects: readonly NodeEffect[];
  readonly saves?: true;
}

type Read<Value> = Value | { readonly mistake: string };

/** An answer to an input, or what is wrong with it. */
export function answerOf(line: string): Read<NodeAnswer> {
  return readAs(answerSchema, line, '{ "effects": [...] }');
}

/** What it saved, as text, or what is wrong with its answer. */
export function savedOf(line: string): Read<{ readonly saved: string }> {
  const read = readAs(savedSchema, line, '{ "saved": ... }');
  return 'mistake' in read ? read : { saved: JSON.stringify(read.saved) };
}

function readAs<Value>(schema: z.ZodType<Value>, line: string, expected: string): Read<Value> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { mistake: `it wrote a line that is no JSON: ${JSON.stringify(line.slice(0, 80))}` };
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const place = issue?.path.join('.') ?? '';
  return { mistake: `${place === '' ? 'its answer' : place}: ${issue?.message ?? 'not understood'}; expected ${expected}` };
}

/** The JSON Schema of an answer, as docs/formats/stdio-node.schema.json holds it. */
export function answerJsonSchema(): unknown {
  return z.toJSONSchema(z.union([answerSchema, savedSchema]), { io: 'input' });
}
