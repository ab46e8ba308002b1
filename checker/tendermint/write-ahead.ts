/**
 * `write-ahead`: when a gated message leaves, what it stands on is durable. Asks the disk itself: file, byte range, directory entry.
 */

import type { TendermintConfig, TendermintState } from '../../actors/tendermint/config.ts';
import { digestOf, digestOfAll, mix } from '../../core/digest.ts';
import type { Message } from '../../core/effects.ts';
import type { Monitor, Observer, Property, RunEvent, Watched } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { decisionIn, Judge, ownFramesIn, signedIn, text, whereDecided, whereSigned } from './signed.ts';

/** What is looked at of the consensus actor: the protocol's state. */
interface Consensus {
  readonly inner: TendermintState;
}

interface Step {
  readonly event: number;
  readonly before: unknown;
  readonly message: Message;
}

interface Written {
  readonly file: string;
  /** Bytes from the start of the file to the end of this frame. */
  readonly end: number;
}

/** Input messages of the consensus actor: what may change the protocol's state. */
const isInput = (type: string): boolean => type === 'input' || type === 'timer' || type === 'segment';

class WriteAhead extends Judge {
  get watches(): readonly Watched[] {
    return ['deliver consensus', ...whereSigned, ...whereDecided, 'done append', 'death', 'stopped'];
  }
  readonly unexercised = 'nothing left that had to be written first';
  /** Nodes without a key, as they are configured. */
  readonly #keyless: ReadonlySet<string>;
  /** By node: the step under way, until it has appended its frame. */
  #steps = new ForkingMap<string, Step>();
  /** By node: inputs that were applied and never written. */
  #unwritten = new ForkingMap<string, string>();
  /** By node and message: where its own frame ends. */
  #frames = new ForkingMap<string, Written>();

  constructor(keyless: ReadonlySet<string>) {
    super();
    this.#keyless = keyless;
  }

  observe(event: RunEvent, observer: Observer): void {
    const { node } = event;
    if (event.type === 'death' || event.type === 'stopped') {
      this.#steps.delete(node);
      this.#unwritten.delete(node);
      return;
    }
    if (event.type === 'deliver') {
      if (event.actor !== 'consensus') return;
      this.#settle(node, observer);
      const before = (observer.actorState(node, 'consensus') as Consensus | undefined)?.inner.core;
      if (isInput(event.message.type)) {
        this.#steps.set(node, { event: event.index, before, message: event.message });
      }
      if (event.message.type === 'segment') {
        this.#unwritten.delete(node);
        this.#forgetFrames(node);
      }
      return;
    }
    if (event.type === 'done') {
      const { site, error } = event.answer;
      if (site === 'wal.append' && error !== undefined)
        this.#unwritten.set(node, `a frame whose append had failed (${error.code})`);
      return;
    }
    if (event.type !== 'effect') return;
    const { effect } = event;
    if (effect.type === 'disk' && effect.site === 'segment.open' && effect.operation.type === 'append')
      this.#copied(node, effect.operation.file, effect.operation.bytes, observer);
    if (effect.type === 'disk' && effect.site === 'wal.append' && effect.operation.type === 'append') {
      const { file } = effect.operation;
      if (this.#steps.get(node)?.event === event.cause) this.#steps.delete(node);
      const signed = signedIn(event);
      // The effect is told before it is carried out: the frame will end behind what stands there now.
      const end = observer.fileLength(node, file) + effect.operation.bytes.length;
      if (signed !== undefined) this.#frames.set(keyOf(node, text(signed.message), signed.message), { file, end });
      else this.#frames.set(`${node} last`, { file, end });
      return;
    }
    if (observer.isFaulty(node)) return;
    const signed = signedIn(event);
    if (signed?.hasLeft === true) {
      const { height } = signed.message;
      const what = text(signed.message);
      if (observer.isAbstaining(node)) {
        const message = `${node} sent ${what} while its own promise not to vote stands on its disk`;
        this.violated({ message, event: event.index, nodes: [node], height });
      } else this.#left(event, what, keyOf(node, what, signed.message), height, observer);
    }
    const decided = decisionIn(event);
    // Who follows without voting has nothing to write first: what it decides, others have certified.
    if (decided !== undefined && !this.#follows(node, observer))
      this.#left(event, `decision(${decided.decision.value})`, `${node} last`, decided.decision.height, observer);
  }

  /** A gated message leaves: its frame and all before it must be durable, and every input that was applied must have been written. */
  #left(event: RunEvent, what: string, key: string, height: number, observer: Observer): void {
    const { node } = event;
    this.#settle(node, observer);
    this.exercised += 1;
    const unwritten = this.#unwritten.get(node);
    if (unwritten !== undefined) {
      this.violated({
        message: `${node} sent ${what} after it had applied ${unwritten}, which was never written`,
        event: event.index,
        nodes: [node],
        height,
      });
      return;
    }
    const frame = this.#frames.get(key);
    if (frame === undefined || observer.isDurable(node, frame.file, 0, frame.end)) return;
    // The file of a height that is over may be gone already.
    if (observer.fileLength(node, frame.file) === 0) return;
    this.violated({
      message: `${node} sent ${what} before its frame was durable (${frame.file}, byte ${frame.end})`,
      event: event.index,
      nodes: [node],
      height,
    });
  }

  /** Of a height that is over, or of all files but one: a death alone ends nothing, as the page cache may stay and the node go on in its old file. */
  #forgetFrames(node: string, but?: string): void {
    for (const [key, { file }] of this.#frames) if (key.startsWith(`${node} `) && file !== but) this.#frames.delete(key);
  }

  /** Own frames that a birth takes over from an earlier life. */
  #copied(node: string, file: string, bytes: Uint8Array, observer: Observer): void {
    const start = observer.fileLength(node, file);
    this.#forgetFrames(node, file);
    for (const { message, end } of ownFramesIn(bytes))
      this.#frames.set(keyOf(node, text(message), message), { file, end: start + end });
  }

  #follows(node: string, observer: Observer): boolean {
    return this.#keyless.has(node) || observer.isAbstaining(node);
  }

  #settle(node: string, observer: Observer): void {
    const step = this.#steps.get(node);
    if (step === undefined) return;
    this.#steps.delete(node);
    const now = (observer.actorState(node, 'consensus') as Consensus | undefined)?.inner.core;
    if (now === undefined || now === step.before || digestOf(now) === digestOf(step.before)) return;
    this.#unwritten.set(node, describe(step.message));
  }

  fork(): Monitor {
    const copy = this.copyInto(new WriteAhead(this.#keyless));
    copy.#steps = this.#steps.fork();
    copy.#unwritten = this.#unwritten.fork();
    copy.#frames = this.#frames.fork();
    return copy;
  }
  digest(): number {
    let digest = digestOfAll(this.words, this.#unwritten, this.#frames);
    for (const [node, { before }] of this.#steps) digest = mix(digest, digestOfAll(node, before));
    return digest;
  }
}

function keyOf(node: string, what: string, { height, round }: { readonly height: number; readonly round: number }): string {
  return `${node} ${height} ${round} ${what}`;
}

function describe(message: Message): string {
  if (message.type === 'timer') return `the timer ${(message as unknown as { readonly timer: string }).timer}`;
  if (message.type !== 'input') return message.type;
  return `an input of type ${(message as unknown as { readonly input: { readonly type: string } }).input.type}`;
}

export const writeAhead: Property = {
  name: 'write-ahead',
  says: 'when a gated message leaves, every input that led to it and its own frame are durable on the disk',
  hint: 'append and flush everything that led to a message before it leaves; log every input before it is applied',
  monitor: ({ configurations }) => {
    const keyless = [...configurations].filter(([, config]) => !(config as TendermintConfig).hasKey);
    return new WriteAhead(new Set(keyless.map(([node]) => node)));
  },
};
