/** The signer's file: each step of its replacement may be the last before power fails, with any image; and every byte cut is found. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  applyOperation,
  type contentsOf,
  crashImages,
  expandStep,
  type RecoveryError,
  readSigner,
  replaceSigner,
  type Signed,
  SimulatedDisk,
  signerBirth,
  signerFiles,
  sourceOf,
} from '../../wal/index.ts';

const signedAt = (height: number, text: string): Signed => ({
  height,
  round: 2,
  kind: 3,
  bytes: new TextEncoder().encode(text),
});
const older = signedAt(7, 'precommit 7 2 = v');
const newer = signedAt(8, 'precommit 8 2 nil');

function diskWith(signed: Signed): SimulatedDisk {
  const disk = new SimulatedDisk('zeros', { folders: 'made' });
  applySteps(disk, signerBirth());
  applySteps(disk, replaceSigner(readSigner(filesOn(disk)), signed).steps);
  return disk;
}

type Steps = ReturnType<typeof signerBirth>;

function applySteps(disk: SimulatedDisk, steps: Steps, most = Number.POSITIVE_INFINITY): void {
  const operations = steps.flatMap((step) => [...expandStep(step, new Map())]);
  for (const operation of operations.slice(0, most)) applyOperation(disk, operation);
}

function filesOn(disk: SimulatedDisk): ReturnType<typeof contentsOf> {
  return new Map(signerFiles(disk.names()).map((file) => [file, sourceOf(disk.read(file))]));
}

function codeOf(disk: SimulatedDisk): string {
  try {
    readSigner(filesOn(disk));
  } catch (error) {
    return (error as RecoveryError).code;
  }
  return 'none';
}

describe("the signer's file", () => {
  it('is read as it was written, for any place and bytes', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.constantFrom(1, 2, 3),
        fc.uint8Array({ maxLength: 90 }),
        (height, round, kind, bytes) => {
          const signed = { height, round, kind, bytes };
          expect(readSigner(filesOn(diskWith(signed))).signed).to.deep.equal(signed);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('names the old message or the new one, wherever power fails and whatever is left; the new one when the replacement is done', () => {
    const { steps } = replaceSigner(readSigner(filesOn(diskWith(older))), newer);
    let tried = 0;
    for (let most = 0; most <= steps.length; most += 1) {
      const disk = diskWith(older);
      applySteps(disk, steps, most);
      for (const image of crashImages(disk, { pending: 12 }).images) {
        const left = disk.fork();
        left.powerLoss(image);
        const { signed } = readSigner(filesOn(left));
        expect([older, newer], `after ${most} operations`).to.deep.include(signed);
        if (most === steps.length) expect(signed).to.deep.equal(newer);
        tried += 1;
      }
    }
    expect(tried).to.be.greaterThan(50);
  });

  it('is replaced by the next boot whatever a death has left, and then there is one file', () => {
    const { steps } = replaceSigner(readSigner(filesOn(diskWith(older))), newer);
    for (let most = 0; most <= steps.length; most += 1) {
      const disk = diskWith(older);
      applySteps(disk, steps, most);
      disk.powerLoss('all');
      applySteps(disk, replaceSigner(readSigner(filesOn(disk)), newer).steps);
      disk.powerLoss('none');
      expect(signerFiles(disk.names())).to.have.length(1);
      expect(readSigner(filesOn(disk)).signed).to.deep.equal(newer);
    }
  });

  it('is damaged at every byte cut and every flipped bit, and gone without its name: never an older message', () => {
    const [file = ''] = signerFiles(diskWith(newer).names());
    const length = diskWith(newer).size(file);
    for (let bytes = 1; bytes <= length; bytes += 1) {
      const disk = diskWith(newer);
      disk.damage({ type: 'lost-tail', file, bytes });
      expect(codeOf(disk), `${bytes} bytes cut`).to.equal('CORRUPT');
    }
    for (let offset = 0; offset < length; offset += 1) {
      const disk = diskWith(newer);
      disk.damage({ type: 'bit-flip', file, offset, bit: offset % 8 });
      expect(codeOf(disk), `a bit of byte ${offset}`).to.equal('CORRUPT');
    }
    const disk = diskWith(newer);
    disk.damage({ type: 'missing', file });
    expect(codeOf(disk)).to.equal('GONE');
  });
});
