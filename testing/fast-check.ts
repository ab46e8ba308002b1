/**
 * `lazurite/fast-check`: arbitraries for fault plans and scenarios, all within what every correct node survives. fast-check shrinks what
 * fails, and prints a counterexample as a scenario file that fails by itself.
 */
import fc, { type Arbitrary } from 'fast-check';
import type { CrashImage } from '../core/events.ts';
import { type Fault, type PlannedFault, Scenario, scenarioSource, type Trigger } from '../scenarios/index.ts';
import { castOf } from '../scenarios/model.ts';

export interface FaultPlanOptions {
  /** The most faults (default 4). */
  readonly maxFaults?: number;
  /** Milliseconds within which they begin (default 500). */
  readonly withinMs?: number;
}

const sites = ['wal.append', 'wal.flush', 'publish', 'decided', 'store.append', 'store.flush', 'segment.create'] as const;

/** Lists of survivable faults for these nodes: deaths, pauses, drift, partitions, bad weather, slow, full and failing disks. */
export function faultPlans(
  nodes: readonly string[],
  { maxFaults = 4, withinMs = 500 }: FaultPlanOptions = {},
): Arbitrary<readonly PlannedFault[]> {
  const node = fc.constantFrom(...nodes);
  const some = fc.subarray([...nodes], { minLength: 1 });
  const restartMs = fc.integer({ min: 10, max: 300 });
  const forMs = fc.integer({ min: 10, max: 300 });
  const image: Arbitrary<CrashImage> = fc.oneof(
    fc.constantFrom('none' as const, 'all' as const),
    fc.record({ cut: fc.nat(400) }),
    fc.record({ sectors: fc.constantFrom('1', '01', '10', '101') }),
  );
  const file = fc.constantFrom('wal' as const, 'blocks' as const);
  const share = (most: number): Arbitrary<number> => fc.integer({ min: 0, max: most }).map((percent) => percent / 100);
  const deaths: Arbitrary<Fault> = fc.oneof(
    fc.record({ type: fc.constant('crash' as const), nodes: some, image, restartMs }),
    fc.record({ type: fc.constant('kill' as const), nodes: some, restartMs }),
  );
  const others: Arbitrary<Fault> = fc.oneof(
    fc.record({ type: fc.constant('pause' as const), node, forMs }),
    fc.record({ type: fc.constant('drift' as const), node, perMille: fc.integer({ min: -300, max: 500 }) }),
    fc.record({ type: fc.constant('slow-fsync' as const), node, byMs: fc.integer({ min: 1, max: 40 }), forMs }),
    fc.record({
      type: fc.constant('fsync-fails' as const),
      node,
      file,
      restartMs,
      fileSystem: fc.constantFrom('ext4' as const, 'xfs' as const, 'btrfs' as const),
    }),
    fc.record({
      type: fc.constant('write-fails' as const),
      node,
      file,
      restartMs,
      code: fc.constantFrom('ENOSPC' as const, 'EIO' as const),
      written: fc.nat(100),
    }),
    fc.record({ left: oneGroup(nodes), oneWay: fc.boolean(), forMs }).map(({ left, oneWay, forMs: length }): Fault => {
      const right = nodes.filter((name) => !left.includes(name));
      return { type: 'partition', groups: [left, right], oneWay, forMs: length };
    }),
    fc
      .record({ loss: share(20), duplicate: share(20), reorder: share(30), forMs })
      .map(({ forMs: length, ...link }): Fault => ({ type: 'weather', link, forMs: length })),
  );
  const time: Arbitrary<Trigger> = fc.record({ timeMs: fc.integer({ min: 1, max: withinMs }) });
  const point: Arbitrary<Trigger> = fc.record({
    node,
    site: fc.constantFrom(...sites),
    phase: fc.constantFrom('before' as const, 'torn' as const, 'after' as const),
    nth: fc.integer({ min: 1, max: 20 }),
  });
  const planned: Arbitrary<PlannedFault> = fc.oneof(
    fc.record({ trigger: fc.oneof(time, point), fault: deaths }).map(atItsPoint),
    fc.record({ trigger: time, fault: others }),
  );
  return fc.array(planned, { maxLength: maxFaults });
}

/** Some of the nodes, and not all of them where there are two. */
function oneGroup(nodes: readonly string[]): Arbitrary<string[]> {
  return fc.subarray([...nodes], { minLength: Math.min(1, nodes.length - 1), maxLength: Math.max(1, nodes.length - 1) });
}

/** A death at a crash point is that of its node alone. */
function atItsPoint({ trigger, fault }: PlannedFault): PlannedFault {
  if (!('site' in trigger) || !('nodes' in fault)) return { trigger, fault };
  return { trigger, fault: { ...fault, nodes: [trigger.node] } };
}

/** The scenario's cast and environment under fault plans, each with a seed of its own: first the faults, then all heals and must go on. */
export function scenarios<Names extends string>(
  base: Scenario<Names>,
  options: FaultPlanOptions = {},
): Arbitrary<Scenario<Names>> {
  const { until: _until, ...data } = base.data;
  return fc.record({ seed: fc.nat(1_000_000), faults: faultPlans(castOf(data), options) }).map(({ seed, faults }) => {
    const safetyMs = (options.withinMs ?? 500) + 100;
    const made = new Scenario<Names>({
      ...data,
      seed,
      faults,
      isDrawn: true,
      safetyMs,
      scripts: {},
      variants: [],
      decides: [],
      about: [],
      mustReach: [],
    });
    return Object.assign(made, { [fc.toStringMethod]: () => `\n${scenarioSource(made.data)}` });
  });
}
