/** The disks that a death may leave. Each distinct disk is one object, so that disks can be compared by identity. */
import type { SimulatedDisk } from '../../../wal/storage/index.ts';
import { type MergeKeys, MergeMap } from '../../merge-keys.ts';
import type { DeathVariant } from '../death-variants.ts';
import type { Death } from '../plan.ts';

/** A disk with which a victim starts. */
export interface LeftDisk {
  /** Undefined: the victim runs already, with the disk that it has. */
  readonly disk: SimulatedDisk | undefined;
  /** The files in which a loss of power may have left more or less. Empty after a kill. */
  readonly torn: ReadonlySet<string>;
}

/** One way to die, and the disk that it leaves. */
export interface LeftImage {
  readonly death: Death;
  readonly left: LeftDisk;
}

export type LeftImages = readonly LeftImage[];

export class LeftDisks {
  readonly #keys: MergeKeys;
  readonly #merge: boolean;
  readonly #disks = new MergeMap<LeftDisk>();
  readonly #lists = new MergeMap<LeftImages>();

  constructor(keys: MergeKeys, merge: boolean) {
    this.#keys = keys;
    this.#merge = merge;
  }

  /** The disk after each of these deaths. `disk` has all unsynced writes. `isUp`: the victim runs already, and an image can no longer be chosen. */
  after(victim: string, disk: SimulatedDisk, deaths: DeathVariant['deaths'], isUp: boolean): LeftImages {
    if (isUp) {
      const left: LeftDisk = { disk: undefined, torn: new Set() };
      return deaths.map(({ death }) => ({ death, left }));
    }
    const key = this.#merge
      ? this.#keys.of({ victim, disk: disk.present(), images: deaths.map(({ death }) => death.image) })
      : this.#keys.unique();
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const unsynced = disk.pending().flatMap((pending) => (pending.type === 'write' ? [pending.file] : []));
    const torn = new Set(unsynced);
    const images = deaths.map(({ death, image }): LeftImage => {
      const copy = disk.fork();
      if (image !== undefined) copy.powerLoss(image);
      return { death, left: this.#distinct(victim, copy, image === undefined ? new Set() : torn) };
    });
    this.#lists.set(key, images);
    return images;
  }

  #distinct(victim: string, disk: SimulatedDisk, torn: ReadonlySet<string>): LeftDisk {
    if (!this.#merge) return { disk, torn };
    const key = this.#keys.of({ victim, disk: disk.present(), torn: [...torn].sort() });
    const known = this.#disks.get(key);
    if (known !== undefined) return known;
    const left = { disk, torn };
    this.#disks.set(key, left);
    return left;
  }
}
