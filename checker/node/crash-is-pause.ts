/**
 * `crash-is-pause`: a twin of each node folds the frames that were appended through the protocol's own step function, with a ledger
 * written anew, and never crashes. After each recovery, and at the end, node and twin must be equal: state, armed timers, open questions,
 * and the own messages that left (repeats aside).
 *
 * Reads frames by the layout on disk (docs/formats/wal.md), and shares no code with the shell, the log or its recovery.
 */

import type { NodeDefinition } from '../../actors/node/definition.ts';
import { digestOf, digestOfAll, mix } from '../../core/digest.ts';
import type { WireData } from '../../core/effects.ts';
import type { Monitor, Observer, Property, RunEvent, Setting, Verdict, Violation, Watched } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { wordsOf } from '../violation-words.ts';

type Definition = NodeDefinition<unknown, unknown, unknown, unknown>;
/** Whether what is on the wire is a message of this node itself. */
type IsOwn = (data: WireData, node: string) => boolean;

interface Frame {
  readonly kind: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** What is known of a node at its present height. */
interface Lived {
  readonly frames: readonly Frame[];
  readonly acknowledged: number;
  /** Microseconds: when that became so. */
  readonly since: number;
  /** Own messages of this height that left, as digests. */
  readonly left: readonly number[];
  /** The last frame of the replay under way. */
  readonly replayed: number;
}

/** What the twin reads of the consensus actor's state. */
interface Consensus {
  readonly mode: string;
  readonly inner: unknown;
  readonly ledger: {
    readonly timers: readonly { readonly timer: string; readonly delay: number }[];
    readonly requests: readonly { readonly key: string }[];
  };
}

const startFrame = 2;
const ownFrame = 4;
const decidedFrame = 5;
const frameHeader = 32;
/** Named fields, as a spread costs many times as much, and this is done for each append. */
function withFrame({ frames, acknowledged, since, left, replayed }: Lived, frame: Frame): Lived {
  return { frames: [...frames, frame], acknowledged, since, left, replayed };
}

const nothing: Lived = { frames: [], acknowledged: 0, since: 0, left: [], replayed: 0 };

class CrashIsPause implements Monitor {
  get watches(): readonly Watched[] {
    return ['deliver consensus', 'disk append', 'effect transmit'];
  }
  readonly #setting: Setting;
  readonly #definitionOf: (config: unknown) => Definition;
  readonly #isOwn: IsOwn;
  #lived = new ForkingMap<string, Lived>();
  #violations: readonly Violation[] = [];
  /** Nodes whose replay has just ended: they are compared again when that step is over. */
  #resting: ReadonlySet<string> = new Set();
  #compared = 0;

  constructor(setting: Setting, definitionOf: (config: unknown) => Definition, isOwn: IsOwn) {
    this.#setting = setting;
    this.#definitionOf = definitionOf;
    this.#isOwn = isOwn;
  }

  observe(event: RunEvent, observer: Observer): void {
    const { node } = event;
    const lived = this.#lived.get(node) ?? nothing;
    if (event.type === 'effect') {
      const { effect } = event;
      if (effect.type === 'transmit' && effect.site === 'publish' && this.#isOwn(effect.data, node)) {
        const digest = digestOf(effect.data);
        if (!lived.left.includes(digest)) this.#lived.set(node, { ...lived, left: [...lived.left, digest] });
        return;
      }
      if (effect.type !== 'disk' || effect.site !== 'wal.append' || effect.operation.type !== 'append') return;
      const frame = frameIn(effect.operation.bytes);
      const next = frame.kind === startFrame ? withFrame(nothing, frame) : withFrame(lived, frame);
      this.#lived.set(node, next);
      return;
    }
    if (event.type !== 'deliver' || event.actor !== 'consensus') return;
    this.#rest(event, lived, observer);
    const message = event.message as { readonly type: string; readonly sequence?: number; readonly frames?: number };
    const sequence = message.sequence ?? 0;
    if (message.type === 'flushed' && sequence > lived.acknowledged)
      this.#lived.set(node, { ...lived, acknowledged: sequence, since: event.time });
    else if (message.type === 'replay.frame') this.#lived.set(node, { ...lived, replayed: sequence });
    else if (message.type === 'recovered') {
      const last = lived.frames.at(-1)?.sequence ?? 0;
      // Of a height that is over nothing needs to come back.
      const isOver = lived.frames.some(({ kind }) => kind === decidedFrame);
      if (observer.isAbstaining(node)) {
        this.#lived.delete(node);
        return;
      }
      if (message.frames === 0 && !isOver && lived.acknowledged > 0 && lived.acknowledged <= last)
        this.#violate(
          event,
          observer,
          `came back with nothing of the height in which frame ${lived.acknowledged} had been acknowledged`,
        );
      else if (message.frames === 0 && !isOver && lived.left.length > 0)
        this.#violate(event, observer, 'had sent a message before its death that its log does not hold');
      this.#lived.set(node, { ...lived, replayed: 0 });
    } else if (message.type === 'replay.end') this.#recovered(event, lived, observer);
  }

  /** The first moment after a replay at which the node stands still. */
  #rest(event: RunEvent, { frames }: Lived, observer: Observer): void {
    const { node } = event;
    if (!this.#resting.has(node)) return;
    this.#resting = new Set([...this.#resting].filter((other) => other !== node));
    // It died in that very step, and this is its next life.
    if (event.type === 'deliver' && event.message.type === 'recovered') return;
    const difference = this.#difference(node, frames, observer);
    if (difference !== undefined)
      this.#violate(event, observer, `${difference} at rest after its replay as if it had only paused`);
  }

  #recovered(event: RunEvent, lived: Lived, observer: Observer): void {
    this.#resting = new Set(this.#resting).add(event.node);
    const frames = lived.frames.filter(({ sequence }) => sequence <= lived.replayed);
    if (lived.replayed < lived.acknowledged) {
      this.#violate(
        event,
        observer,
        `came back with frames up to ${lived.replayed}; frame ${lived.acknowledged} had been acknowledged`,
      );
      return;
    }
    this.#lived.set(event.node, { ...lived, frames, acknowledged: lived.replayed, since: event.time });
    const said = this.#said(event.node, frames);
    if (lived.left.some((digest) => !said.has(digest)))
      this.#violate(event, observer, 'had sent a message before its death that its log does not hold');
    const difference = this.#difference(event.node, frames, observer);
    if (difference !== undefined) this.#violate(event, observer, `${difference} after replay as if it had only paused`);
  }

  finish(observer: Observer): Verdict {
    const late = this.#setting.nodes.flatMap((node): Violation[] => {
      const lived = this.#lived.get(node);
      const shell = observer.actorState(node, 'consensus') as Consensus | undefined;
      if (lived === undefined || shell?.mode !== 'running' || observer.isFaulty(node)) return [];
      const difference = this.#difference(node, lived.frames, observer) ?? this.#unsent(node, lived, observer);
      if (difference === undefined) return [];
      return [{ message: `${node} ${difference} at the end as its log says`, event: -1, nodes: [node], height: 0 }];
    });
    const violations = [...this.#violations, ...late];
    if (violations.length > 0) return { verdict: 'violated', violations };
    return this.#compared > 0
      ? { verdict: 'held', violations }
      : { verdict: 'undecided', violations, reason: 'no node was compared with its twin' };
  }

  /** In which way node and twin are not the same. */
  #difference(node: string, frames: readonly Frame[], observer: Observer): string | undefined {
    const shell = observer.actorState(node, 'consensus') as Consensus | undefined;
    if (shell === undefined || frames[0]?.kind !== startFrame) return undefined;
    this.#compared += 1;
    const config = this.#setting.configurations.get(node);
    const definition = this.#definitionOf(config);
    const twin = fold(definition, config, frames);
    if (!definition.sameState(twin.state, shell.inner)) return 'is not in the same state';
    const timers = shell.ledger.timers.map(({ timer, delay }) => `${timer} ${delay}`).sort();
    if (
      timers.join() !==
      [...twin.timers]
        .map(([timer, delay]) => `${timer} ${delay}`)
        .sort()
        .join()
    )
      return 'has not the same timers armed';
    const requests = shell.ledger.requests.map(({ key }) => key).sort();
    return requests.join() === [...twin.requests].sort().join() ? undefined : 'has not the same questions open';
  }

  /** The own messages in these frames, as they go over the wire. */
  #said(node: string, frames: readonly Frame[]): ReadonlySet<number> {
    const definition = this.#definitionOf(this.#setting.configurations.get(node));
    const own = frames.filter(({ kind }) => kind === ownFrame);
    return new Set(own.map(({ payload }) => digestOf(definition.asWire(definition.decode(payload)))));
  }

  /** At rest everything that is durable has been sent. */
  #unsent(node: string, { frames, acknowledged, since, left }: Lived, observer: Observer): string | undefined {
    if (observer.now <= since) return undefined;
    const durable = frames.filter(({ sequence }) => sequence <= acknowledged);
    const isMissing = [...this.#said(node, durable)].some((digest) => !left.includes(digest));
    return isMissing ? 'has not sent the same messages' : undefined;
  }

  #violate({ node, index }: RunEvent, observer: Observer, what: string): void {
    if (observer.isFaulty(node) || this.#violations.length >= 8) return;
    this.#violations = [...this.#violations, { message: `${node} ${what}`, event: index, nodes: [node], height: 0 }];
  }

  fork(): Monitor {
    const copy = new CrashIsPause(this.#setting, this.#definitionOf, this.#isOwn);
    copy.#lived = this.#lived.fork();
    copy.#violations = this.#violations;
    copy.#resting = this.#resting;
    copy.#compared = this.#compared;
    return copy;
  }

  digest(now: number): number {
    let digest = digestOfAll(wordsOf(this.#violations), this.#resting);
    for (const [node, { acknowledged, frames, left, replayed, since }] of this.#lived) {
      // In which order messages left does not matter any more.
      const sent = left.reduce((sum, message) => (sum + message) | 0, 0);
      digest = (digest + mix(digestOf(frames), digestOfAll(node, acknowledged, sent, replayed, now <= since))) | 0;
    }
    return digest;
  }
}

interface Twin {
  readonly state: unknown;
  readonly timers: ReadonlyMap<string, number>;
  readonly requests: ReadonlySet<string>;
}

function fold(definition: Definition, config: unknown, frames: readonly Frame[]): Twin {
  let state = definition.start(config);
  const timers = new Map<string, number>();
  const requests = new Set<string>();
  for (const { kind, payload } of frames) {
    if (kind === decidedFrame) continue;
    const input = definition.decode(payload);
    const elapsed = definition.timerOf(input);
    if (elapsed !== undefined) timers.delete(elapsed);
    const answered = definition.answers(input);
    if (answered !== undefined) requests.delete(answered);
    const next = definition.step(state, input);
    state = next.state;
    for (const output of next.outputs) {
      if (output.type === 'setTimer') timers.set(output.timer, output.delay);
      else if (output.type === 'cancelTimer') timers.delete(output.timer);
      else if (output.type === 'ask') requests.add(output.key);
    }
  }
  return { state, timers, requests };
}

function frameIn(bytes: Uint8Array): Frame {
  let sequence = 0;
  for (let at = 8; at < 16; at += 1) sequence = 256 * sequence + (bytes[at] as number);
  return { kind: bytes[4] as number, sequence, payload: bytes.subarray(frameHeader) };
}

/** The property for nodes of one protocol. */
export function crashIsPause<Config, State, Input, Message>(
  definitionOf: (config: Config) => NodeDefinition<Config, State, Input, Message>,
  isOwn: (data: WireData, node: string) => boolean,
): Property {
  return {
    name: 'crash-is-pause',
    says: 'after each recovery, and at the end, a node is what its twin is that only paused: state, timers, questions, messages that left',
    hint: 'compare what is logged with what changes the state: an input that acts unlogged is forgotten by a crash',
    monitor: (setting) => new CrashIsPause(setting, definitionOf as unknown as (config: unknown) => Definition, isOwn),
  };
}
