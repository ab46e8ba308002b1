/** `memory`: what the heap holds after many heights of a cluster that keeps hashes only; beside it, what it held early on. */
import { allProperties, buildWorld, scenario } from '../../scenarios/index.ts';

export interface MemoryMeasured {
  /** Megabytes in use after a collection. */
  readonly early: number;
  readonly late: number;
}

export function measureMemory(earlyHeight: number, lateHeight: number): MemoryMeasured {
  const world = buildWorld(scenario('memory', { A: 1, B: 1, C: 1, D: 1 }).data, {
    seed: 1,
    keeps: 'hash',
    properties: allProperties,
  });
  const heapAt = (height: number): number => {
    world.run({ until: (now) => now.position('A').height > height });
    (globalThis as { gc?: () => void }).gc?.();
    return process.memoryUsage().heapUsed / 1e6;
  };
  return { early: heapAt(earlyHeight), late: heapAt(lateHeight) };
}
