/** Boots that differ in a torn tail are merged only as far as no monitor can tell them apart: by what is read, told, or lies on the disk. */
import { expect } from 'chai';
import type { DiskAnswer } from '../../actors/effects.ts';
import type { Monitor, RunEvent, Verdict, Watched, Witness } from '../../actors/record.ts';
import { enumerateCrashpoints } from '../../checker/index.ts';
import { crashpointsPlan } from '../../scenarios/crashpoints.ts';
import { scenario } from '../../scenarios/index.ts';
import { stage } from '../../scenarios/stage.ts';

type Look = (event: RunEvent, witness: Witness) => number;

/** Objects to what few images show: one in seven, and not the first. */
class Curious implements Monitor {
  readonly watches: readonly Watched[];
  readonly #look: Look;
  #objects = false;

  constructor(watches: readonly Watched[], look: Look) {
    this.watches = watches;
    this.#look = look;
  }
  observe(event: RunEvent, witness: Witness): void {
    if (this.#look(event, witness) % 7 === 5) this.#objects = true;
  }
  finish(): Verdict {
    const violations = this.#objects ? [{ message: 'it is so', event: 0, nodes: ['B'], height: 1 }] : [];
    return { verdict: this.#objects ? 'violated' : 'held', violations };
  }
  fork(): Monitor {
    const copy = new Curious(this.watches, this.#look);
    copy.#objects = this.#objects;
    return copy;
  }
  digest(): number {
    return this.#objects ? 1 : 0;
  }
}

const bytesOnDisk = (witness: Witness): number =>
  witness.fileNames('B', 'wal').reduce((sum, name) => sum + witness.fileLength('B', `wal/${name}`), 0);

function bytesOfReader(witness: Witness): number {
  const { contents } = witness.actorState('B', 'wal') as { readonly contents: ReadonlyMap<string, { readonly length: number }> };
  return [...contents.values()].reduce((sum, { length }) => sum + length, 0);
}

/** In the victim's second life. */
const back =
  (look: Look): Look =>
  (event, witness) =>
    event.node === 'B' && event.life === 1 ? look(event, witness) : 0;

const looks: readonly (readonly [what: string, watches: readonly Watched[], look: Look])[] = [
  ['what was read', ['done read'], back((event) => (event.type === 'done' ? (event.answer.bytes?.length ?? 0) : 0))],
  [
    'what the reader is told',
    ['deliver wal'],
    back((event) => (event.type === 'deliver' ? ((event.message as Partial<DiskAnswer>).bytes?.length ?? 0) : 0)),
  ],
  [
    'how much was lost',
    ['effect observe'],
    back((event) =>
      event.type === 'effect' && event.effect.type === 'observe' && event.effect.event === 'judged'
        ? Number(event.effect.detail['lostBytes'])
        : 0,
    ),
  ],
  ['the disk, when the victim comes back', ['restart'], back((_, witness) => bytesOnDisk(witness))],
  ['the disk, while it is read', ['disk list'], back((_, witness) => bytesOnDisk(witness))],
  ['the state of the reader', ['disk read'], back((_, witness) => bytesOfReader(witness))],
  ['the disk, while the victim is down', ['effect transmit'], (_, witness) => (witness.isUp('B') ? 0 : bytesOnDisk(witness))],
];

describe('a monitor that is curious', () => {
  const { data } = scenario('curious', { A: 1, B: 1, C: 1, D: 1 });
  for (const [what, watches, look] of looks)
    it(`of ${what} says the same with and without merging`, () => {
      const [merged, single] = [true, false].map((merge) => {
        const options = { nodes: ['B'], sites: ['wal.flush'], heights: '1', death: 'power', pending: 1, merge } as const;
        const curious = { name: 'curious', says: 'it is never so', monitor: () => new Curious(watches, look) };
        const start = () => stage(data, { seed: data.seed, keeps: 'nothing', properties: [curious] });
        const { cells, images } = enumerateCrashpoints({ ...crashpointsPlan(data, options), start, properties: ['curious'] });
        return { images, verdicts: cells.map(({ verdict, failures }) => [verdict, failures.map(({ death }) => death.image)]) };
      });
      expect(merged).to.deep.equal(single);
      expect(new Set(merged?.verdicts.map(([verdict]) => verdict))).to.include('violated');
    });
});
