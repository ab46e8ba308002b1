/**
 * Runs the project's write-ahead shell for one node, with a log and a disk in memory. A flush that a step asks for is
 * done directly after the other effects of the step. Returns what the node does, in order, as rows in the form of the recorded cases.
 */

import type { ShellMessage } from '../../actors/node/consensus.ts';
import type { WriteAheadState } from '../../actors/node/index.ts';
import type { FlushMessage, PublishMessage } from '../../actors/node/messages.ts';
import type {
  Decision,
  ProposerRule,
  TendermintInput,
  TendermintMessage,
  TendermintState,
  ValidatorPower,
} from '../../actors/tendermint/index.ts';
import type { Effect, Step } from '../../core/effects.ts';
import { frameSeed } from '../../wal/format.ts';
import { frameAt, Window } from '../../wal/frames.ts';
import { birthPlan, type FrameKind, type LogWriter, sourceOf } from '../../wal/index.ts';
import { entryRows } from './log-entries.ts';
import { capital, messageRow, recordedState } from './recorded-rows.ts';
import { configOf, definitionOf, type TestedNode } from './tested-node.ts';
import type { RecordedState, Row } from './verdict.ts';

interface LoggedFrame {
  readonly kind: FrameKind;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

type Shell = Omit<WriteAheadState, 'inner'> & { readonly inner: TendermintState };
type Setup = Parameters<TestedNode['consensus']>[0];

export interface NodeOfCase {
  readonly self: string;
  readonly height: number;
  readonly validators: readonly ValidatorPower[];
  readonly proposers: ProposerRule;
}

const none = new Uint8Array(0);
const salt = 1;

export class LoggedNode {
  readonly #node: NodeOfCase;
  readonly #definition: ReturnType<typeof definitionOf>;
  readonly #actor: ReturnType<TestedNode['consensus']>;
  readonly #frames: LoggedFrame[];
  #state: Shell;
  #done: Row[] = [];

  /** `frames`: what an earlier life left in the log. */
  constructor(tested: TestedNode, node: NodeOfCase, frames: readonly LoggedFrame[] = []) {
    this.#node = node;
    this.#definition = definitionOf(tested);
    const config = configOf(node.self, node.proposers, [{ from: 0, validators: node.validators }]);
    const signer = { scheme: 'none', sign: () => none, verify: () => true };
    this.#actor = tested.consensus({ definition: this.#definition, config, signer } as unknown as Setup);
    this.#state = this.#actor.start(0) as Shell;
    this.#frames = [...frames];
  }

  /** What is in the log. A step ends with the flush that it asked for, and a death comes only after a whole step. */
  get frames(): readonly LoggedFrame[] {
    return this.#frames;
  }

  get state(): RecordedState {
    return recordedState(this.#state.inner.core);
  }

  /** Begins the height, or comes back with the log of an earlier life. */
  start(): readonly Row[] {
    const { height } = this.#node;
    const life = this.#frames.length === 0 ? 0 : 1;
    const { writer } = birthPlan(height, life, this.#frames.at(-1)?.sequence ?? 0, salt);
    const kept = [...this.#frames];
    this.#receive({ type: 'recovered', height, writer, frames: kept.length });
    for (const frame of kept) this.#receive({ type: 'replay.frame', ...frame });
    if (kept.length > 0) this.#receive({ type: 'replay.end' });
    return this.#taken();
  }

  feed(input: TendermintInput): readonly Row[] {
    this.#receive({ type: 'input', input } as unknown as ShellMessage);
    return this.#taken();
  }

  #taken(): readonly Row[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #receive(message: ShellMessage): void {
    const { state, effects } = this.#actor.receive(this.#state as never, message as never, 'wal') as Step<Shell>;
    this.#state = state;
    let flush: FlushMessage | undefined;
    for (const effect of effects) {
      if (effect.type === 'tell' && effect.to === 'wal') flush = effect.message as FlushMessage;
      else this.#execute(effect);
    }
    if (flush === undefined) return;
    this.#done.push(['Flush']);
    this.#receive({ type: 'flushed', life: (this.#state.writer as LogWriter).life, sequence: flush.upTo });
  }

  #execute(effect: Effect): void {
    switch (effect.type) {
      case 'disk':
        if (effect.operation.type === 'append') this.#append(effect.operation.bytes);
        break;
      case 'tell': {
        const { data, site } = effect.message as PublishMessage;
        if (site === 'publish' && (data.type === 'vote' || data.type === 'proposal'))
          this.#done.push(['Publish', ...messageRow(data as unknown as TendermintMessage)]);
        break;
      }
      case 'host.decide': {
        const { round, value } = effect.decision as Decision;
        this.#done.push(['Decide', round, value]);
        break;
      }
      case 'timer.set': {
        const [kind, round] = effect.timer.split('/');
        if (round !== undefined) this.#done.push(['ScheduleTimeout', capital(String(kind)), Number(round)]);
        break;
      }
      case 'stop':
        this.#done.push(['Stop', effect.reason]);
        break;
      default:
        break;
    }
  }

  #append(bytes: Uint8Array): void {
    const frame = frameAt(new Window(sourceOf(bytes)), 0, frameSeed(salt, (this.#state.writer as LogWriter).life));
    if (frame?.kind === undefined) throw new Error('the shell appended what is no frame');
    const payload = bytes.subarray(frame.offset, frame.offset + frame.length);
    this.#frames.push({ kind: frame.kind, sequence: frame.sequence, payload });
    for (const row of entryRows(frame.kind, payload, this.#definition, this.#node.self)) this.#done.push(['Append', row]);
  }
}
