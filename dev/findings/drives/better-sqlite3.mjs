/** SQLite with a log that is written ahead; `full` also asks for synchronous FULL. */
import Database from 'better-sqlite3';

export function open(folder, variant) {
  const db = new Database(`${folder}/db`);
  db.pragma('journal_mode = WAL');
  if (variant === 'full') db.pragma('synchronous = FULL');
  db.exec('create table if not exists t (id integer primary key, value)');
  const integrity = db.pragma('integrity_check', { simple: true });
  if (integrity !== 'ok') throw new Error(`integrity: ${integrity}`);
  return {
    set: (value) => void db.prepare('insert or replace into t values (1, ?)').run(value),
    get: () => db.prepare('select value from t where id = 1').get()?.value,
    close: () => void db.close(),
  };
}
