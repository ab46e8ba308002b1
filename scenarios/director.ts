/**
 * The director: walks each node's script and the world's events, between steps. It kills, restarts and cuts off; it never touches what
 * a node thinks. Forks with the world.
 */

import type { ControlAction, Director, World } from '../actors/scheduler/index.ts';
import type { RunEvent } from '../core/events.ts';
import { ForkingMap } from '../core/forking-map.ts';
import { damageFrame } from './damage.ts';
import { FaultDirector, type PlanAction } from './fault-director.ts';
import type { ScenarioData, ScriptedDiskFault, ScriptStep } from './model.ts';
import { matches, momentOf, momentText, type NamedMoment } from './moments.ts';

interface Progress {
  readonly next: number;
  /** Microseconds at which the present step was reached; -1: not yet. */
  readonly since: number;
  /** What happened at the present step: a death was armed, the moment was seen. */
  readonly isArmed: boolean;
}

/** A step that did not come as its script says, with the name that `as` gives it. */
export interface FailedStep {
  readonly as: string | undefined;
  readonly message: string;
}

const begun: Progress = { next: 0, since: -1, isArmed: false };

export class ScriptDirector implements Director {
  readonly #data: ScenarioData;
  #progress: ForkingMap<string, Progress>;
  #seen = new ForkingMap<string, unknown>();
  #faults: FaultDirector;
  #failures: readonly FailedStep[] = [];
  #hasBegun = false;
  /** Nothing is left to do for any script until one of them advances. */
  #isResting = false;

  constructor(data: ScenarioData, from?: ScriptDirector) {
    this.#data = data;
    this.#faults = from === undefined ? new FaultDirector(data.faults, data.safetyMs) : from.#faults.fork();
    this.#progress =
      from === undefined
        ? new ForkingMap(new Map(Object.keys(data.scripts).map((name) => [name, begun])))
        : from.#progress.fork();
  }

  /** Steps of scripts that failed. */
  get failures(): readonly FailedStep[] {
    return this.#failures;
  }

  get isDone(): boolean {
    return (
      [...this.#progress].every(([name, { next }]) => next >= (this.#data.scripts[name]?.length ?? 0)) && this.#faults.isDone
    );
  }

  /** Faults of the plan that did nothing, in words. */
  neverStruck(world: World): readonly string[] {
    return this.#faults.neverStruck(world);
  }

  /** The step that each unfinished script waits at. */
  get waiting(): readonly FailedStep[] {
    return [...this.#progress].flatMap(([name, { next }]) => {
      const step = this.#data.scripts[name]?.[next];
      return step === undefined
        ? []
        : [{ as: nameOf(step), message: `${name} never reached step ${next + 1}: ${stepText(step)}` }];
    });
  }

  observe(event: RunEvent, world: World): void {
    const { node } = event;
    const step = this.#data.scripts[node]?.[this.#progress.get(node)?.next ?? 0];
    if (step?.type === 'death' && event.type === 'death') this.#advance(node);
    else if (step?.type === 'restart' && event.type === 'restart') this.#advance(node);
    else if (step?.type === 'waitUntil' || step?.type === 'expect') {
      const moment = momentOf(event);
      if (moment !== undefined && matches(step.moment, moment)) this.#meet(node, step, moment);
    }
    this.#faults.observe(event, world);
  }

  act(world: World): void {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#faults.begin(world);
    }
    this.#faults.act(world);
    if (this.#isResting) return;
    this.#isResting = true;
    for (const [name, progress] of this.#progress) this.#actFor(world, name, progress);
    for (const [name, progress] of this.#progress) if (!this.#rests(name, progress)) this.#isResting = false;
  }

  /** Its step waits for an event, without a limit of time. */
  #rests(name: string, { next, since, isArmed }: Progress): boolean {
    const step = this.#data.scripts[name]?.[next];
    if (step === undefined) return true;
    const waits = isArmed || step.type === 'waitUntil' || step.type === 'expect';
    return since !== -1 && waits && !('withinMs' in step && step.withinMs !== undefined);
  }

  control(action: ControlAction, world: World): void {
    this.#faults.control(action as PlanAction, world);
  }

  fork(): ScriptDirector {
    const copy = new ScriptDirector(this.#data, this);
    copy.#seen = this.#seen.fork();
    copy.#failures = this.#failures;
    copy.#hasBegun = this.#hasBegun;
    copy.#isResting = this.#isResting;
    return copy;
  }

  present(now: number): unknown {
    const scripts = [...this.#progress].map(([name, { next, isArmed, since }]) => {
      const step = this.#data.scripts[name]?.[next];
      // A step that must come in time knows how long it has waited.
      const waited = step !== undefined && 'withinMs' in step && since !== -1 ? now - since : since === -1 ? -1 : 0;
      return [name, next, isArmed, waited];
    });
    const seen = this.#seen.snapshot();
    return { scripts, seen, faults: this.#faults.present(), failures: this.#failures.length, hasBegun: this.#hasBegun };
  }

  #actFor(world: World, name: string, progress: Progress): void {
    const step = this.#data.scripts[name]?.[progress.next];
    if (step === undefined) return;
    if (progress.since === -1) this.#progress.set(name, { ...progress, since: world.now });
    else if ('withinMs' in step && step.withinMs !== undefined && world.now > progress.since + step.withinMs * 1000) {
      this.#fail(name, `${name}: ${stepText(step)} did not come within ${step.withinMs} ms`, nameOf(step));
      return;
    }
    if (progress.isArmed) return;
    switch (step.type) {
      case 'death':
        this.#progress.set(name, { ...progress, since: world.now, isArmed: true });
        if (step.strike === undefined) world.die(name, step.kind, step.image);
        else {
          const { site, phase, nth } = step.strike;
          world.arm({ node: name, site, phase, remaining: nth, kind: step.kind, image: step.image });
        }
        break;
      case 'restart':
        this.#progress.set(name, { ...progress, since: world.now, isArmed: true });
        world.schedule(step.afterMs * 1000, { type: 'restart' }, name);
        break;
      case 'isolate': {
        const id = `isolate ${name} ${progress.next}`;
        world.network.cut({ id, groups: [[name], world.nodes.filter((other) => other !== name)], oneWay: false });
        const heal: PlanAction = { type: 'heal', id };
        if (step.forMs !== undefined) world.schedule(step.forMs * 1000, heal);
        this.#advance(name);
        break;
      }
      case 'disk':
        if (hurtDisk(world, name, step.fault)) this.#advance(name);
        else this.#fail(name, `${name} has no frame to flip a bit of; let it vote before it dies`);
        break;
      case 'stayDown':
        this.#advance(name);
        break;
      default:
        break;
    }
  }

  #meet(name: string, step: ScriptStep & { readonly type: 'waitUntil' | 'expect' }, moment: NamedMoment): void {
    const value = moment.detail['value'];
    const difference = step.type === 'expect' ? this.#difference(step, value) : undefined;
    if (step.as !== undefined) this.#seen.set(step.as, value);
    if (difference === undefined) this.#advance(name);
    else this.#fail(name, `${name}: ${stepText(step)} was ${String(value)}${difference}`, step.as);
  }

  #difference({ sameAs, differsFrom }: ScriptStep & { readonly type: 'expect' }, value: unknown): string | undefined {
    if (sameAs !== undefined && this.#seen.get(sameAs) !== value)
      return `, and '${sameAs}' was ${String(this.#seen.get(sameAs))}`;
    return differsFrom !== undefined && this.#seen.get(differsFrom) === value ? ` again, as '${differsFrom}'` : undefined;
  }

  #advance(name: string): void {
    const next = (this.#progress.get(name)?.next ?? 0) + 1;
    this.#progress.set(name, { ...begun, next });
    this.#isResting = false;
  }

  #fail(name: string, message: string, as?: string): void {
    this.#failures = [...this.#failures, { as, message }];
    this.#advance(name);
  }
}

/** A fault of the disk at a step of a script; false where there is nothing that it could hurt. */
function hurtDisk(world: World, name: string, fault: ScriptedDiskFault): boolean {
  const disk = world.disk(name);
  world.noteFault(name, fault.type, { ...fault });
  if (fault.type === 'wipe') disk.damage({ type: 'wipe' });
  else if (fault.type === 'fail-fsync') disk.inject({ type: 'sync-fails', id: `fsync ${name}`, file: 'wal/', content: 'kept' });
  else return damageFrame(world, name, 'bit-flip', fault.frame);
  return true;
}

function nameOf(step: ScriptStep): string | undefined {
  return 'as' in step ? step.as : undefined;
}

function stepText(step: ScriptStep): string {
  switch (step.type) {
    case 'waitUntil':
    case 'expect':
      return `${step.type} ${momentText(step.moment)}`;
    case 'death':
      return `${step.kind} ${step.strike === undefined ? 'at once' : `${step.strike.phase} ${step.strike.site}`}`;
    default:
      return step.type;
  }
}
