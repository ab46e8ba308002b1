/** Small programs in this process: which losses of power each survives, what is blamed, and what is not called green. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { everyPowerLoss, type PowerLossTest, reportLines, type StatesReport } from '../../programs/index.ts';

interface Counter {
  readonly a: number;
}

const file = 'state.json';
const read = (folder: string): Counter =>
  existsSync(join(folder, file)) ? (JSON.parse(readFileSync(join(folder, file), 'utf8')) as Counter) : { a: 0 };
const keepsAcknowledged = ({ a }: Counter, acknowledged: readonly number[]): void => {
  const last = acknowledged.at(-1) ?? 0;
  if (a < last) throw new Error(`a is ${a}, and ${last} was acknowledged`);
};
const isWhole = ({ a }: Counter): void => {
  if (![0, 1, 2, 3].includes(a)) throw new Error(`a is ${a}`);
};

/** What the program does to write `a` durably, as it believes. */
type Write = (folder: string, text: string) => void | Promise<void>;

const syncFolder = (folder: string): void => {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
};
const replaced =
  (options: { readonly syncsFile: boolean; readonly syncsFolder: boolean }): Write =>
  (folder, text) => {
    writeFileSync(join(folder, 'new'), text, { flush: options.syncsFile });
    renameSync(join(folder, 'new'), join(folder, file));
    if (options.syncsFolder) syncFolder(folder);
  };

const counting = (write: Write, rest: Partial<PowerLossTest<Counter, number>> = {}): PowerLossTest<Counter, number> => ({
  run: async (folder, acknowledge) => {
    for (const a of [1, 2, 3]) {
      await write(folder, JSON.stringify({ a }));
      acknowledge(a);
    }
  },
  recover: read,
  expect: keepsAcknowledged,
  ...rest,
});
const wordsOf = (report: StatesReport): string => reportLines(report).join('\n');

describe('every loss of power of a program in this process', function () {
  this.timeout(60_000);

  it('a temporary file that is synced, renamed, and its folder synced: held on every file system, every combination tried', async () => {
    const report = await everyPowerLoss(counting(replaced({ syncsFile: true, syncsFolder: true })));
    expect(report.verdict, wordsOf(report)).to.equal('held');
    expect(report.acknowledged).to.equal(3);
    expect(report.fileSystems.map(({ bound }) => bound)).to.deep.equal(['every', 'every', 'every', 'every', 'every']);
  });

  it('without the sync of the folder the newest state is lost everywhere, and the rename is to blame, with its line', async () => {
    const report = await everyPowerLoss(counting(replaced({ syncsFile: true, syncsFolder: false })));
    expect(report.verdict).to.equal('violated');
    const [finding] = report.findings;
    expect(finding?.complaint).to.equal('a is 0, and 1 was acknowledged');
    expect(finding?.losses).to.have.length(1);
    expect(finding?.losses[0]).to.match(
      /^the rename of new to state\.json is lost at .*every-power-loss\.test\.ts:\d+: the directory was never synced after it$/,
    );
    expect(finding?.fileSystems).to.deep.equal(['posix-weakest', 'ext4-ordered', 'ext4', 'xfs', 'btrfs']);
    // What is there is always whole.
    const whole = await everyPowerLoss(
      counting(replaced({ syncsFile: true, syncsFolder: false }), { expect: isWhole, allowsLoss: true }),
    );
    expect(whole.verdict, wordsOf(whole)).to.equal('held');
  });

  it('without the sync of the file: empty or torn after the rename; on ext4 never empty, but zeros: the flush that it starts may come later than the name', async () => {
    const write = replaced({ syncsFile: false, syncsFolder: true });
    const prepare = (folder: string): void => writeFileSync(join(folder, file), '{"a":0}');
    const report = await everyPowerLoss(counting(write, { prepare }));
    expect(report.verdict).to.equal('violated');
    const torn = report.findings.find(({ complaint }) => complaint.startsWith('it could not be recovered'));
    expect(torn?.fileSystems).to.deep.equal(['posix-weakest', 'ext4-ordered', 'ext4', 'xfs', 'btrfs']);
    expect(torn?.losses[0]).to.match(/a write of 7 bytes to state\.json is lost at .*: the file was never synced after it/);
    const onExt4 = await everyPowerLoss(counting(write, { prepare, fileSystems: ['ext4'] }));
    expect(
      onExt4.findings.find(({ complaint }) => complaint.startsWith('it could not be recovered'))?.folder.get(file),
    ).to.deep.equal({
      type: 'file',
      bytes: new Uint8Array(7),
    });
  });

  it('a file rewritten in place is torn on every file system, unless it is flushed at its close and only its content counts', async () => {
    const report = await everyPowerLoss(counting((folder, text) => writeFileSync(join(folder, file), text, { flush: true })));
    expect(report.findings.some(({ complaint }) => complaint.startsWith('it could not be recovered'))).to.equal(true);
    for (const { failing } of report.fileSystems) expect(failing).to.be.greaterThan(0);
  });

  it('an appended log: a sync keeps it; without one its tail is lost, or zeros on ext4, and never longer than its bytes on XFS', async () => {
    const lines = (folder: string): readonly string[] => readFileSync(join(folder, 'log'), 'utf8').split('\n').slice(0, -1);
    const log = (syncs: boolean): PowerLossTest<readonly string[], string> => ({
      prepare: (folder) => writeFileSync(join(folder, 'log'), 'zero\n'),
      run: (folder, acknowledge) => {
        for (const line of ['one', 'two']) {
          appendFileSync(join(folder, 'log'), `${line}\n`, { flush: syncs });
          acknowledge(line);
        }
      },
      recover: lines,
      expect: (found, acknowledged) => {
        for (const line of acknowledged) if (!found.includes(line)) throw new Error(`${line} is gone`);
      },
    });
    const kept = await everyPowerLoss(log(true));
    expect(kept.verdict, wordsOf(kept)).to.equal('held');
    expect((await everyPowerLoss(log(false))).verdict).to.equal('violated');
    const zeros = (fileSystem: 'ext4' | 'xfs'): PowerLossTest<readonly string[], string> => ({
      ...log(false),
      fileSystems: [fileSystem],
      allowsLoss: true,
      expect: (found) => {
        if (found.some((line) => line.includes('\0'))) throw new Error('a line of zeros');
      },
      recover: (folder) => readFileSync(join(folder, 'log'), 'utf8').split('\n'),
    });
    expect((await everyPowerLoss(zeros('ext4'))).verdict).to.equal('violated');
    expect((await everyPowerLoss(zeros('xfs'))).verdict).to.equal('held');
  });

  it('no more states than were allowed, also of a long run without a sync; the certificate says that prefixes are missing', async () => {
    const report = await everyPowerLoss<number, number>({
      run: (folder, acknowledge) => {
        for (let line = 0; line < 100; line += 1) appendFileSync(join(folder, 'log'), `${line}\n`);
        acknowledge(100);
      },
      recover: (folder) =>
        existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').split('\n').length - 1 : 0,
      expect: (found, [lines = 0]) => found >= lines,
      fileSystems: ['ext4'],
      states: 12,
    });
    expect(report.verdict).to.equal('violated');
    expect(report.states).to.be.within(3, 12);
    expect(report.fileSystems[0]?.bound).to.equal('some');
    expect(wordsOf(report)).to.include('some prefixes of the operations, not all');
    // The plainest state is not searched for one operation at a time.
    expect(report.findings[0]?.losses).to.have.length(1);
    expect(report.recoveries).to.be.below(40);
  });

  it('a sync covers only writes that had ended when it began', async () => {
    const report = await everyPowerLoss(
      counting(async (folder, text) => {
        const handle = await open(join(folder, 'new'), 'w');
        const writing = handle.write(text);
        await Promise.all([writing, handle.sync()]);
        await handle.close();
        renameSync(join(folder, 'new'), join(folder, file));
        syncFolder(folder);
      }),
    );
    expect(report.verdict).to.equal('violated');
    expect(wordsOf(report)).to.match(/a sync was under way, but had begun before this call ended/);
  });

  it('writes through O_DSYNC need no sync of their own', async () => {
    const write: Write = (folder, text) => {
      const fd = openSync(join(folder, file), 'rs+');
      writeSync(fd, text, 0);
      closeSync(fd);
    };
    const report = await everyPowerLoss(
      counting(write, { prepare: (folder) => writeFileSync(join(folder, file), '{"a":0}'), fileSystems: ['ext4', 'xfs'] }),
    );
    expect(report.verdict, wordsOf(report)).to.equal('held');
  });

  it('folders: a file in a folder whose own name was never synced cannot be found', async () => {
    const nested = (syncsParent: boolean): PowerLossTest<boolean, string> => ({
      run: (folder, acknowledge) => {
        mkdirSync(join(folder, 'deep'));
        if (syncsParent) syncFolder(folder);
        writeFileSync(join(folder, 'deep/file'), 'x', { flush: true });
        syncFolder(join(folder, 'deep'));
        acknowledge('deep/file');
      },
      recover: (folder) => existsSync(join(folder, 'deep/file')) && readFileSync(join(folder, 'deep/file'), 'utf8') === 'x',
      expect: (found, acknowledged) => found || acknowledged.length === 0,
    });
    const kept = await everyPowerLoss(nested(true));
    expect(kept.verdict, wordsOf(kept)).to.equal('held');
    const lost = await everyPowerLoss(nested(false));
    expect(lost.findings[0]?.losses[0]).to.match(/the new entry deep is lost at .*: the directory was never synced after it/);
    expect(lost.findings[0]?.fileSystems).to.deep.equal(['posix-weakest']);
  });

  it('a state can be judged alone, by its token', async () => {
    const test = counting(replaced({ syncsFile: true, syncsFolder: false }));
    const token = (await everyPowerLoss(test)).findings[0]?.token ?? '';
    const again = await everyPowerLoss({ ...test, only: token });
    expect(again.verdict).to.equal('violated');
    expect(again.states).to.equal(1);
    expect(again.findings[0]?.complaint).to.equal('a is 0, and 1 was acknowledged');
    const other = await everyPowerLoss({ ...counting(replaced({ syncsFile: true, syncsFolder: true })), only: token });
    expect(other.verdict).to.equal('untested');
    expect((await everyPowerLoss({ ...test, only: 'ext9@1/1' })).verdict).to.equal('untested');
  });

  describe('is untested, never green', () => {
    const good = replaced({ syncsFile: true, syncsFolder: true });
    const untested: Readonly<Record<string, readonly [PowerLossTest<Counter, number>, RegExp]>> = {
      'when it changed no file': [counting(good, { run: (_, acknowledge) => acknowledge(1) }), /changed no file in its folder/],
      'when it acknowledged nothing': [counting(good, { run: (folder) => good(folder, '{"a":1}') }), /acknowledged nothing/],
      'when the expectation accepts a folder without anything that was acknowledged': [
        counting(good, { expect: () => undefined }),
        /would accept any loss/,
      ],
      'when it fails without any loss of power': [
        counting(good, { expect: () => false }),
        /even without a loss of power the result is not as expected/,
      ],
    };
    for (const [name, [test, words]] of Object.entries(untested))
      it(name, async () => {
        const report = await everyPowerLoss(test);
        expect(report.verdict).to.equal('untested');
        expect(wordsOf(report)).to.match(words);
      });
  });

  describe('is undecided, never green, when files may change out of sight', () => {
    const good = replaced({ syncsFile: true, syncsFolder: true });
    const also = (act: (folder: string) => unknown): PowerLossTest<Counter, number> =>
      counting(async (folder, text) => {
        await act(folder);
        await good(folder, text);
      });
    const unseen: Readonly<Record<string, readonly [(folder: string) => unknown, RegExp]>> = {
      'a child process': [() => spawnSync('true'), /the child process true/],
      'a worker thread': [() => new Promise((resolve) => new Worker('0', { eval: true }).on('exit', resolve)), /a worker thread/],
      'a native addon': [
        () => {
          try {
            process.dlopen({ exports: {} }, '/nowhere/store.node');
          } catch {
            // There is no such addon; that it was asked for is enough.
          }
        },
        /the native addon store\.node/,
      ],
      'a file that something else changed': [
        (folder) => {
          const held = process.env['NODE_OPTIONS'];
          spawnSync('sh', ['-c', 'echo more >> other'], { cwd: folder, env: { NODE_OPTIONS: held } });
        },
        /does not hold what was recorded \(other\)/,
      ],
    };
    for (const [name, [act, words]] of Object.entries(unseen))
      it(name, async () => {
        const report = await everyPowerLoss(also(act));
        expect(report.verdict).to.equal('undecided');
        expect(wordsOf(report)).to.match(words);
      });
  });

  it('a file keeps its bytes as long as a name that may survive leads to it', async () => {
    const test: PowerLossTest<string, string> = {
      allowsLoss: true,
      fileSystems: ['posix-weakest'],
      prepare: (folder) => {
        mkdirSync(join(folder, 'a'));
        mkdirSync(join(folder, 'b'));
        writeFileSync(join(folder, 'a/x'), 'bytes');
      },
      run: (folder, acknowledge) => {
        linkSync(join(folder, 'a/x'), join(folder, 'b/y'));
        unlinkSync(join(folder, 'a/x'));
        unlinkSync(join(folder, 'b/y'));
        syncFolder(join(folder, 'a'));
        acknowledge('gone');
      },
      recover: (folder) => (existsSync(join(folder, 'b/y')) ? readFileSync(join(folder, 'b/y'), 'utf8') : 'none'),
      expect: (found) => ['bytes', 'none'].includes(found),
    };
    const report = await everyPowerLoss(test);
    expect(report.verdict, wordsOf(report)).to.equal('held');
  });

  it('a file that is rewritten twice holds what was written first, or second, and never a part of one in the length of the other', async () => {
    const found = new Set<string>();
    await everyPowerLoss<string, number>({
      prepare: (folder) => writeFileSync(join(folder, file), 'old'),
      run: (folder, acknowledge) => {
        writeFileSync(join(folder, file), 'first');
        writeFileSync(join(folder, file), 'the second');
        acknowledge(2);
      },
      recover: (folder) => readFileSync(join(folder, file), 'utf8'),
      expect: (text) => void found.add(text.replaceAll('\0', '0')),
      allowsLoss: true,
      fileSystems: ['ext4', 'xfs'],
    });
    expect([...found].sort()).to.deep.equal(['', '00000', '0000000000', 'first', 'old', 'the second']);
  });

  it('a truncation that is lost leaves the old tail', async () => {
    const test: PowerLossTest<string, string> = {
      prepare: (folder) => writeFileSync(join(folder, 'f'), 'long and old'),
      run: (folder, acknowledge) => {
        truncateSync(join(folder, 'f'), 4);
        acknowledge('long');
      },
      recover: (folder) => readFileSync(join(folder, 'f'), 'utf8'),
      expect: (found, [wanted]) => wanted === undefined || found === wanted,
    };
    const report = await everyPowerLoss(test);
    expect(report.findings[0]?.losses[0]).to.match(/the truncation of f is lost at .*: the file was never synced after it/);
  });
});
