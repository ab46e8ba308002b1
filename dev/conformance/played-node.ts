/**
 * One node without a log: inputs are admitted and applied as the shell does it. Shows what came out.
 *
 * Own messages are fed back at once (`feedsBack`), or never: then the record delivers them.
 */
import type { Admission, Output } from '../../actors/node/definition.ts';
import type {
  Decision,
  HeightState,
  ProposerRule,
  TendermintInput,
  TendermintMessage,
  TendermintState,
  ValidatorPower,
} from '../../actors/tendermint/index.ts';
import { capital, evidenceRow, messageRow, recordedState } from './recorded-rows.ts';
import { configOf, definitionOf, type TestedNode } from './tested-node.ts';
import type { RecordedState, Row } from './verdict.ts';

export interface Played {
  /** Votes, proposals, decisions and requests for a value, in order. */
  readonly out: readonly Row[];
  /** `[kind, round]` of each timer started. */
  readonly timers: readonly Row[];
  readonly evidence: readonly Row[];
}

const none = new Uint8Array(0);

export class PlayedNode {
  readonly #definition: ReturnType<typeof definitionOf>;
  readonly #feedsBack: boolean;
  #state: TendermintState;

  constructor(tested: TestedNode, self: string, proposers: ProposerRule, feedsBack: boolean) {
    this.#definition = definitionOf(tested);
    this.#feedsBack = feedsBack;
    this.#state = this.#definition.start(configOf(self, proposers));
  }

  get core(): HeightState {
    return this.#state.core;
  }

  get state(): RecordedState {
    return recordedState(this.#state.core);
  }

  start(height: number, validators: readonly ValidatorPower[]): Played {
    return this.feed({ type: 'start', height, validators, rules: '' });
  }

  feed(first: TendermintInput): Played {
    const out: Row[] = [];
    const timers: Row[] = [];
    const evidence: Row[] = [];
    const queue: TendermintInput[] = [first];
    for (let input = queue.shift(); input !== undefined; input = queue.shift()) {
      const admission: Admission = this.#definition.admit(this.#state, input);
      if (admission === 'drop') continue;
      const { state, outputs } = this.#definition.step(this.#state, input);
      this.#state = state;
      for (const output of outputs) {
        if (output.type === 'say' && this.#feedsBack) queue.push({ ...output.message, signature: none } as TendermintInput);
        if (output.type === 'resume') queue.push(output.input);
        collect(output, { out, timers, evidence });
      }
    }
    return { out, timers, evidence };
  }
}

function collect(
  output: Output<TendermintInput, TendermintMessage>,
  { out, timers, evidence }: { readonly out: Row[]; readonly timers: Row[]; readonly evidence: Row[] },
): void {
  switch (output.type) {
    case 'say':
      out.push(messageRow(output.message));
      break;
    case 'ask':
      out.push(['GetValue', (output.request as { readonly round: number }).round]);
      break;
    case 'finish': {
      const { round, value } = output.decision as Decision;
      out.push(['Decide', round, value]);
      break;
    }
    case 'setTimer': {
      const [kind, round] = output.timer.split('/');
      if (round !== undefined) timers.push([capital(String(kind)), Number(round)]);
      break;
    }
    case 'report':
      if (output.event === 'evidence') evidence.push(evidenceRow(output.detail));
      break;
    default:
      break;
  }
}
