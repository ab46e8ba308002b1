/** The application's own store: each step of a commit may be the last before power fails, with any image; and what a boot makes of it beside the blocks. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  applicationBirth,
  applicationFiles,
  applyOperation,
  commitApplication,
  type contentsOf,
  crashImages,
  expandStep,
  type FoundApplication,
  missingBlocks,
  type RecoveryError,
  readApplication,
  SimulatedDisk,
  sourceOf,
} from '../../wal/index.ts';

const stateAt = (height: number): { readonly height: number; readonly state: Uint8Array } => ({
  height,
  state: new TextEncoder().encode(`the state after ${height}`),
});

type Steps = ReturnType<typeof applicationBirth>;

function applySteps(disk: SimulatedDisk, steps: Steps, most = Number.POSITIVE_INFINITY): void {
  const operations = steps.flatMap((step) => [...expandStep(step, new Map())]);
  for (const operation of operations.slice(0, most)) applyOperation(disk, operation);
}

function filesOn(disk: SimulatedDisk): ReturnType<typeof contentsOf> {
  return new Map(applicationFiles(disk.names()).map((file) => [file, sourceOf(disk.read(file))]));
}

const heightOn = (disk: SimulatedDisk): number | string => {
  const { height, state, lost } = readApplication(filesOn(disk));
  if (lost === undefined && height > 0) expect(state).to.deep.equal(stateAt(height).state);
  return lost ?? height;
};

/** A disk whose application has committed height 7 durably. */
function diskAtSeven(): SimulatedDisk {
  const disk = new SimulatedDisk('zeros', { folders: 'made' });
  applySteps(disk, applicationBirth());
  applySteps(disk, commitApplication(readApplication(filesOn(disk)), stateAt(7), true).steps);
  return disk;
}

/** What is found after a loss of power at each step, with each image. */
function leftAt(disk: SimulatedDisk, steps: Steps, step: number): ReadonlySet<number | string> {
  applySteps(disk, steps, step);
  return new Set(
    crashImages(disk, { pending: 12 }).images.map((image) => {
      const dead = disk.fork();
      dead.powerLoss(image);
      return heightOn(dead);
    }),
  );
}

describe("the application's own store", () => {
  it('is read as it was written, for any height and state', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.uint8Array({ maxLength: 600 }), (height, state) => {
        const disk = diskAtSeven();
        applySteps(disk, commitApplication(readApplication(filesOn(disk)), { height, state }, true).steps);
        const found = readApplication(filesOn(disk));
        expect([found.height, [...found.state], found.lost]).to.deep.equal([height, [...state], undefined]);
        expect(found.files).to.have.length(1);
      }),
    );
  });

  it('is the older or the newer state after a loss of power at any step of a commit, and the newer one when it is done', () => {
    const { steps } = commitApplication(readApplication(filesOn(diskAtSeven())), stateAt(8), true);
    const all = steps.map((_, step) => leftAt(diskAtSeven(), steps, step));
    for (const found of all) expect([...found].filter((one) => one !== 7 && one !== 8)).to.deep.equal([]);
    expect(all.some((found) => found.has(7) && found.has(8))).to.equal(true);
    expect([...leftAt(diskAtSeven(), steps, steps.length)]).to.deep.equal([8]);
  });

  it('keeps the durable state beside commits that are not durable yet: a kill keeps them, a loss of power need not', () => {
    const disk = diskAtSeven();
    const eight = commitApplication(readApplication(filesOn(disk)), stateAt(8), false);
    applySteps(disk, eight.steps);
    applySteps(disk, commitApplication(eight.file, stateAt(9), false).steps);
    expect(heightOn(disk)).to.equal(9);
    const { steps } = commitApplication(readApplication(filesOn(disk)), stateAt(10), true);
    for (const step of steps.keys()) {
      const found = leftAt(disk.fork(), steps, step);
      expect([...found].filter((one) => typeof one === 'string')).to.deep.equal([]);
    }
    expect([...leftAt(disk.fork(), steps, 0)].includes(7)).to.equal(true);
    applySteps(disk, steps);
    expect(readApplication(filesOn(disk)).files).to.have.length(1);
  });

  it('finds every byte cut and every flipped bit; where nothing is whole the state is lost, and missing files are gone', () => {
    const disk = diskAtSeven();
    const [file = ''] = applicationFiles(disk.names());
    const bytes = disk.read(file);
    const read = (altered: Uint8Array): string | undefined => readApplication(new Map([[file, sourceOf(altered)]])).lost;
    expect(read(bytes)).to.equal(undefined);
    for (let end = 0; end < bytes.length; end += 1) expect(read(bytes.subarray(0, end)), `cut at ${end}`).to.equal('CORRUPT');
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      expect(read(flipped), `byte ${at}`).to.equal('CORRUPT');
    }
    expect(readApplication(new Map()).lost).to.equal('GONE');
    expect(readApplication(filesOn(disk), () => false).lost).to.equal('CORRUPT');
  });
});

describe('what an application lacks beside the blocks', () => {
  const block = (height: number): Uint8Array => Uint8Array.of(height);
  const heightOf = (bytes: Uint8Array): number => bytes[0] ?? 0;
  const at = (height: number, lost?: 'GONE'): FoundApplication => ({
    height,
    state: new Uint8Array(),
    files: ['app/state.4'],
    next: 5,
    ...(lost === undefined ? {} : { lost }),
  });
  const lacking = (height: number, kept: readonly number[], stored: number, lost?: 'GONE'): readonly number[] | string => {
    try {
      return missingBlocks(at(height, lost), kept.map(block), stored, heightOf).map(heightOf);
    } catch (error) {
      const { code, message } = error as RecoveryError;
      return `${code} ${message}`;
    }
  };

  it('is nothing, or the blocks since, as long as they are kept', () => {
    expect(lacking(0, [], 0)).to.deep.equal([]);
    expect(lacking(6, [4, 5, 6], 6)).to.deep.equal([]);
    expect(lacking(5, [4, 5, 6], 6)).to.deep.equal([6]);
    expect(lacking(3, [4, 5, 6], 6)).to.deep.equal([4, 5, 6]);
    expect(lacking(0, [1, 2], 2)).to.deep.equal([1, 2]);
  });

  it('stops it where a block is pruned, or where it is ahead, and the message names both heights', () => {
    expect(lacking(2, [4, 5, 6], 6)).to.match(
      /^APPLICATION_BEHIND_PRUNED app\/state\.4: the application has executed height 2 and needs block 3; the oldest block that is kept is 4, the newest 6\. Nothing was changed/,
    );
    expect(lacking(0, [4, 5, 6], 6, 'GONE')).to.contain('the application has lost its state and needs block 1');
    expect(lacking(7, [4, 5, 6], 6)).to.match(
      /^APPLICATION_AHEAD app\/state\.4: the application has executed height 7, and the block store ends at height 6, so the store has lost blocks\. Nothing was changed/,
    );
    expect(lacking(1, [], 0)).to.match(/^APPLICATION_AHEAD/);
  });
});
