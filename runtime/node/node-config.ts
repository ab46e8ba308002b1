/**
 * Reads the configuration file of a real node: its name, the validators of its chain, its folder, its timeouts and its limits. An error lists all
 * mistakes of the file at once.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { ScenarioError } from '../../scenarios/index.ts';
import type { KeyFile } from './keys.ts';

export interface Limits {
  /** The largest frame on a connection, in bytes. */
  readonly frameBytes: number;
  /** The most incoming connections at one time, including strangers. */
  readonly connections: number;
  /** The most strangers at one time. A stranger is a connection whose other end has not yet proved its identity. */
  readonly strangers: number;
  /** The most bytes that wait to be sent to one peer. Further messages are dropped; the protocol repeats them later. */
  readonly sendBytes: number;
  /** A connection is closed if it takes longer than this (ms) to prove its identity, or to complete a frame. */
  readonly patienceMs: number;
}

export interface ValidatorEntry {
  readonly name: string;
  readonly power: number;
  /** Raw Ed25519 public key, base64url. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
}

export interface NodeConfig {
  /** The name of the chain. A node refuses connections from nodes of another chain. */
  readonly chain: string;
  readonly name: string;
  /** The folder with `wal/`, `blocks/` and `node.key`. */
  readonly folder: string;
  readonly validators: readonly ValidatorEntry[];
  /** Milliseconds in round 0. Each later round adds `perRound`. */
  readonly timeouts: {
    readonly propose: number;
    readonly prevote: number;
    readonly precommit: number;
    readonly perRound: number;
  };
  /** Which damage of the log is noticed: docs/formats/wal.md. */
  readonly attest: 'next' | 'strict';
  /** What the node does when its log is damaged: it stops, or it follows without voting until it is safe to vote. */
  readonly onCorrupt: 'halt' | 'abstain';
  /** The port for metrics; 0 if none are served. */
  readonly metricsPort: number;
  readonly limits: Limits;
}

export const defaultLimits: Limits = {
  frameBytes: 1024 * 1024,
  connections: 128,
  strangers: 32,
  sendBytes: 8 * 1024 * 1024,
  patienceMs: 5000,
};

const count = z.number().int().min(1);
const port = z.number().int().min(0).max(65_535);
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'write a name of letters and digits that begins with a letter');
const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'write an Ed25519 key: 32 bytes in base64url');
const largestPower = 1_000_000;

const schema: z.ZodType<NodeConfig> = z.strictObject({
  chain: z.string().min(1).max(64),
  name,
  folder: z.string().min(1),
  validators: z
    .array(z.strictObject({ name, power: count.max(largestPower), key, host: z.string().min(1), port: port.min(1) }))
    .min(1)
    .max(1000),
  timeouts: z.strictObject({ propose: count, prevote: count, precommit: count, perRound: count }),
  attest: z.enum(['next', 'strict']).default('next'),
  onCorrupt: z.enum(['halt', 'abstain']).default('halt'),
  metricsPort: port.default(0),
  limits: z
    .strictObject({
      frameBytes: count
        .min(4096)
        .max(16 * 1024 * 1024)
        .default(defaultLimits.frameBytes),
      connections: count.max(10_000).default(defaultLimits.connections),
      strangers: count.max(10_000).default(defaultLimits.strangers),
      sendBytes: count.min(65_536).default(defaultLimits.sendBytes),
      patienceMs: count.max(600_000).default(defaultLimits.patienceMs),
    })
    .default(defaultLimits),
});

/** What the checks between fields need, read also from a file with other mistakes. */
const namesSchema = z.object({
  name: z.string().optional().catch(undefined),
  validators: z
    .array(z.object({ name: z.string().optional().catch(undefined), key: z.string().optional().catch(undefined) }).catch({}))
    .catch([]),
});

interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A node that is not in the list of validators, and validators with the same name or key. */
function mistakesBetweenFields(data: unknown): readonly Mistake[] {
  const { success, data: read } = namesSchema.safeParse(data);
  if (!success) return [];
  const { name: own, validators } = read;
  const mistakes: Mistake[] = [];
  if (own !== undefined && !validators.some((validator) => validator.name === own))
    mistakes.push({ path: ['name'], message: `'${own}' is not in the list of validators` });
  for (const [index, validator] of validators.entries())
    for (const field of ['name', 'key'] as const) {
      const value = validator[field];
      const first = validators.findIndex((other) => other[field] === value);
      if (value !== undefined && first < index)
        mistakes.push({ path: ['validators', index, field], message: `validators.${first} has the same ${field}` });
    }
  return mistakes;
}

const keySchema: z.ZodType<KeyFile> = z.strictObject({ public: key, private: key });

/** Relative paths in the file start at its own folder. Throws `ScenarioError` that lists every mistake. */
export function readNodeConfig(file: string): NodeConfig {
  const config = parsed(file, schema, 'docs/real-nodes.md shows such a file', mistakesBetweenFields);
  return { ...config, folder: resolve(dirname(file), config.folder) };
}

export function keyPath({ folder }: Pick<NodeConfig, 'folder'>): string {
  return resolve(folder, 'node.key');
}

export function readKey(config: Pick<NodeConfig, 'folder'>): KeyFile {
  return parsed(keyPath(config), keySchema, 'make a key with `lazurite node --init`');
}

function parsed<Value>(
  file: string,
  fileSchema: z.ZodType<Value>,
  remedy: string,
  moreMistakes: (data: unknown) => readonly Mistake[] = () => [],
): Value {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ScenarioError(`${file}: ${error instanceof Error ? error.message : String(error)}; ${remedy}`);
  }
  const result = fileSchema.safeParse(data);
  const found = [...(result.error?.issues ?? []), ...moreMistakes(data)];
  if (result.success && found.length === 0) return result.data;
  const mistakes = found.map(({ path, message }) => `${file}: ${path.join('.') || 'the file'}: ${message}`);
  throw new ScenarioError(`${mistakes.join('\n')}\n${remedy}`);
}
