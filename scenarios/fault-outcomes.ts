/**
 * Records the outcome of each fault of a plan in one run: it had an effect, it never struck, or it struck without an effect. The effect of some faults, such as
 * a partition, shows only in a later event. It forks with its director, and never changes the run.
 */
import type { World } from '../actors/scheduler/index.ts';
import type { RunEvent } from '../core/events.ts';
import { isCut } from '../network-sim/index.ts';
import type { Fault, PlannedFault } from './faults.ts';
import { momentText } from './moments.ts';

interface Unproven {
  readonly index: number;
  /** Whether the event shows that the fault does something. */
  readonly shows: (event: RunEvent, world: World) => boolean;
  /** The words for the case that no event showed an effect. */
  readonly nothing: string;
  /** The end of the safety phase does not end it. */
  readonly isLasting?: boolean;
}

export class FaultOutcomes {
  readonly #plan: readonly PlannedFault[];
  /** By number in the plan: the armed death. */
  #armed: ReadonlyMap<number, number> = new Map();
  #struck: ReadonlySet<number> = new Set();
  /** By number in the plan: why it did nothing. */
  #idle: ReadonlyMap<number, string> = new Map();
  #unproven: readonly Unproven[] = [];

  constructor(plan: readonly PlannedFault[]) {
    this.#plan = plan;
  }

  fork(): FaultOutcomes {
    const copy = new FaultOutcomes(this.#plan);
    copy.#armed = this.#armed;
    copy.#struck = this.#struck;
    copy.#idle = this.#idle;
    copy.#unproven = this.#unproven;
    return copy;
  }

  armed(index: number, id: number): void {
    this.#armed = new Map(this.#armed).set(index, id);
  }

  /** Notes that a fault strikes now. */
  struck(index: number): void {
    this.#struck = new Set(this.#struck).add(index);
    const fault = this.#plan[index]?.fault;
    const proof = fault === undefined ? undefined : proofOf(fault);
    if (proof !== undefined) this.#unproven = [...this.#unproven, { index, ...proof }];
  }

  /** Notes that a fault found nothing to strike. */
  idle(index: number, why: string): void {
    this.#idle = new Map(this.#idle).set(index, why);
    this.#unproven = this.#unproven.filter((one) => one.index !== index);
  }

  observe(event: RunEvent, world: World): void {
    if (this.#unproven.some(({ shows }) => shows(event, world)))
      this.#unproven = this.#unproven.filter(({ shows }) => !shows(event, world));
  }

  /** Notes that a fault of this kind has ended at its node. If it has had no effect by now, it will have none. */
  ended(type: Fault['type'], node: string): void {
    for (const { index, nothing } of this.#unprovenOf(type, node)) this.idle(index, nothing);
  }

  /** Bad weather, or a partition, ends: `fault 3`. */
  endedBy(name: string): void {
    for (const { index, nothing } of this.#unproven) if (`fault ${index + 1}` === name) this.idle(index, nothing);
  }

  /** Notes that a fault of this kind has an effect at its node now. */
  acted(type: Fault['type'], node: string): void {
    const proven = this.#unprovenOf(type, node);
    this.#unproven = this.#unproven.filter((one) => !proven.includes(one));
  }

  #unprovenOf(type: Fault['type'], node: string): readonly Unproven[] {
    return this.#unproven.filter(({ index }) => {
      const fault = this.#plan[index]?.fault;
      return fault?.type === type && 'node' in fault && fault.node === node;
    });
  }

  /** The safety phase is over: what waits is lifted. */
  healed(world: World): void {
    const lasting = this.#unproven.filter(({ isLasting }) => isLasting === true).map(({ index }) => index);
    for (const [index, planned] of this.#plan.entries()) {
      const why = lasting.includes(index) ? undefined : this.#whyIdle(world, planned, index);
      if (why !== undefined) this.idle(index, `${why} (the safety phase is over)`);
    }
  }

  /** Faults of the plan that did nothing, in words. */
  idleFaults(world: World): readonly string[] {
    return this.#plan.flatMap((planned, index): readonly string[] => {
      const why = this.#idle.get(index) ?? this.#whyIdle(world, planned, index);
      const did = this.#struck.has(index) ? 'did nothing' : 'never struck';
      return why === undefined ? [] : [`fault ${index + 1} (${planned.fault.type}) ${did}: ${why}`];
    });
  }

  #whyIdle(world: World, { trigger, fault }: PlannedFault, index: number): string | undefined {
    const id = this.#armed.get(index);
    if (id !== undefined) {
      const place =
        'point' in trigger ? trigger.point : 'site' in trigger ? `${trigger.node} ${trigger.phase} ${trigger.site}` : '';
      return world.armed.some((death) => death.id === id) ? `${place} was not reached` : undefined;
    }
    if (!this.#struck.has(index)) return 'event' in trigger ? `${momentText(trigger)} did not come` : 'the run ended before';
    const name = `fault ${index + 1}`;
    if (world.network.interceptions.some((one) => one.id === name) || world.network.unmetRules.includes(name))
      return 'no such message was sent';
    if ('node' in fault && world.disk(fault.node).awaits(name) && !isLasting(fault))
      return `the disk of ${fault.node} did not come to it`;
    // A pause that the end of the run cut short did have an effect.
    if (fault.type === 'pause' && world.isPaused(fault.node)) return undefined;
    return this.#unproven.find((one) => one.index === index)?.nothing;
  }
}

/** It stays on the disk after it has done something. */
function isLasting({ type }: Fault): boolean {
  return type === 'fsync-lies' || type === 'unsafe-overwrite';
}

/** The event that shows the effect of a fault. Undefined if the effect is immediate, or if the disk reports it. */
function proofOf(fault: Fault): Omit<Unproven, 'index'> | undefined {
  switch (fault.type) {
    case 'pause':
      return {
        shows: (event) =>
          event.type === 'fault' && event.node === fault.node && event.kind === 'resumed' && event.detail['messages'] !== 0,
        nothing: `nothing came for ${fault.node} meanwhile`,
      };
    case 'drift':
      return {
        shows: ({ node, ...event }) => node === fault.node && event.type === 'effect' && event.effect.type === 'timer.set',
        nothing: `${fault.node} set no timer after it`,
      };
    case 'slow-fsync':
    case 'fsync-lies':
      return {
        shows: ({ node, ...event }) =>
          node === fault.node &&
          event.type === 'effect' &&
          event.effect.type === 'disk' &&
          event.effect.operation.type.startsWith('sync'),
        nothing: `${fault.node} synced nothing meanwhile`,
      };
    case 'unsafe-overwrite':
      return {
        shows: (event) => event.type === 'death' && event.node === fault.node && event.kind === 'power',
        nothing: `${fault.node} did not lose power after it`,
      };
    case 'partition': {
      const { groups, oneWay } = fault;
      return {
        // A message to a node that is down would be lost without it too.
        shows: (event, world) =>
          event.type === 'lost' &&
          event.reason === 'partition' &&
          world.isUp(event.to) &&
          isCut({ id: '', groups, oneWay }, event.node, event.to),
        nothing: 'nothing was sent from one group to a node of another that was up meanwhile',
      };
    }
    case 'weather':
      return {
        shows: (event) => event.type === 'effect' && event.effect.type === 'transmit' && event.effect.to.length > 0,
        nothing: 'nothing was sent meanwhile',
      };
    case 'bit-flip':
    case 'unreadable':
    case 'lost-tail':
    case 'missing':
    case 'downgrade':
    case 'wipe':
      return {
        shows: (event) => event.type === 'restart' && event.node === fault.node,
        nothing: `the run ended before ${fault.node} was started again`,
        isLasting: true,
      };
    case 'old-snapshot':
      return {
        shows: () => false,
        nothing: 'the run ended before it was put back',
        isLasting: true,
      };
    default:
      return undefined;
  }
}
