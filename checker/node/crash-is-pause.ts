/**
 * `crash-is-pause`: after each recovery, and at the end, a node equals its twin (twin.ts), which applies the same frames and never crashes. The
 * property compares the state, the timers that are set and the questions that were asked in this life, and the own messages that left (each once).
 *
 * States are compared with the checker's own equality, without the fields that the definition names in `leftOut`. The verdict is undecided if no
 * node died.
 */

import type { NodeDefinition } from '../../actors/node/definition.ts';
import type { WireData } from '../../core/effects.ts';
import type { Monitor, Observer, Property, RunEvent, Setting, Verdict, Violation } from '../../core/events.ts';
import { perObject } from '../../core/per-object.ts';
import { keyOf } from '../../core/state-key.ts';
import { deepEqual, differingFields } from '../deep-equal.ts';
import { relevantOf, unjudged, verdictOf } from '../judged.ts';
import { fileHeaderBytes, frameKind, type LogFrame, logFramesIn } from './frames.ts';
import { type Findings, lookByNode, type NodeRecords } from './node-records.ts';
import { type AnyDefinition, DefinitionRefused, leftOutMatters, saidIn, type Twin, twinOf } from './twin.ts';

/** Whether the data that a node sends is its own message, and not one that it forwards. */
type IsOwn = (data: WireData, node: string) => boolean;

/** What the monitor knows about a node at its present height. */
interface NodeRecord {
  readonly frames: readonly LogFrame[];
  /** The highest sequence that the node knows to be durable, and the time at which it learned this (microseconds). */
  readonly acknowledged: number;
  readonly since: number;
  /** Own messages of this height that left, each once. */
  readonly left: readonly WireData[];
  /** The block that the node has stored at this height: with it the height is over, also where value sync brought it and the log says nothing of it. */
  readonly block: Uint8Array | undefined;
  /** The sequence of the last replayed frame of this life. */
  readonly replayed: number;
  /** The timers (delay in ms) and the questions to the application that the effects of this life have set and asked. */
  readonly timers: readonly { readonly timer: string; readonly delay: number }[];
  readonly asked: readonly unknown[];
  /** Set when a replay ends. The node is compared again when that step is over. */
  readonly isResting: boolean;
  readonly hasDied: boolean;
  /** If the present step handles an elapsed timer: the timer, and the index of the step's event. */
  readonly elapsing: { readonly timer: string; readonly event: number } | undefined;
}

type Memory = NodeRecords<NodeRecord>;

const nothing: NodeRecord = {
  frames: [],
  acknowledged: 0,
  since: 0,
  left: [],
  block: undefined,
  replayed: 0,
  timers: [],
  asked: [],
  isResting: false,
  hasDied: false,
  elapsing: undefined,
};

class Twins {
  readonly #setting: Setting;
  readonly #definitionOf: (config: unknown) => AnyDefinition;
  readonly #isOwn: IsOwn;
  /** The twins of each node, cached by their frames: many forks of a world ask for the same twin. */
  readonly #twins = new Map<string, (frames: readonly LogFrame[]) => Twin & { readonly matters: string | undefined }>();

  constructor(setting: Setting, definitionOf: (config: unknown) => AnyDefinition, isOwn: IsOwn) {
    this.#setting = setting;
    this.#definitionOf = definitionOf;
    this.#isOwn = isOwn;
  }

  get monitor(): Monitor<Memory> {
    const { nodes } = this.#setting;
    return {
      watches: [
        'deliver consensus',
        'disk append',
        'effect transmit',
        'effect timer.set',
        'effect timer.cancel',
        'effect host.ask',
        'death',
        'stopped',
        'fault',
      ],
      start: { ...unjudged, nodes: nodes.map(() => nothing) },
      look: lookByNode(this.#setting, (record, event, observer, findings) => {
        const next = this.#look(record, event, observer, findings);
        if (findings.wrong.length > 0 && observer.isFaulty(event.node)) findings.wrong = [];
        return next;
      }),
      finish: (memory, observer) => this.#finish(memory, observer),
      relevant: (memory, now) =>
        relevantOf({ ...memory, nodes: memory.nodes.map((record) => [relevantRecord(record), now <= record.since]) }),
    };
  }

  #look(record: NodeRecord, event: RunEvent, observer: Observer, findings: Findings): NodeRecord {
    switch (event.type) {
      case 'death':
      case 'stopped':
        return { ...record, timers: [], asked: [], isResting: false, hasDied: true, elapsing: undefined };
      case 'effect':
        return this.#afterEffect(record, event);
      case 'deliver':
        return event.actor === 'consensus' ? this.#deliver(record, event, observer, findings) : record;
      default:
        return record;
    }
  }

  #afterEffect(record: NodeRecord, event: RunEvent): NodeRecord {
    if (event.type !== 'effect') return record;
    const { effect, node } = event;
    switch (effect.type) {
      case 'transmit':
        if (!this.#isOwn(effect.data, node) || record.left.some((one) => deepEqual(one, effect.data))) return record;
        return { ...record, left: [...record.left, effect.data] };
      case 'timer.set': {
        if (event.actor !== 'consensus') return record;
        const { timer, delay } = effect;
        return { ...record, timers: [...withoutTimer(record.timers, timer), { timer, delay }] };
      }
      case 'timer.cancel':
        if (event.actor !== 'consensus') return record;
        return { ...record, timers: withoutTimer(record.timers, effect.timer) };
      case 'host.ask':
        return { ...record, asked: [...record.asked, effect.request] };
      case 'disk':
        if (effect.operation.type !== 'append') return record;
        if (event.actor === 'host') return withBlock(record, effect.operation.bytes);
        return event.actor === 'consensus'
          ? logFramesIn(effect.operation.bytes).reduce((now, frame) => withFrame(now, frame, event.cause), record)
          : record;
      default:
        return record;
    }
  }

  #deliver(record: NodeRecord, event: RunEvent, observer: Observer, findings: Findings): NodeRecord {
    if (event.type !== 'deliver') return record;
    const rested = record.isResting ? this.#rest(record, event, observer, findings) : record;
    const message = event.message as { readonly type: string; readonly sequence?: number; readonly frames?: number };
    const sequence = message.sequence ?? 0;
    switch (message.type) {
      case 'flushed':
        return sequence <= rested.acknowledged ? rested : { ...rested, acknowledged: sequence, since: event.time };
      case 'replay.frame':
        return { ...rested, replayed: sequence };
      case 'timer': {
        const { timer } = event.message as { readonly timer?: string };
        return { ...rested, elapsing: { timer: String(timer), event: event.index } };
      }
      case 'recovered':
        return recovered(rested, event.node, message.frames ?? 0, observer, findings);
      case 'replay.end':
        return this.#replayEnds(rested, event, observer, findings);
      default:
        return rested;
    }
  }

  /** Compares the node at the first delivery after a replay, when the step that ended the replay is over. */
  #rest(record: NodeRecord, event: RunEvent, observer: Observer, findings: Findings): NodeRecord {
    const rested = { ...record, isResting: false };
    // The node died within that step, and this message begins its next life.
    if (event.type === 'deliver' && event.message.type === 'recovered') return rested;
    findings.isExercised = true;
    const difference = this.#difference(event.node, record, observer) ?? this.#differentEffects(event.node, record, true);
    if (difference !== undefined) findings.complain(`${difference} at rest after its replay as if it had only paused`);
    return rested;
  }

  #replayEnds(record: NodeRecord, { node, time }: RunEvent, observer: Observer, findings: Findings): NodeRecord {
    const frames = record.frames.filter(({ sequence }) => sequence <= record.replayed);
    const resting = { ...record, isResting: true };
    if (record.replayed < record.acknowledged) {
      findings.complain(`came back with frames up to ${record.replayed}; frame ${record.acknowledged} had been acknowledged`);
      return resting;
    }
    const next = { ...resting, frames, acknowledged: record.replayed, since: time };
    findings.isExercised = true;
    const said = saidIn(this.#definition(node), frames);
    if (record.left.some((data) => !said.some((one) => deepEqual(one, data))))
      findings.complain('had sent a message before its death that its log does not hold');
    const difference = this.#difference(node, next, observer);
    if (difference !== undefined) findings.complain(`${difference} after replay as if it had only paused`);
    return next;
  }

  #finish(memory: Memory, observer: Observer): Verdict {
    let isExercised = memory.isExercised;
    const late = this.#setting.nodes.flatMap((node, place): readonly Violation[] => {
      const record = memory.nodes[place] ?? nothing;
      const shell = observer.actorState(node, 'consensus') as { readonly mode: string } | undefined;
      if (shell?.mode !== 'running' || observer.isFaulty(node)) return [];
      if (record.hasDied && hasBegun(record)) isExercised = true;
      const difference =
        this.#difference(node, record, observer) ??
        this.#differentEffects(node, record, false) ??
        this.#unsent(node, record, observer);
      if (difference === undefined) return [];
      return [{ message: `${node} ${difference} at the end as its log says`, event: -1, nodes: [node], height: 0 }];
    });
    return verdictOf(
      { ...memory, isExercised, violations: [...memory.violations, ...late] },
      'no node came back and was compared with its twin',
    );
  }

  /** Says in which fields the state of a node differs from its twin's; undefined if in none. */
  #difference(node: string, record: NodeRecord, observer: Observer): string | undefined {
    const shell = observer.actorState(node, 'consensus') as { readonly inner: unknown } | undefined;
    if (shell === undefined || !hasBegun(record)) return undefined;
    const { frames } = record;
    const definition = this.#definition(node);
    const { state, matters } = this.#twin(node, frames);
    if (matters !== undefined)
      throw new DefinitionRefused(
        `the definition '${definition.name}' leaves out ${definition.leftOut.join(', ')}, and what it says, asks or sets at ${matters} depends on them: a field that decides what a node owes must not be left out`,
      );
    const fields = differingFields(state as object, shell.inner as object, definition.leftOut);
    return fields.length === 0 ? undefined : `is not in the same state (${fields.join(', ')})`;
  }

  /** The twin of these frames. `matters` names the frame at which outputs depend on fields in `leftOut`, if there is one. */
  #twin(node: string, frames: readonly LogFrame[]): Twin & { readonly matters: string | undefined } {
    let twins = this.#twins.get(node);
    if (twins === undefined) {
      const definition = this.#definition(node);
      const config = this.#setting.configurations.get(node);
      twins = perObject((all) => ({ ...twinOf(definition, config, all), matters: leftOutMatters(definition, config, all) }));
      this.#twins.set(node, twins);
    }
    return twins(frames);
  }

  /** Says how timers and questions of this life differ from the twin's. `isAtRest`: just after a replay, when no other question may have been asked. */
  #differentEffects(node: string, { frames, timers, asked }: NodeRecord, isAtRest: boolean): string | undefined {
    if (frames[0]?.kind !== frameKind.start) return undefined;
    const twin = this.#twin(node, frames);
    const isSame = timers.length === twin.timers.size && timers.every(({ timer, delay }) => twin.timers.get(timer) === delay);
    if (!isSame) return 'has not the same timers armed';
    const open = [...twin.requests.values()];
    const areAsked = open.every((request) => asked.some((one) => deepEqual(one, request)));
    return areAsked && (!isAtRest || asked.length === open.length) ? undefined : 'has not the same questions open';
  }

  /** Says that a durable own message was not sent; undefined if all were. A node may still send at the instant of the acknowledgement. */
  #unsent(node: string, { frames, acknowledged, since, left }: NodeRecord, observer: Observer): string | undefined {
    if (observer.now <= since) return undefined;
    const durable = frames.filter(({ sequence }) => sequence <= acknowledged);
    const isMissing = saidIn(this.#definition(node), durable).some((data) => !left.some((one) => deepEqual(one, data)));
    return isMissing ? 'has not sent the same messages' : undefined;
  }

  #definition(node: string): AnyDefinition {
    return this.#definitionOf(this.#setting.configurations.get(node));
  }
}

/** The record after an appended frame. `cause` is the index of the event whose step appends it. */
function withFrame(record: NodeRecord, frame: LogFrame, cause: number): NodeRecord {
  // A new height begins with nothing of the one before, and without timers.
  if (frame.kind === frameKind.start) return { ...nothing, hasDied: record.hasDied, frames: [frame] };
  const frames = [...record.frames, frame];
  const { acknowledged, since, left, block, replayed, asked, isResting, hasDied } = record;
  let { timers, elapsing } = record;
  // A timer that has elapsed stays armed until its elapsing is logged.
  if (elapsing !== undefined && elapsing.event === cause && frame.kind === frameKind.input) {
    timers = withoutTimer(timers, elapsing.timer);
    elapsing = undefined;
  }
  // The fields are listed because a copy with `...` costs twice as much.
  return { frames, acknowledged, since, left, block, replayed, timers, asked, isResting, hasDied, elapsing };
}

function withBlock(record: NodeRecord, bytes: Uint8Array): NodeRecord {
  // The usual way: the log says itself that the height is over.
  if (record.frames.some(({ kind }) => kind === frameKind.decided)) return record;
  const block = logFramesIn(bytes).find(({ kind }) => kind === frameKind.block)?.payload;
  return block === undefined ? record : { ...record, block };
}

/** Whether the block store of a node has this block. */
function isStored(block: Uint8Array | undefined, node: string, observer: Observer): boolean {
  if (block === undefined) return false;
  return observer.fileNames(node, 'blocks').some((name) => {
    const bytes = observer.fileBytes(node, `blocks/${name}`) ?? new Uint8Array();
    return logFramesIn(bytes.subarray(fileHeaderBytes)).some(({ payload }) => deepEqual(payload, block));
  });
}

function withoutTimer(timers: NodeRecord['timers'], timer: string): NodeRecord['timers'] {
  return timers.some((one) => one.timer === timer) ? timers.filter((one) => one.timer !== timer) : timers;
}

function recovered(record: NodeRecord, node: string, frames: number, observer: Observer, findings: Findings): NodeRecord {
  const last = record.frames.at(-1)?.sequence ?? 0;
  // A finished height owes nothing to the next life.
  const isOver = record.frames.some(({ kind }) => kind === frameKind.decided) || isStored(record.block, node, observer);
  // A node that has lost its log and abstains is not compared: it must not vote, unlike a paused node.
  if (observer.isAbstaining(node)) return nothing;
  if (frames === 0 && !isOver && record.acknowledged > 0 && record.acknowledged <= last)
    findings.complain(`came back with nothing of the height in which frame ${record.acknowledged} had been acknowledged`);
  else if (frames === 0 && !isOver && record.left.length > 0)
    findings.complain('had sent a message before its death that its log does not hold');
  // No frame came back, none was acknowledged and no message had left: a paused node would be in the same state. So something was judged.
  if (record.hasDied && frames === 0 && !isOver) findings.isExercised = true;
  return { ...record, replayed: 0 };
}

/** Whether the first frame says how the height began. Without it there is no twin to compare with. */
function hasBegun({ frames }: NodeRecord): boolean {
  return frames[0]?.kind === frameKind.start;
}

/** The part of a record that can still change a verdict. The order in which messages left does not matter. */
const relevantRecord = perObject(({ left, since: _since, elapsing: _elapsing, ...record }: NodeRecord): object => ({
  ...record,
  left: new Map(left.map((data) => [keyOf(data), data])),
}));

/** The property `crash-is-pause`, for the nodes of one protocol. */
export function crashIsPause<Config, State, Input, Message>(
  definitionOf: (config: Config) => NodeDefinition<Config, State, Input, Message>,
  isOwn: IsOwn,
): Property {
  return {
    name: 'crash-is-pause',
    says: 'after each recovery, and at the end, a node is what its twin is that only paused: state, timers, questions, messages that left',
    hint: 'compare what is logged with what changes the state: an input that acts unlogged is forgotten by a crash',
    monitor: (setting) => new Twins(setting, definitionOf as unknown as (config: unknown) => AnyDefinition, isOwn).monitor,
  };
}
