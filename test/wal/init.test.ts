/** `init` may die anywhere: it is run again, and the log that it made at last survives any loss of power. For both policies, and without a key. */
import { expect } from 'chai';
import type { CrashImage } from '../../core/events.ts';
import {
  applyOperation,
  type BootOptions,
  contentsOf,
  crashImages,
  expandStep,
  initPlan,
  Log,
  planStart,
  RecoveryError,
  SimulatedDisk,
} from '../../wal/index.ts';

const policies = ['next', 'strict'] as const;

function optionsFor(attest: BootOptions['attest']): BootOptions {
  return { attest, salt: 2, keepBlocks: 1, heightOf: () => 1, blockAfter: () => new Uint8Array(8) };
}

/** Runs `init`, up to a number of operations of the disk. Returns whether it came to its end. `isLeftOut`: operations of a broken one. */
function initOn(
  disk: SimulatedDisk,
  plan: Parameters<typeof initPlan>[1],
  most: number,
  isLeftOut: (directory: string) => boolean = () => false,
): boolean {
  const contents = contentsOf(disk);
  let done = 0;
  for (const step of initPlan(contents, plan))
    for (const operation of expandStep(step, contents)) {
      if (done === most) return false;
      done += 1;
      if (operation.type !== 'syncDirectory' || !isLeftOut(operation.directory)) applyOperation(disk, operation);
    }
  return true;
}

function leftBy(disk: SimulatedDisk): readonly (CrashImage | 'killed')[] {
  return ['killed', ...crashImages(disk, { pending: 2 }).images];
}

function after(disk: SimulatedDisk, image: CrashImage | 'killed'): SimulatedDisk {
  const left = disk.fork();
  if (image !== 'killed') left.powerLoss(image);
  return left;
}

for (const attest of policies)
  for (const hasLog of [true, false])
    describe(`init for attest '${attest}' ${hasLog ? 'with' : 'without'} a key`, () => {
      const plan = { attest, hasLog, salt: 1 };
      const boot = (disk: SimulatedDisk): void => {
        planStart(contentsOf(disk), { ...optionsFor(attest), hasLog, onCorrupt: 'halt' });
      };

      it('may die at any operation, by any death: run again it comes to its end, and what it made survives', () => {
        let deaths = 0;
        for (let most = 0; ; most += 1) {
          const dying = new SimulatedDisk('zeros', { folders: 'made' });
          const isDone = initOn(dying, plan, most);
          for (const image of leftBy(dying)) {
            const disk = after(dying, image);
            if (!isDone) expect(initOn(disk, plan, Number.MAX_SAFE_INTEGER)).to.equal(true);
            for (const second of leftBy(disk)) {
              expect(() => boot(after(disk, second)), `died after ${most} operations: ${JSON.stringify(image)}`).to.not.throw();
              deaths += 1;
            }
          }
          if (isDone) break;
        }
        expect(deaths).to.be.greaterThan(hasLog ? 40 : 15);
      });

      it('and without the sync of its folder is lost whole', () => {
        const disk = new SimulatedDisk('zeros', { folders: 'made' });
        initOn(disk, plan, Number.MAX_SAFE_INTEGER, (directory) => directory === '');
        disk.powerLoss('none');
        expect([...disk.names()]).to.deep.equal([]);
      });
    });

describe('a log that was made for one policy', () => {
  for (const made of policies)
    for (const opened of policies)
      it(`'${made}' ${made === 'next' && opened === 'strict' ? 'is refused, with the remedy,' : 'is opened'} under '${opened}'`, () => {
        const disk = new SimulatedDisk('zeros', { folders: 'made' });
        Log.init(disk, 1, { attest: made });
        const open = (): Log => Log.open(disk, optionsFor(opened));
        if (made === 'next' && opened === 'strict')
          expect(open).to.throw(RecoveryError, /wal\/attest\.\*: there is no such file.*run it again with attest 'strict'/);
        else expect(open().height).to.equal(1);
      });
});
