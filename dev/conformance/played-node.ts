/**
 * One node without a log: inputs are admitted and applied as the shell does it, own messages are fed back at once. Shows what came out.
 */
import type { Admission, Output } from '../../actors/node/definition.ts';
import {
  type Decision,
  type ProposerRule,
  type TendermintConfig,
  type TendermintInput,
  type TendermintMessage,
  type TendermintState,
  tendermint,
  type ValidatorPower,
} from '../../actors/tendermint/index.ts';
import type { RecordedState, Row } from './verdict.ts';

export interface Played {
  readonly out: readonly Row[];
  readonly evidence: readonly Row[];
  /** What was logged, in order. */
  readonly logged: readonly TendermintInput[];
}

const none = new Uint8Array(0);
const definition = tendermint({} as TendermintConfig);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export class PlayedNode {
  #state: TendermintState;

  constructor(self: string, proposers: ProposerRule) {
    const timeouts = { propose: 1, prevote: 1, precommit: 1, perRound: 0 };
    const config = { self, hasKey: true, validatorSets: [], proposers, timeouts, rebroadcastMs: 1, scheme: 'none' };
    this.#state = definition.start(config);
  }

  get state(): RecordedState {
    const { height, round, step, locked, valid } = this.#state.core;
    return {
      h: height,
      r: round,
      s: capital(step),
      lr: locked?.round ?? -1,
      lv: locked?.value ?? null,
      vr: valid?.round ?? -1,
      vv: valid?.value ?? null,
    };
  }

  start(height: number, validators: readonly ValidatorPower[]): Played {
    return this.feed({ type: 'start', height, validators, rules: '' });
  }

  feed(first: TendermintInput): Played {
    const out: Row[] = [];
    const evidence: Row[] = [];
    const logged: TendermintInput[] = [];
    const queue: TendermintInput[] = [first];
    for (let input = queue.shift(); input !== undefined; input = queue.shift()) {
      const admission: Admission = definition.admit(this.#state, input);
      if (admission === 'drop') continue;
      if (admission === 'log') logged.push(input);
      const { state, outputs } = definition.step(this.#state, input);
      this.#state = state;
      for (const output of outputs) collect(output, out, evidence, queue);
    }
    return { out, evidence, logged };
  }
}

function collect(
  output: Output<TendermintInput, TendermintMessage>,
  out: Row[],
  evidence: Row[],
  queue: TendermintInput[],
): void {
  switch (output.type) {
    case 'say': {
      const { message } = output;
      const { round, value } = message;
      out.push(message.type === 'vote' ? [capital(message.voteType), round, value] : ['Propose', round, value, message.polRound]);
      queue.push({ ...message, signature: none } as TendermintInput);
      break;
    }
    case 'resume':
      queue.push(output.input);
      break;
    case 'ask':
      out.push(['GetValue', (output.request as { readonly round: number }).round]);
      break;
    case 'finish': {
      const { round, value } = output.decision as Decision;
      out.push(['Decide', round, value]);
      break;
    }
    case 'report': {
      if (output.event !== 'evidence') break;
      const { kind, validator, round, first, second } = output.detail as Record<string, unknown>;
      evidence.push([capital(String(kind)), validator, round, first, second]);
      break;
    }
    default:
      break;
  }
}

/** A recorded input as an input of the node; undefined for `StartHeight`. `height` is the node's present one. */
export function inputOf(row: Row, height: number): TendermintInput | undefined {
  const [tag, ...args] = row;
  const at = (place: number): number => (typeof args[place] === 'number' ? args[place] : height);
  switch (tag) {
    case 'Prevote':
    case 'Precommit': {
      const [validator, round, value] = args as [string, number, string | null];
      return {
        type: 'vote',
        voteType: tag === 'Prevote' ? 'prevote' : 'precommit',
        height: at(3),
        round,
        value,
        validator,
        signature: none,
      };
    }
    case 'Proposal': {
      const [proposer, round, value, polRound, validity] = args as [string, number, string, number, boolean];
      return { type: 'proposal', height: at(5), round, value, data: none, polRound, proposer, signature: none, validity };
    }
    case 'ProposeValue': {
      const [round, value] = args as [number, string];
      return { type: 'value', height: at(2), round, value, data: none };
    }
    case 'Timeout': {
      const [kind, round] = args as [string, number];
      return { type: 'timeout', kind: kind.toLowerCase() as 'propose', round };
    }
    case 'PolkaCertificate':
    case 'CommitCertificate': {
      const [round, value, names] = args as [number, string, readonly string[]];
      const votes = names.map((name) => [name, none] as const);
      return { type: tag === 'PolkaCertificate' ? 'polkaCertificate' : 'commitCertificate', height: at(3), round, value, votes };
    }
    case 'SyncValue': {
      const [round, value] = args as [number, string];
      return { type: 'commitCertificate', height: at(2), round, value, votes: [], data: none };
    }
    default:
      return undefined;
  }
}

/** `rotate`, or a list of rounds whose other rounds are those of round 0. */
export function proposersOf(recorded: unknown): ProposerRule {
  if (!Array.isArray(recorded)) return { rule: 'rotate', table: {} };
  const named = new Map(recorded as readonly (readonly [number, string])[]);
  const table: Record<string, string> = {};
  for (let height = 0; height <= 24; height += 1)
    for (let round = 0; round <= 64; round += 1) table[`${height}.${round}`] = named.get(round) ?? named.get(0) ?? '';
  return { rule: 'rotate', table };
}
