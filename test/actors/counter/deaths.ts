/** Crash points of the counter on one node: a kill or a loss of power at each, every image, and again in all of the life that follows. */

import { type Director, pointText, type World } from '../../../actors/scheduler/index.ts';
import { type CrashpointsPlan, type CrashpointsResult, enumerateCrashpoints } from '../../../campaigns/index.ts';
import { nodeProperties } from '../../../checker/node/index.ts';
import type { Monitor, RunEvent } from '../../../core/events.ts';
import { fileNamed } from '../../../wal/index.ts';
import { type Surroundings, shellOf, startAlone } from './alone.ts';
import { kept } from './kept.ts';

export interface Searched extends Omit<Surroundings, 'keeps' | 'monitors' | 'director'> {
  readonly lastHeight?: number;
  /** The sites of the first death; default: all. */
  readonly sites?: readonly string[];
  /** A second death in the life after the first. */
  readonly nested?: boolean;
  /** What the disk loses while the node is down for the first time. */
  readonly loses?: 'newest segment' | 'everything';
}

/** The first death that broke a property, and how many images were tried until then. */
export interface Red {
  readonly images: number;
  readonly property: string;
  readonly message: string;
  readonly death: string;
}

const properties = [...nodeProperties, kept];

export function searched(options: Searched): CrashpointsResult {
  return enumerateCrashpoints(planOf(options));
}

export function firstRed(options: Searched): Red | undefined {
  let images = 0;
  let red: Red | undefined;
  enumerateCrashpoints(planOf(options), (cell) => {
    images += cell.images;
    const [failure] = cell.failures;
    if (failure === undefined) return undefined;
    const { property, message, death } = failure;
    const second = death.second === undefined ? '' : `%${death.second}`;
    red = { images, property, message, death: `${pointText(cell.point, cell.phase)}/${death.image}${second}` };
    return 'stop';
  });
  return red;
}

/** What is broken, and the height of the counter, when nobody kills it: without deaths each of these nodes does its work. */
export function undisturbed(options: Searched): { readonly height: number; readonly broken: readonly string[] } {
  const world = planOf(options).start();
  world.run({ until: (now) => now.position('A').height > 4, steps: 2000 });
  const broken = world.verdicts().flatMap(({ violations }) => violations.map(({ message }) => message));
  return { height: world.position('A').height, broken };
}

function planOf({ lastHeight = 2, nested = false, sites, loses, ...surroundings }: Searched): CrashpointsPlan {
  const heightOf = (world: World): number => world.position('A').height;
  return {
    start: () =>
      startAlone({
        ...surroundings,
        keeps: 'nothing',
        monitors: properties.map(
          (property): Monitor => property.monitor({ nodes: ['A'], powers: () => new Map(), configurations: new Map() }),
        ),
        ...(loses === undefined ? {} : { director: new LossAtRest(loses) }),
      }),
    properties: properties.map(({ name }) => name),
    victims: ['A'],
    progress: heightOf,
    heights: [1, lastHeight],
    ...(sites === undefined ? {} : { sites }),
    deaths: ['kill', 'power'],
    restartMs: 5,
    nestedRestartMs: 5,
    pending: 8,
    merge: true,
    nested,
    hasRecovered,
    hasEnded: (world, _victim, height) => world.stoppedBecause('A') !== undefined || heightOf(world) >= height + 3,
    limitMs: 2000,
  };
}

/** Its first block of this life is stored, or it has stopped for good: until then it dies again. */
function hasRecovered(world: World): boolean {
  return world.stoppedBecause('A') !== undefined || shellOf(world)?.mode === 'storing';
}

/** Once, between the first death and the life that follows, the disk loses something that had been durable. */
class LossAtRest implements Director {
  readonly #what: 'newest segment' | 'everything';
  #isDone: boolean;

  constructor(what: 'newest segment' | 'everything', isDone = false) {
    this.#what = what;
    this.#isDone = isDone;
  }

  observe(event: RunEvent, world: World): void {
    if (event.type !== 'restart' || this.#isDone) return;
    this.#isDone = true;
    const disk = world.disk('A');
    if (this.#what === 'everything') disk.damage({ type: 'wipe' });
    else {
      const segments = [...disk.names()].map(fileNamed).filter((named) => named?.type === 'segment');
      const newest = segments.sort((a, b) => (a?.height ?? 0) - (b?.height ?? 0) || (a?.life ?? 0) - (b?.life ?? 0)).at(-1);
      if (newest === undefined) return;
      disk.damage({ type: 'missing', file: newest.file });
    }
    world.noteFault('A', 'missing', { what: this.#what });
  }
  act(): void {}
  control(): void {}
  fork(): Director {
    return new LossAtRest(this.#what, this.#isDone);
  }
  present(): unknown {
    return this.#isDone;
  }
}
