/**
 * The counter on one node, with a peer that receives its messages and never answers. Its disk is made by `init`; parts of it can be
 * replaced.
 */

import {
  createNode,
  decodeBlock,
  encodeBlock,
  keyedHashSigner,
  type NodeParts,
  type WriteAheadState,
} from '../../../actors/node/index.ts';
import { type Director, defaultTiming, newWorld, type World } from '../../../actors/scheduler/index.ts';
import { seeded } from '../../../core/choice.ts';
import type { Monitor } from '../../../core/events.ts';
import { defaultLink, Network } from '../../../network-sim/index.ts';
import type { Alteration, AnyParts } from '../../../scenarios/build-world.ts';
import { applyOperation, expandStep, initPlan, type LostSectors, planBoot, SimulatedDisk } from '../../../wal/index.ts';
import { type Add, type CounterConfig, type CounterInput, type CounterState, counter, counterApplication } from './counter.ts';

export interface Surroundings {
  readonly keeps: 'events' | 'nothing';
  readonly monitors?: readonly Monitor[];
  readonly director?: Director;
  /** Applied in their order. */
  readonly alterations?: readonly Alteration[];
  /** What the application adds to each number: with a long one a batch lies in several sectors. */
  readonly note?: string;
  /** What a sector reads as that a loss of power took (default: zeros). */
  readonly lostSectors?: LostSectors;
}

const config: CounterConfig = { self: 'A', names: ['A'] };

export function startAlone({ keeps, monitors = [], director, alterations = [], note, lostSectors }: Surroundings): World {
  const disk = new SimulatedDisk(lostSectors);
  for (const step of initPlan(new Map(), { attest: 'next', salt: 1 }))
    for (const operation of expandStep(step, new Map())) applyOperation(disk, operation);
  const honest = partsOf(note) as unknown as AnyParts;
  const node = alterations.reduce(
    (spec, alteration) => alteration.spec?.(spec) ?? spec,
    createNode(alterations.reduce((parts, alteration) => alteration.parts?.(parts) ?? parts, honest)),
  );
  const mute = {
    name: 'Z',
    actors: [{ name: 'network', start: () => 0, receive: (state: number) => ({ state, effects: [] }) }],
    position: () => ({ height: 1, round: 0 }),
  };
  const world = newWorld({
    specs: [node, mute],
    disks: [disk, new SimulatedDisk()],
    network: new Network({ link: defaultLink, links: {} }),
    choices: seeded(1),
    timing: defaultTiming,
    monitors,
    ...(director === undefined ? {} : { director }),
    keeps,
  });
  world.start('A');
  return world;
}

type Shell = Omit<WriteAheadState, 'inner'> & { readonly inner: CounterState };

/** What the consensus actor of A holds, while it is up. */
export function shellOf(world: World): Shell | undefined {
  return world.state('A', 'consensus') as Shell | undefined;
}

function partsOf(note: string | undefined): NodeParts<CounterConfig, CounterState, CounterInput, Omit<Add, 'signature'>, number> {
  return {
    name: 'A',
    definition: counter,
    config,
    application: {
      ...counterApplication,
      answer: (total, request, nonce) => withNote(counterApplication.answer(total, request, nonce), note),
    },
    signer: keyedHashSigner('A', 7),
    // A peer that never answers: what is published goes to it.
    peers: ['Z'],
    wal: {
      plan: (contents, salt) =>
        planBoot(contents, {
          attest: 'next',
          salt,
          heightOf: (block) => decodeBlock(block).height,
          understands: (kind, payload) => kind === 'block' || kind === 'decided' || counter.decode(payload) !== undefined,
          blockAfter: (_last, height, decided) => encodeBlock({ height, decision: decided, digest: 0, appState: 0 }),
          keepBlocks: 10,
        }),
      salt: (life, height) => 1 + life * 1000 + height,
      attest: 'next',
    },
    statusMs: 100_000,
    relays: false,
    keepBlocks: 10,
  };
}

function withNote(input: CounterInput, note: string | undefined): CounterInput {
  return input.type === 'drawn' && note !== undefined ? { ...input, note } : input;
}
