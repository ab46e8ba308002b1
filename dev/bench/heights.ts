/** `heights`: a whole cluster without faults, all properties on; beside the floor, the scheduler with as many events and nothing to do. */

import { defaultTiming, type NodeSpec, newWorld } from '../../actors/scheduler/index.ts';
import { seeded } from '../../core/choice.ts';
import { Network } from '../../network-sim/index.ts';
import { allProperties, buildWorld, scenario } from '../../scenarios/index.ts';
import { SimulatedDisk } from '../../wal/index.ts';

export interface HeightsMeasured {
  readonly heightsPerSecond: number;
  readonly stepsPerSecond: number;
  /** The same of the floor. */
  readonly floorStepsPerSecond: number;
}

export function measureHeights(validators: number, heights: number): HeightsMeasured {
  const powers = Object.fromEntries(Array.from({ length: validators }, (_, index) => [`V${index}`, 1]));
  const { data } = scenario('bench', powers);
  const world = buildWorld(data, { seed: 1, keeps: 'hash', properties: allProperties });
  const started = performance.now();
  world.run({ until: (now) => now.position('V0').height > heights });
  const seconds = (performance.now() - started) / 1000;
  const stepsPerSecond = world.steps / seconds;
  return { heightsPerSecond: heights / seconds, stepsPerSecond, floorStepsPerSecond: floor(world.steps) };
}

/** Two nodes that pass a ball with an empty reducer, for as many steps. */
function floor(steps: number): number {
  const ball = { type: 'ball' };
  const player = (name: string, peer: string): NodeSpec => ({
    name,
    actors: [
      {
        name: 'network',
        start: () => 0,
        receive: (state: number) => ({ state, effects: [{ type: 'transmit', site: 'send', to: [peer], data: ball }] }),
      },
    ],
    position: () => undefined,
  });
  const world = newWorld({
    specs: [player('A', 'B'), player('B', 'A')],
    disks: [new SimulatedDisk(), new SimulatedDisk()],
    network: new Network({
      link: { delay: [10_000], lossPerMille: 0, duplicatePerMille: 0, reorderPerMille: 0, corruptPerMille: 0 },
      links: {},
    }),
    choices: seeded(1),
    timing: defaultTiming,
    monitors: [],
    keeps: 'hash',
  });
  world.start('A');
  world.start('B');
  const started = performance.now();
  world.run({ steps });
  return world.steps / ((performance.now() - started) / 1000);
}
