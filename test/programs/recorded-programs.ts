/** Programs that several tests record, each as the text of its file, and the checks of what they promise. */
export const counterInNode = `import fs from 'node:fs';
for (const a of [1, 2, 3]) {
  fs.writeFileSync('data/new', JSON.stringify({ a }), { flush: true });
  fs.renameSync('data/new', 'data/state.json');
  if (process.argv.includes('sync')) {
    const fd = fs.openSync('data', 'r');
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  }
  console.log(a);
}
`;
export const counterInPython = `import json, os, sys
for a in (1, 2, 3):
    with open('data/new', 'w') as f:
        f.write(json.dumps({'a': a}))
        f.flush()
        os.fsync(f.fileno())
    os.rename('data/new', 'data/state.json')
    if 'sync' in sys.argv:
        d = os.open('data', os.O_RDONLY)
        os.fsync(d)
        os.close(d)
    print(a, flush=True)
`;
export const checkCounter = `import fs from 'node:fs';
export const acknowledged = fs.readFileSync(0, 'utf8').split('\\n').filter(Boolean).map(Number);
export const a = fs.existsSync('data/state.json') ? JSON.parse(fs.readFileSync('data/state.json', 'utf8')).a : 0;
if (a < (acknowledged.at(-1) ?? 0)) {
  console.error(\`a is \${a}, and \${acknowledged.at(-1)} was acknowledged\`);
  process.exit(1);
}
`;
/** The same check, which stays and judges a state for each line. */
export const stayingCheck = `import fs from 'node:fs';
import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) {
  const { state, acknowledged } = JSON.parse(line);
  const file = state + '/state.json';
  const a = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).a : 0;
  const last = Number(acknowledged.at(-1) ?? 0);
  console.log(JSON.stringify({ state, complaint: a < last ? \`a is \${a}, and \${last} was acknowledged\` : null }));
}
`;
export const inSqlite = `import sqlite3, sys
db = sqlite3.connect('data/db', isolation_level=None)
db.execute('pragma journal_mode=' + sys.argv[1])
db.execute('pragma synchronous=' + sys.argv[2])
db.execute('create table t(a)')
for a in (1, 2):
    db.execute('insert into t values(?)', (a,))
    print(a, flush=True)
`;
export const checkSqlite = `import sqlite3, sys
acknowledged = sys.stdin.read().split()
db = sqlite3.connect('data/db')
ok = db.execute('pragma integrity_check').fetchone()[0]
if ok != 'ok':
    sys.exit('integrity: ' + ok)
try:
    rows = [row[0] for row in db.execute('select a from t order by a')]
except sqlite3.OperationalError as error:
    if 'no such table' not in str(error):
        raise
    rows = []
if rows != list(range(1, len(rows) + 1)):
    sys.exit('other rows')
if 'loss' not in sys.argv and len(rows) < len(acknowledged):
    sys.exit('%d rows, and %d were acknowledged' % (len(rows), len(acknowledged)))
`;
