/**
 * A finding of docs/findings-npm.md that needs no loss of power: node-sqlite3-wasm never rolls back the transaction of a process that was killed. A process is
 * really killed before each write to the database, and its files are opened again by the package and by SQLite itself.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import sqlite from 'node-sqlite3-wasm';

/** Updates ten rows in one transaction, and kills itself before a certain write to the database. */
const updater = `
const fs = require('node:fs');
const sqlite = require(process.argv[1]);
const [file, at] = process.argv.slice(2);
const db = new sqlite.Database(file);
const { writeSync } = fs;
let writes = 0;
fs.writeSync = (fd, ...rest) => {
  if (fs.readlinkSync('/proc/self/fd/' + fd) === file && ++writes === Number(at)) process.kill(process.pid, 'SIGKILL');
  return writeSync(fd, ...rest);
};
db.exec('begin; update t set value = 2; commit');
`;
const packageFile = resolve(import.meta.dirname, '../../node_modules/node-sqlite3-wasm');
const hasPython = spawnSync('python3', ['-c', 'import sqlite3']).status === 0;

/** How many rows have each value. */
type Rows = Readonly<Record<string, number>>;

function rowsByPackage(file: string): Rows {
  // What the killed process held; nothing opens the database while it is there.
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const db = new sqlite.Database(file);
  try {
    const counted = db.all('select value, count(*) as rows from t group by value') as unknown as readonly {
      value: number;
      rows: number;
    }[];
    return Object.fromEntries(counted.map(({ value, rows }) => [value, rows]));
  } finally {
    db.close();
  }
}

function rowsBySqlite(file: string): Rows {
  const script =
    "import json, sqlite3, sys\nprint(json.dumps(dict(sqlite3.connect(sys.argv[1]).execute('select value, count(*) from t group by value'))))";
  return JSON.parse(spawnSync('python3', ['-c', script, file], { encoding: 'utf8' }).stdout) as Rows;
}

describe('node-sqlite3-wasm 0.8.60 after a process was killed within a transaction', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-wasm-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('shows half of it, and SQLite itself rolls the same files back', function () {
    if (process.platform !== 'linux' || !hasPython) this.skip();
    const first = join(folder, 'first');
    mkdirSync(first);
    const db = new sqlite.Database(join(first, 'db'));
    db.exec('create table t (id integer primary key, value, padding)');
    for (let row = 0; row < 10; row += 1) db.run('insert into t values (?, 1, ?)', [row, 'x'.repeat(1500)]);
    db.close();
    const halves: Rows[] = [];
    for (let at = 1; ; at += 1) {
      const state = join(folder, String(at));
      cpSync(first, state, { recursive: true });
      const file = join(state, 'db');
      if (spawnSync(process.execPath, ['-e', updater, packageFile, file, String(at)]).signal !== 'SIGKILL') break;
      expect(existsSync(`${file}-journal`)).to.equal(true);
      cpSync(state, `${state}-copy`, { recursive: true });
      expect(rowsBySqlite(join(`${state}-copy`, 'db'))).to.deep.equal({ 1: 10 });
      const rows = rowsByPackage(file);
      if ((rows[1] ?? 0) > 0 && (rows[2] ?? 0) > 0) halves.push(rows);
    }
    expect(halves.length).to.be.greaterThan(2);
  });
});
