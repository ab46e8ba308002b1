/** SQLite in WebAssembly over node:fs, as it is: a rollback journal, synchronous FULL. A process that died has left a folder as its lock. */
import { rmSync } from 'node:fs';
import sqlite from 'node-sqlite3-wasm';

export function open(folder) {
  rmSync(`${folder}/db.lock`, { recursive: true, force: true });
  const db = new sqlite.Database(`${folder}/db`);
  db.exec('create table if not exists t (id integer primary key, value)');
  const { integrity_check: integrity } = db.get('pragma integrity_check');
  if (integrity !== 'ok') throw new Error(`integrity: ${integrity}`);
  return {
    set: (value) => db.run('insert or replace into t values (1, ?)', [value]),
    get: () => db.get('select value from t where id = 1')?.value,
    close: () => db.close(),
  };
}
