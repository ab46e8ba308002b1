/** The same programs by strace and by a file system: the same states of the disk, the same verdict, the same operations to blame. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { type Subject, subjectNamed } from '../../../../dev/findings/catalogue.ts';
import { workerCommand } from '../../../../dev/findings/worker-command.ts';
import { personalityNames, type RecordedBy, type StatesReport } from '../../../../programs/index.ts';
import { withoutFiles } from '../../../../programs/recording/without-files.ts';
import { checkSqlite, counterInNode, counterInPython, inSqlite } from '../../recorded-programs.ts';
import { judgedBy, needsFuse, python, recordIn } from './fuse-here.ts';

const drives = resolve(import.meta.dirname, '../../../../dev/findings');

/** Cut and written anew: some file systems start to flush such a file when it is closed. It appends to a log through two descriptors. */
const inPlace = `import os
log = open('data/log', 'a'); other = open('data/log', 'a')
for a in (1, 2):
    with open('data/state.json', 'w') as f:
        f.write(str(a))
    for file in (log, other):
        file.write(str(a)); file.flush()
    if a == 1:
        os.link('data/log', 'data/log.old'); os.truncate('data/log', 1); os.mkdir('data/folder')
    print(a, flush=True)
os.rename('data/log.old', 'data/older')
os.unlink('data/log')
`;
const isCounted = 'last=$(tail -n 1); test -z "$last" || test "$(tr -dc 0-9 < data/state.json)" -ge "$last"';

/** All that a report says, except for the threads of one run. */
function saidBy({ verdict, operations, acknowledged, states, fileSystems, findings }: StatesReport): unknown {
  const losses = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => line.replace(/ at \w+ of process \d+[^:]*/, ''));
  return {
    ...{ verdict, operations, acknowledged, states, fileSystems },
    findings: findings.map(({ folder, ...finding }) => ({
      ...finding,
      losses: losses(finding.losses),
      // Some write the time into a file.
      folder: [...folder].map(([path, entry]) => [path, entry.type, entry.type === 'file' ? entry.bytes.length : 0]),
    })),
  };
}

describe('strace and a file system', function () {
  this.timeout(240_000);
  let folder: string;
  before(needsFuse);
  before(function () {
    if (python === '' || spawnSync('strace', ['true']).status !== 0) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'lazurite-same-'));
    for (const [name, text] of Object.entries({
      'app.mjs': counterInNode,
      'app.py': counterInPython,
      'place.py': inPlace,
      'sqlite.py': inSqlite,
      'check.py': checkSqlite,
    }))
      writeFileSync(join(folder, name), text);
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  const judged = async (by: RecordedBy, command: readonly string[], recover: string): Promise<StatesReport> => {
    const { record, exit } = await recordIn(folder, command, by);
    expect(exit).to.equal(0);
    return judgedBy(withoutFiles(record, ['*-shm']), recover, { fileSystems: personalityNames, states: 60 });
  };

  for (const [name, command, verdict] of [
    ['a counter in Python that syncs no folder', [python, 'app.py'], 'violated'],
    ['a counter in Python that syncs', [python, 'app.py', 'sync'], 'held'],
    ['a counter in Python that is rewritten in place', [python, 'place.py'], 'violated'],
    ['a counter in Node that syncs no folder', [process.execPath, 'app.mjs'], 'violated'],
    ['a counter in Node that syncs', [process.execPath, 'app.mjs', 'sync'], 'held'],
  ] as const)
    it(`say the same of ${name}`, async () => {
      const traced = await judged('strace', command, isCounted);
      const mounted = await judged('fuse', command, isCounted);
      expect(saidBy(mounted)).to.deep.equal(saidBy(traced));
      expect(mounted.verdict).to.equal(verdict);
    });

  it('say the same of classic-level 3.0.0, which is native code', async () => {
    const command = workerCommand('work', subjectNamed('classic-level') as Subject, drives, 'data');
    const recover = 'test -z "$(cat)" || find data -name "*.log" -size +0 | grep -q .';
    const traced = await judged('strace', command, recover);
    const mounted = await judged('fuse', command, recover);
    expect(saidBy(mounted)).to.deep.equal(saidBy(traced));
    expect(mounted.verdict).to.equal('violated');
  });

  it('blame the same operation of SQLite, though the kernel hands on its writes in pieces that end with a page', async () => {
    const command = [python, 'sqlite.py', 'delete', 'full'];
    const traced = await judged('strace', command, `${python} check.py`);
    const mounted = await judged('fuse', command, `${python} check.py`);
    expect(mounted.operations).to.be.greaterThan(traced.operations);
    const blamed = ({ verdict, findings }: StatesReport): unknown => [
      verdict,
      findings.map(({ complaint, losses, fileSystems }) => [
        complaint,
        fileSystems,
        losses.map((line) => line.replace(/ at .*?:/, ':')),
      ]),
    ];
    expect(blamed(mounted)).to.deep.equal(blamed(traced));
    expect(mounted.verdict).to.equal('violated');
  });
});
