/**
 * The director executes the scripts and faults of a scenario, between the steps of its world. It kills, restarts and isolates nodes, and never changes the
 * state of an actor. It forks with the world.
 */

import type { ControlAction, Director, World } from '../actors/scheduler/index.ts';
import type { RunEvent } from '../core/events.ts';
import { ForkingMap } from '../core/forking-map.ts';
import { own } from '../core/own.ts';
import { Acknowledged } from './acknowledged.ts';
import { damageFrame, withPartOf } from './damage.ts';
import { FaultDirector, type PlanAction } from './fault-director.ts';
import { castOf, type ScenarioData, type ScriptedDiskFault, type ScriptStep } from './model.ts';
import { matches, matchesExactly, momentOf, momentText, type NamedMoment } from './moments.ts';
import { NearestMoments } from './nearest-moments.ts';
import { StepOutcomes } from './step-outcomes.ts';

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

/** What is compared by `sameAs` and `differsFrom`: a value, of a height. */
interface Seen {
  readonly value: unknown;
  readonly height: unknown;
}

const begun: Progress = { next: 0, since: -1, isArmed: false };

/** Executes the scripts and faults of a scenario while its world runs. */
export class ScriptDirector implements Director {
  readonly #data: ScenarioData;
  #progress: ForkingMap<string, Progress>;
  /** By the name that `as` gave: what the moment was about. */
  #seen = new ForkingMap<string, Seen>();
  /** By node: the other scripts that wait for one of its events somewhere. */
  readonly #watchers: ReadonlyMap<string, readonly string[]>;
  #faults: FaultDirector;
  #failures: readonly FailedStep[] = [];
  #outcomes = new StepOutcomes();
  #nearest = new NearestMoments();
  /** Nodes that were started just now, and not at the beginning. */
  #lateStarts: readonly string[] = [];
  #hasBegun = false;
  /** Whether no script has anything to do until an event advances one. */
  #isResting = false;

  constructor(data: ScenarioData, from?: ScriptDirector) {
    this.#data = data;
    this.#watchers = from === undefined ? watchersIn(data) : from.#watchers;
    this.#faults =
      from === undefined
        ? new FaultDirector(data.faults, data.safetyMs, hurtsTheMiddle(data) ? new Acknowledged() : undefined)
        : from.#faults.fork();
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
      [...this.#progress].every(([name, { next }]) => next >= (own(this.#data.scripts, name)?.length ?? 0)) && this.#faults.isDone
    );
  }

  /** Faults of the plan that did nothing, in words. */
  idleFaults(world: World): readonly string[] {
    return this.#faults.idleFaults(world);
  }

  /** Steps that did nothing, in words. */
  idleSteps(world: World): readonly string[] {
    return this.#outcomes.idleSteps(world);
  }

  /** The step that each unfinished script waits at, with what came nearest to it. */
  waiting(world: World): readonly FailedStep[] {
    return [...this.#progress].flatMap(([name, { next, since }]) => {
      const step = own(this.#data.scripts, name)?.[next];
      if (step === undefined) return [];
      const nearest = this.#nearest.textFor(name, step, world, Math.max(0, Math.round(since / 1000)));
      return [{ as: nameOf(step), message: `${name} never reached step ${next + 1}: ${stepText(step)}${nearest}` }];
    });
  }

  observe(event: RunEvent, world: World): void {
    const { node } = event;
    this.#show(node, event, world);
    for (const name of this.#watchers.get(node) ?? []) this.#show(name, event, world);
    this.#outcomes.observe(event);
    this.#faults.observe(event, world);
  }

  /** An event, of its own node or another, to one script. */
  #show(name: string, event: RunEvent, world: World): void {
    const step = own(this.#data.scripts, name)?.[this.#progress.get(name)?.next ?? 0];
    const isOwn = event.node === name;
    if (step === undefined) return;
    if (step.type === 'start' && isOwn) {
      // The first that is delivered to a node is its boot.
      if (event.type !== 'deliver') return;
      this.#lateStarts = [...this.#lateStarts, name];
      this.#advance(name);
    } else if (step.type === 'death') {
      if (isOwn && event.type === 'death') this.#advance(name);
    } else if (step.type === 'restart') {
      if (isOwn && event.type === 'restart') this.#advance(name);
    } else if (this.#isOver(name, step, event.time)) {
      this.#show(name, event, world);
    } else if ('moment' in step && (step.node ?? (step.type === 'start' ? event.node : name)) === event.node) {
      const moment = momentOf(event);
      if (moment === undefined || step.moment === undefined) return;
      this.#nearest.note(name, step.moment, moment, event.time / 1000);
      if (step.type !== 'start') this.#meet(name, step, moment);
      else if (matches(step.moment, moment)) this.#start(world, name, 0, step);
    }
  }

  act(world: World): void {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#faults.begin(world);
    }
    this.#faults.act(world);
    const started = this.#lateStarts;
    this.#lateStarts = [];
    for (const name of started) world.noteFault(name, 'starts late', {});
    if (this.#isResting) return;
    this.#isResting = true;
    for (const [name, progress] of this.#progress) this.#actFor(world, name, progress);
    for (const [name, progress] of this.#progress) if (!this.#rests(name, progress)) this.#isResting = false;
  }

  /** Its step waits for an event, without a limit of time. */
  #rests(name: string, { next, since, isArmed }: Progress): boolean {
    const step = own(this.#data.scripts, name)?.[next];
    if (step === undefined) return true;
    const waits = isArmed || step.type === 'waitUntil' || step.type === 'expect' || step.type === 'start';
    return since !== -1 && waits && !('withinMs' in step && step.withinMs !== undefined);
  }

  control(action: ControlAction, world: World): void {
    if (action.type === 'disk-copy') {
      copyDisk(action as CopyAction, world);
      return;
    }
    if (action.type === 'heal') this.#outcomes.healed((action as PlanAction & { readonly id: string }).id);
    this.#faults.control(action as PlanAction, world);
  }

  fork(): ScriptDirector {
    const copy = new ScriptDirector(this.#data, this);
    copy.#seen = this.#seen.fork();
    copy.#failures = this.#failures;
    copy.#outcomes = this.#outcomes.fork();
    copy.#nearest = this.#nearest.fork();
    copy.#lateStarts = this.#lateStarts;
    copy.#hasBegun = this.#hasBegun;
    copy.#isResting = this.#isResting;
    return copy;
  }

  present(now: number): unknown {
    const scripts = [...this.#progress].map(([name, { next, isArmed, since }]) => {
      const step = own(this.#data.scripts, name)?.[next];
      // A step that must come in time knows how long it has waited.
      const isTimed = step?.type === 'never' || (step !== undefined && 'withinMs' in step);
      const waited = isTimed && since !== -1 ? now - since : since === -1 ? -1 : 0;
      return [name, next, isArmed, waited];
    });
    const seen = [...this.#seen].map(([as, { value, height }]) => [as, value, height]);
    return { scripts, seen, faults: this.#faults.present(), failures: this.#failures.length, hasBegun: this.#hasBegun };
  }

  #actFor(world: World, name: string, progress: Progress): void {
    const step = own(this.#data.scripts, name)?.[progress.next];
    if (step === undefined) return;
    if (progress.since === -1) this.#progress.set(name, { ...progress, since: world.now });
    else if (this.#isOver(name, step, world.now)) return;
    if (progress.isArmed) return;
    switch (step.type) {
      case 'start':
        if (step.afterMs !== undefined) this.#start(world, name, step.afterMs, step);
        else if (step.moment === undefined) {
          world.noteFault(name, 'never starts', {});
          this.#advance(name);
        }
        break;
      case 'death':
        this.#progress.set(name, { ...progress, since: world.now, isArmed: true });
        if (step.strike === undefined && step.kind === 'kill' && !world.isUp(name))
          this.#outcomes.idle({ node: name, step: progress.next }, 'kill did nothing: it was down already');
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
        this.#outcomes.cutOff({ node: name, id, step: progress.next });
        this.#advance(name);
        break;
      }
      case 'disk':
        if (step.fault.type === 'fail-fsync') this.#outcomes.waits({ node: name, id: fsyncFault(name), step: progress.next });
        if (hurtDisk(world, name, step.fault, this.#faults.acknowledged)) this.#advance(name);
        else this.#fail(name, `${name} has no frame to flip a bit of; let it vote before it dies`);
        break;
      default:
        break;
    }
  }

  /**
   * Ends steps whose time is over: an event that had to come has failed, and an event that must not come has held. It is also called before each event,
   * because time may have passed without one.
   */
  #isOver(name: string, step: ScriptStep, now: number): boolean {
    const { since } = this.#progress.get(name) ?? begun;
    if (since === -1) return false;
    if ('withinMs' in step && step.withinMs !== undefined && now > since + step.withinMs * 1000) {
      this.#fail(name, `${name}: ${stepText(step)} did not come within ${step.withinMs} ms`, nameOf(step));
      return true;
    }
    if (step.type !== 'never' || now <= since + step.forMs * 1000) return false;
    this.#advance(name);
    return true;
  }

  #meet(name: string, step: ScriptStep & { readonly type: 'waitUntil' | 'expect' | 'never' }, moment: NamedMoment): void {
    switch (step.type) {
      case 'waitUntil':
        if (!matches(step.moment, moment)) return;
        this.#remember(step.as, moment);
        this.#advance(name);
        break;
      case 'expect': {
        if (!matchesExactly(step.moment, moment)) return;
        const difference = this.#difference(step, moment);
        this.#remember(step.as, moment);
        if (difference === undefined) this.#advance(name);
        else this.#fail(name, `${name}: ${stepText(step)} was ${String(moment.detail['value'])}${difference}`, step.as);
        break;
      }
      case 'never':
        if (matchesExactly(step.moment, moment)) this.#fail(name, `${name}: ${stepText(step)}, and it came`, step.as);
        break;
    }
  }

  #start(world: World, name: string, afterMs: number, { diskOf, signerOf }: StartStep): void {
    const progress = this.#progress.get(name) ?? begun;
    if (progress.isArmed) return;
    this.#progress.set(name, { ...progress, since: world.now, isArmed: true });
    const copy: CopyAction | undefined =
      diskOf !== undefined
        ? { type: 'disk-copy', node: name, diskOf }
        : signerOf !== undefined
          ? { type: 'disk-copy', node: name, signerOf }
          : undefined;
    if (copy === undefined) world.schedule(afterMs * 1000, { type: 'restart' }, name);
    else world.schedule(afterMs * 1000, copy);
  }

  #remember(as: string | undefined, { detail }: NamedMoment): void {
    if (as !== undefined) this.#seen.set(as, { value: detail['value'], height: detail['height'] });
  }

  /** The same: the same value of the same height. */
  #difference({ sameAs, differsFrom }: ScriptStep & { readonly type: 'expect' }, { detail }: NamedMoment): string | undefined {
    const { value, height } = detail;
    const isSame = (other: Seen): boolean => other.value === value && other.height === height;
    for (const label of [sameAs, differsFrom])
      if (label !== undefined && !this.#seen.has(label)) return `, and '${label}' was not seen before`;
    const first = sameAs === undefined ? undefined : this.#seen.get(sameAs);
    if (first !== undefined && !isSame(first)) {
      const where = first.height === height ? '' : ` at height ${String(first.height)}`;
      return `, and '${sameAs}' was ${String(first.value)}${where}`;
    }
    const other = differsFrom === undefined ? undefined : this.#seen.get(differsFrom);
    return other !== undefined && isSame(other) ? ` again, as '${differsFrom}'` : undefined;
  }

  #advance(name: string): void {
    const steps = own(this.#data.scripts, name) ?? [];
    let next = (this.#progress.get(name)?.next ?? 0) + 1;
    // If all nodes are down, nothing happens any more, so no later step is reached.
    while (steps[next]?.type === 'stayDown') next += 1;
    this.#progress.set(name, { ...begun, next });
    this.#nearest.forget(name);
    this.#isResting = false;
  }

  #fail(name: string, message: string, as?: string): void {
    this.#failures = [...this.#failures, { as, message }];
    this.#advance(name);
  }
}

type StartStep = ScriptStep & { readonly type: 'start' };

/** A machine that is about to start gets what is durable on the disk of another, or its signer's file. */
type CopyAction = ControlAction & { readonly type: 'disk-copy'; readonly node: string } & (
    | { readonly diskOf: string }
    | { readonly signerOf: string }
  );

function copyDisk({ node, ...from }: CopyAction, world: World): void {
  const copy = world.disk('diskOf' in from ? from.diskOf : from.signerOf).snapshot();
  copy.powerLoss('none');
  if ('diskOf' in from) {
    world.replaceDisk(node, copy);
    world.noteFault(node, 'disk copied', { diskOf: from.diskOf });
  } else {
    world.replaceDisk(node, withPartOf(world.disk(node), copy, 'signer'));
    world.noteFault(node, "signer's file copied", { signerOf: from.signerOf });
  }
  world.schedule(0, { type: 'restart' }, node);
}

function fsyncFault(name: string): string {
  return `fsync ${name}`;
}

/** A fault of the disk at a step of a script; false if there is nothing that it could hurt. */
function hurtDisk(world: World, name: string, fault: ScriptedDiskFault, acknowledged: Acknowledged | undefined): boolean {
  const disk = world.disk(name);
  world.noteFault(name, fault.type, { ...fault });
  if (fault.type === 'wipe') disk.damage({ type: 'wipe' });
  else if (fault.type === 'fail-fsync') disk.inject({ type: 'sync-fails', id: fsyncFault(name), file: 'wal/', content: 'kept' });
  else return damageFrame(world, name, 'bit-flip', fault.frame, acknowledged);
  return true;
}

/** Whether some damage chooses a frame that a later one must vouch for. */
function hurtsTheMiddle({ faults, scripts }: ScenarioData): boolean {
  const steps = Object.values(scripts).flat();
  return (
    faults.some(({ fault }) => 'frame' in fault && fault.frame === 'middle') ||
    steps.some((step) => step.type === 'disk' && step.fault.type === 'flip' && step.fault.frame === 'middle')
  );
}

/** By node: scripts of other nodes in which some step waits for its events. A start that names no node waits for those of anybody. */
function watchersIn({ scripts, ...cast }: ScenarioData): ReadonlyMap<string, readonly string[]> {
  const watchers = new Map<string, string[]>();
  for (const [name, steps] of Object.entries(scripts))
    for (const node of castOf(cast)) {
      const isWatched = steps.some((step) => {
        if (!('moment' in step) || step.moment === undefined) return false;
        return step.node === node || (step.type === 'start' && step.node === undefined);
      });
      if (isWatched && node !== name) watchers.set(node, [...(watchers.get(node) ?? []), name]);
    }
  return watchers;
}

function nameOf(step: ScriptStep): string | undefined {
  return 'as' in step ? step.as : undefined;
}

function stepText(step: ScriptStep): string {
  switch (step.type) {
    case 'waitUntil':
    case 'expect':
    case 'never': {
      const whose = step.node === undefined ? '' : ` of ${step.node}`;
      return `${step.type} ${momentText(step.moment)}${whose}${step.type === 'never' ? ` for ${step.forMs} ms` : ''}`;
    }
    case 'start': {
      const signer = step.signerOf === undefined ? '' : `, with the signer's file of ${step.signerOf}`;
      const disk = step.diskOf === undefined ? signer : `, with the disk of ${step.diskOf}`;
      if (step.afterMs !== undefined) return `starts late, after ${step.afterMs} ms${disk}`;
      return step.moment === undefined ? 'never starts' : `starts late, at ${momentText(step.moment)}${disk}`;
    }
    case 'death':
      return `${step.kind} ${step.strike === undefined ? 'at once' : `${step.strike.phase} ${step.strike.site}`}`;
    default:
      return step.type;
  }
}
