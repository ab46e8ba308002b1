/**
 * The file of a real node: who it is, who its validators are, where it listens and writes, and its limits. All mistakes are reported at
 * once.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { ScenarioError } from '../../scenarios/index.ts';
import type { KeyFile } from './keys.ts';

export interface Limits {
  /** Bytes of one frame. */
  readonly frameBytes: number;
  /** Connections from others, strangers among them. */
  readonly connections: number;
  /** Connections that have not yet identified themselves. */
  readonly strangers: number;
  /** Bytes that wait to be sent to one peer; what comes on top is dropped, and said again later. */
  readonly sendBytes: number;
  /** Milliseconds in which a new connection must identify itself, and in which a frame that was begun must be whole. */
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
  /** Nodes of another chain are no peers. */
  readonly chain: string;
  readonly name: string;
  /** Where `wal/` and `blocks/` are, and the key. */
  readonly folder: string;
  readonly validators: readonly ValidatorEntry[];
  readonly timeouts: {
    readonly propose: number;
    readonly prevote: number;
    readonly precommit: number;
    readonly perRound: number;
  };
  readonly attest: 'next' | 'strict';
  readonly onCorrupt: 'halt' | 'abstain';
  /** 0: no metrics are served. */
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
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'a name of letters and digits');
const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'an Ed25519 key: 32 bytes in base64url');
const powersLimit = 1_000_000;

const schema: z.ZodType<NodeConfig> = z
  .strictObject({
    chain: z.string().min(1).max(64),
    name,
    folder: z.string().min(1),
    validators: z
      .array(z.strictObject({ name, power: count.max(powersLimit), key, host: z.string().min(1), port: port.min(1) }))
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
  })
  .superRefine(({ name: own, validators }, context) => {
    const names = validators.map((validator) => validator.name);
    if (!names.includes(own)) context.addIssue({ code: 'custom', path: ['name'], message: `${own} is none of the validators` });
    for (const [index, validator] of validators.entries())
      for (const field of ['name', 'key'] as const)
        if (validators.findIndex((other) => other[field] === validator[field]) < index)
          context.addIssue({ code: 'custom', path: ['validators', index, field], message: 'an earlier validator has the same' });
  });

const keySchema: z.ZodType<KeyFile> = z.strictObject({ public: key, private: key });

/** Paths in it count from the folder of the file. Throws `ScenarioError` with every mistake. */
export function readNodeConfig(file: string): NodeConfig {
  const config = parsed(file, schema, 'docs/real-nodes.md shows one');
  return { ...config, folder: resolve(dirname(file), config.folder) };
}

export function keyPath({ folder }: Pick<NodeConfig, 'folder'>): string {
  return resolve(folder, 'node.key');
}

export function readKey(config: Pick<NodeConfig, 'folder'>): KeyFile {
  return parsed(keyPath(config), keySchema, 'make one with `lazurite node --init`');
}

function parsed<Value>(file: string, schemaOf: z.ZodType<Value>, remedy: string): Value {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ScenarioError(`${file}: ${error instanceof Error ? error.message : String(error)}; ${remedy}`);
  }
  const result = schemaOf.safeParse(data);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'the file'}: ${message}`);
  throw new ScenarioError(`${mistakes.join('\n')}\n${remedy}`);
}
