/** Creates a new node on disk: its configuration file, its key, and its empty log. It never replaces a file that exists. */
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ScenarioError } from '../../scenarios/index.ts';
import { applyOperation, contentsOf, expandStep, initPlan, RecoveryError, type Storage } from '../../wal/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';
import { newKey } from './keys.ts';
import { keyPath, type NodeConfig, readNodeConfig } from './node-config.ts';

/** A chain of one validator. It runs at once, and its file can be edited. */
const alone = { name: 'A', power: 1, host: '127.0.0.1', port: 26_656 } as const;

export const defaultTimeouts: NodeConfig['timeouts'] = { propose: 300, prevote: 100, precommit: 100, perRound: 50 };

/** Creates what `file` describes, and the file itself if it does not exist. Returns one line for each thing created. Throws `ScenarioError` if a log exists. */
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

/** Creates an empty log. Throws `ScenarioError` if the folder holds a log already. */
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

/** Writes a file that only its owner may read. */
function makePrivate(folder: string, path: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${text}\n`, { mode: 0o600, flag: 'wx' });
}
