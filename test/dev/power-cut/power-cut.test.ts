/** `npm run powercut`: the model of the disk against real losses of power. If no power can be cut, the test of that part says so and is skipped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cutAfter, memberOf } from '../../../dev/power-cut/cut.ts';
import { LoopDisk, realFileSystems, whyNoPowerCut } from '../../../dev/power-cut/loop-disk.ts';
import { doWork, drawnWork, prepareWork, type Step, stepWords } from '../../../dev/power-cut/work.ts';
import { readFolder } from '../../../programs/recording/read-folder.ts';
import { recordRun } from '../../../programs/recording/record-run.ts';

describe('real losses of power', function () {
  this.timeout(120_000);

  const replaced: readonly Step[] = [
    { op: 'write', file: 'c', length: 7, letter: 'e' },
    { op: 'rename', file: 'c', to: 'a' },
    { op: 'fsync', file: '.' },
  ];

  it('a folder that the model does not list is impossible: bytes that nobody wrote, a synced name that is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-work-'));
    try {
      prepareWork(folder);
      const record = await recordRun<never>(folder, (at) => doWork(at, replaced));
      const after = readFolder(folder);
      expect(memberOf(record, 'ext4', after)).to.include({ verdict: 'in the model', isLossy: false });
      const changed = new Map(after).set('a', { type: 'file', bytes: new Uint8Array(Buffer.from('eeeeeef')) });
      expect(memberOf(record, 'ext4', changed)).to.include({ verdict: 'impossible', isLossy: true });
      expect(memberOf(record, 'ext4', record.before)).to.include({ verdict: 'impossible' });
      const zeros = new Map(after).set('a', { type: 'file', bytes: new Uint8Array(7) });
      expect(memberOf(record, 'ext4', zeros).verdict).to.equal('in the model');
      expect(memberOf(record, 'xfs', zeros).verdict).to.equal('impossible');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const fileSystem of realFileSystems)
    it(`what comes back from a real ${fileSystem} is in the model`, async function () {
      const why = whyNoPowerCut(fileSystem);
      if (why !== undefined) {
        process.stdout.write(`      no power is cut: ${why}\n`);
        this.skip();
      }
      const disk = new LoopDisk(fileSystem);
      try {
        for (const steps of [replaced, drawnWork(2), drawnWork(39)]) {
          const { verdict } = await cutAfter(disk, steps);
          expect(verdict, steps.map(stepWords).join('; ')).to.equal('in the model');
        }
      } finally {
        disk.end();
      }
    });
});
