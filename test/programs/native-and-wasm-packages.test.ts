/**
 * Known answers: databases in WebAssembly and in native code. The drives are those of docs/findings-npm.md, each judged in a process of its own: native code
 * may take its process along.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { type Subject, subjectNamed } from '../../dev/findings/catalogue.ts';
import { findByDrive, loadDrive, prepareDrive, workDrive } from '../../dev/findings/drive.ts';
import type { PackedAnswer, PackedReport } from '../../dev/findings/packed-report.ts';
import { workerCommand } from '../../dev/findings/worker-command.ts';
import { memoryFolder } from '../../programs/crash-states/recoveries.ts';
import { timelineOf } from '../../programs/crash-states/timeline.ts';
import { judgeCommand } from '../../programs/judge-command.ts';
import { writeFolder } from '../../programs/recording/read-folder.ts';
import { recordCommand } from '../../programs/recording/record-command.ts';
import { recordRun } from '../../programs/recording/record-run.ts';
import { personalities } from '../../wal/storage/personalities.ts';

/** The drives find their packages in the project's own folder. */
const drives = resolve(import.meta.dirname, '../../dev/findings');
const hasStrace = process.platform === 'linux' && spawnSync('strace', ['true']).status === 0;

function judged(name: string): PackedReport {
  const subject = subjectNamed(name);
  if (subject === undefined) throw new Error(`no drive is called ${name}`);
  const [program = '', ...args] = workerCommand('judge', subject, drives);
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (line === '') throw new Error(stderr);
  return JSON.parse(line) as PackedReport;
}

const complaintsOf = ({ findings }: PackedAnswer): readonly string[] => findings.map(({ complaint }) => complaint);

describe('databases in WebAssembly and in native code under every loss of power', function () {
  this.timeout(120_000);

  it('node-sqlite3-wasm 0.8.60: its journal is never rolled back, so the database is damaged on every file system', () => {
    const { whole } = judged('node-sqlite3-wasm');
    expect(whole.findings[0]?.complaint).to.match(/^it could not be recovered: integrity: /);
    expect(whole.failing).to.deep.equal(['posix-weakest', 'ext4-ordered', 'ext4', 'xfs', 'btrfs']);
  });

  it('PGlite 0.5.17: no sync in its whole life, so a loss of power may leave the database as it was before any insert', async () => {
    const open = await loadDrive(drives, 'pglite');
    const folder = mkdtempSync(`${memoryFolder()}/lazurite-pglite-`);
    try {
      await prepareDrive(open, folder, undefined);
      const record = await recordRun<number>(folder, (at, acknowledge) => workDrive(open, at, undefined, acknowledge));
      const { moments, syncs, unseen, acknowledged } = timelineOf(record, personalities.ext4);
      expect(unseen).to.deep.equal([]);
      expect([syncs, acknowledged]).to.deep.equal([0, [1, 2, 3]]);
      const last = moments.at(-1);
      if (last === undefined) throw new Error('no moment was recorded');
      writeFolder(`${folder}/left`, last.tree.afterPowerLoss(last.tree.pending.map(() => 'lost')).entries());
      expect(await findByDrive(open, `${folder}/left`, undefined)).to.equal(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('classic-level 3.0.0: without `sync` the newest value may be lost, and nothing else where names survive in order', function () {
    if (!hasStrace) this.skip();
    const { kept, whole } = judged('classic-level');
    expect(complaintsOf(kept)).to.include('it holds 0, and 1 was acknowledged');
    expect(whole.failing).to.deep.equal(['posix-weakest']);
  });

  it('classic-level 3.0.0: with `sync` it keeps what it acknowledged; posix-weakest alone may lose CURRENT when it is opened', function () {
    if (!hasStrace) this.skip();
    const { kept } = judged('classic-level, sync');
    expect(kept.failing).to.deep.equal(['posix-weakest']);
    expect(complaintsOf(kept)).to.deep.equal(['it could not be recovered: Database failed to open']);
    expect(kept.findings[0]?.losses.join()).to.match(/^the rename of \d+\.dbtmp to CURRENT is lost/);
  });

  it('lmdb 3.5.6: what is flushed is kept on every file system', function () {
    if (!hasStrace) this.skip();
    const { kept, whole } = judged('lmdb');
    expect([kept.verdict, whole.verdict], [...kept.reasons, ...complaintsOf(kept)].join()).to.deep.equal(['held', 'held']);
  });

  it('lmdb with its lock file, which is mapped memory: undecided, whatever the check says', async function () {
    if (!hasStrace) this.skip();
    const subject = subjectNamed('lmdb') as Subject;
    const folder = mkdtempSync(`${memoryFolder()}/lazurite-lmdb-`);
    try {
      const { record } = await recordCommand({
        command: workerCommand('work', subject, drives, folder),
        folder,
        workingFolder: process.cwd(),
        by: 'strace',
        onOutput: () => undefined,
      });
      const { verdict, reasons } = await judgeCommand(record, { recover: 'true' });
      expect(verdict).to.equal('undecided');
      expect(reasons.join()).to.match(/memory mapped to .*lock\.mdb, whose changes are not shown/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
