/**
 * How many recoveries are saved by what each reads. Run in a process of its own (merged-recoveries.test.ts): where another test has loaded a native
 * addon, whose reads are not seen, nothing is merged.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
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

function readSyncOf(fd: number, into: Uint8Array): number {
  return readSync(fd, into, 0, 1, 0);
}

describe('recoveries that are merged', function () {
  this.timeout(60_000);

  it('merging recoveries by what they read gives the verdict of running each, and runs fewer', async () => {
    for (const options of [
      { syncsFile: true, syncsFolder: true },
      { syncsFile: true, syncsFolder: false },
      { syncsFile: false, syncsFolder: true },
      { syncsFile: false, syncsFolder: false },
    ]) {
      const merged = await everyPowerLoss(counting(replaced(options)));
      const each = await everyPowerLoss(counting(replaced(options), { merges: false }));
      expect({ ...merged, recoveries: 0, findings: [] }).to.deep.equal({ ...each, recoveries: 0, findings: [] });
      expect(merged.findings.map(({ token }) => token)).to.deep.equal(each.findings.map(({ token }) => token));
      expect(merged.recoveries).to.be.at.most(each.recoveries);
      if (!options.syncsFile) expect(merged.recoveries).to.be.lessThan(each.recoveries / 2);
    }
  });

  it('reading only a part of a file needs a recovery only for what that part can hold', async () => {
    const test = (merges: boolean): PowerLossTest<number, number> => ({
      merges,
      fileSystems: ['posix-weakest'],
      run: (folder, acknowledge) => {
        writeFileSync(join(folder, 'log'), Buffer.alloc(4096, 7), { flush: true });
        syncFolder(folder);
        acknowledge(7);
        for (let i = 0; i < 3; i += 1) appendFileSync(join(folder, 'log'), Buffer.alloc(4096, i + 1));
      },
      recover: (folder) => {
        if (!existsSync(join(folder, 'log'))) return 0;
        const fd = openSync(join(folder, 'log'), 'r');
        const first = Buffer.alloc(1);
        const count = readSyncOf(fd, first);
        closeSync(fd);
        return count === 0 ? 0 : (first[0] as number);
      },
      expect: (found, [first]) => first === undefined || found === first,
    });
    const [merged, each] = [await everyPowerLoss(test(true)), await everyPowerLoss(test(false))];
    expect(merged.verdict, wordsOf(merged)).to.equal('held');
    expect(each.verdict).to.equal('held');
    expect(merged.states).to.equal(each.states);
    expect(merged.recoveries * 5).to.be.lessThan(each.recoveries);
  });
});
