/**
 * The driver alone, cut where the driver of Malachite's engine is cut: nothing is fed back, nothing is refused, and a round begins
 * when its `NewRound` input comes.
 *
 * The driver under test begins a round in the call that enters it. That call is cut at the entry: what belongs to the new round is
 * taken back, and comes again with the `NewRound` input, which names the proposer.
 */
import { type HeightState, type TendermintInput, type ValidatorPower, validatorSet } from '../../actors/tendermint/index.ts';
import { evidenceRow, messageRow, recordedState } from './recorded-rows.ts';
import type { TestedNode } from './tested-node.ts';
import type { RecordedState, Row } from './verdict.ts';

type Output = ReturnType<TestedNode['drive']>['outputs'][number];

interface Called {
  readonly out: readonly Row[];
  readonly evidence: readonly Row[];
}

export class RawDriver {
  readonly #tested: TestedNode;
  readonly #self: string;
  #validators: readonly ValidatorPower[];
  #state: HeightState;

  constructor(tested: TestedNode, self: string, height: number, validators: readonly ValidatorPower[]) {
    this.#tested = tested;
    this.#self = self;
    this.#validators = validators;
    this.#state = this.#fresh(height);
  }

  get state(): RecordedState {
    return recordedState(this.#state);
  }

  moveToHeight(height: number, validators: readonly ValidatorPower[] = this.#validators): void {
    this.#validators = validators;
    this.#state = this.#fresh(height);
  }

  /** The host begins a round. A driver that is within a round already only takes the number, as the engine does. */
  newRound(round: number, proposer: string): Called {
    const state = this.#state;
    const table = { ...state.proposers.table, [`${state.height}.${round}`]: proposer };
    const begun: HeightState = { ...state, round, proposers: { rule: 'rotate', table } };
    this.#state = begun;
    if (state.step !== 'unstarted') return { out: [], evidence: [] };
    // An empty certificate changes nothing: the driver looks at all it has.
    return this.#cut(begun, { type: 'roundCertificate', height: state.height, round, votes: [] });
  }

  call(input: TendermintInput): Called {
    const state = this.#state;
    if (state.step !== 'unstarted') return this.#cut(state, input);
    // The precommit timer acts in every step; a driver that has not begun its round has no other timer.
    if (input.type === 'timeout')
      return input.kind === 'precommit' ? this.#cut({ ...state, step: 'propose' }, input) : { out: [], evidence: [] };
    const driven = this.#tested.drive(state, input);
    const entry = driven.outputs.findIndex(isEntry);
    const round = entry === -1 ? state.round : entryRound(driven.outputs[entry]);
    this.#state = driven.state.step === 'commit' ? driven.state : unbegun(state, driven.state, round, state.round);
    const isShown = (output: Output, index: number): boolean =>
      output.type === 'decide' || index === entry || (output.type === 'report' && output.event === 'evidence');
    return shown(driven.outputs.filter(isShown));
  }

  #cut(before: HeightState, input: TendermintInput): Called {
    const { state, outputs } = this.#tested.drive(before, input);
    const entry = outputs.findIndex(isEntry);
    const round = entryRound(outputs[entry]);
    this.#state = entry === -1 ? state : unbegun(before, state, round, round);
    return shown(entry === -1 ? outputs : outputs.slice(0, entry + 1));
  }

  #fresh(height: number): HeightState {
    const set = validatorSet(this.#validators);
    const node = { self: this.#self, hasKey: true, set, proposers: { rule: 'rotate', table: {} } } as const;
    const { state } = this.#tested.startHeight(node, height);
    return unbegun(state, state, -1, -1);
  }
}

/** The state at the entry of a round: what was received is kept, what the node did in rounds from `undone` on is taken back. */
function unbegun(before: HeightState, after: HeightState, round: number, undone: number): HeightState {
  return {
    ...after,
    round,
    step: 'unstarted',
    started: [],
    hasProposed: false,
    validated: [],
    locked: (after.locked?.round ?? -1) >= undone ? before.locked : after.locked,
    valid: (after.valid?.round ?? -1) >= undone ? before.valid : after.valid,
  };
}

function isEntry(output: Output): boolean {
  return output.type === 'report' && output.event === 'round.start';
}

function entryRound(output: Output | undefined): number {
  return output?.type === 'report' ? Number(output.detail['round']) : -1;
}

function shown(outputs: readonly Output[]): Called {
  const out: Row[] = [];
  const evidence: Row[] = [];
  for (const output of outputs) {
    if (output.type === 'say') out.push(messageRow(output.message));
    else if (output.type === 'ask') out.push(['GetValue', output.round]);
    else if (output.type === 'decide') out.push(['Decide', output.decision.round, output.decision.value]);
    else if (isEntry(output)) out.push(['NewRound', entryRound(output)]);
    else if (output.type === 'report' && output.event === 'evidence') evidence.push(evidenceRow(output.detail));
  }
  return { out, evidence };
}
