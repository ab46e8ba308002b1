/** What makes a node out of nothing: its file, its key, and its log. Nothing that is there is ever replaced. */
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ScenarioError } from '../../scenarios/index.ts';
import { applyOperation, contentsOf, expandStep, initPlan, RecoveryError, type Storage } from '../../wal/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';
import { newKey } from './keys.ts';
import { keyPath, type NodeConfig, readNodeConfig } from './node-config.ts';

/** A validator that is alone: something that runs at once, and a file to edit. */
const alone = { name: 'A', power: 1, host: '127.0.0.1', port: 26_656 } as const;

export const defaultTimeouts: NodeConfig['timeouts'] = { propose: 300, prevote: 100, precommit: 100, perRound: 50 };

/** Returns what it made, in words. Throws `ScenarioError` where a log is already. */
export function initNode(file: string): readonly string[] {
  const made: string[] = [];
  if (!existsSync(file)) {
    const folder = resolve(dirname(file), 'data');
    const key = newKey();
    makePrivate(folder, keyPath({ folder }), JSON.stringify(key));
    const { name, ...entry } = alone;
    const config = {
      chain: 'alone',
      name,
      folder: 'data',
      validators: [{ name, ...entry, key: key.public }],
      timeouts: defaultTimeouts,
    };
    writeFileSync(file, `${JSON.stringify(config, null, 1)}\n`, { flag: 'wx' });
    made.push(
      `${file}: a chain of one validator; edit it for more`,
      `${keyPath({ folder })}: its key, which only its owner may read`,
    );
  }
  const config = readNodeConfig(file);
  if (!existsSync(keyPath(config))) {
    const key = newKey();
    makePrivate(config.folder, keyPath(config), JSON.stringify(key));
    made.push(`${keyPath(config)}: a key; its public half is ${key.public}`);
  }
  const storage = new RealFiles(config.folder);
  try {
    initLog(storage, config.attest);
  } finally {
    storage.close();
  }
  return [...made, `${config.folder}: an empty log, durable`];
}

/** Throws `ScenarioError` where a node has run. */
export function initLog(storage: Storage, attest: NodeConfig['attest']): void {
  const contents = contentsOf(storage);
  try {
    for (const step of initPlan(contents, { attest, salt: randomInt(2 ** 32) }))
      for (const operation of expandStep(step, contents)) applyOperation(storage, operation);
  } catch (error) {
    if (error instanceof RecoveryError) throw new ScenarioError(error.message);
    throw error;
  }
}

/** Keys are for their owner alone. */
function makePrivate(folder: string, path: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${text}\n`, { mode: 0o600, flag: 'wx' });
}
