/**
 * One node of a trace of the specification: its external inputs are fed, own messages when the trace delivers them. At each rest, and at
 * a decision, what it has signed, its timers and its state are compared, both ways; height after height.
 */
import type { ProposerRule, ValidatorPower } from '../../actors/tendermint/index.ts';
import type { Delivered } from './delivered.ts';
import type { RecordedVote } from './keeper-cases.ts';
import { Lateness } from './lateness.ts';
import { aheadBy, type Shown } from './node-ahead.ts';
import { isContradictory, isTimerBeforeLock, type StepDifference, stepDifference } from './nodes-differences.ts';
import {
  beginsHeight,
  certificateInput,
  externalInput,
  type NodesStep,
  type RecordedProposal,
  signedRows,
  timerRows,
  voteInput,
} from './nodes-inputs.ts';
import { type Played, PlayedNode } from './played-node.ts';
import { InputReader } from './recorded-inputs.ts';
import type { TestedNode } from './tested-node.ts';
import { type Comparison, type RecordedState, type Row, sortedRows, stateText } from './verdict.ts';

const unborn: RecordedState = { h: 0, r: -1, s: 'No', lr: -1, lv: null, vr: -1, vv: null };

export class NodeRun {
  readonly #validators: readonly ValidatorPower[];
  readonly #comparison: Comparison;
  readonly #delivered: Delivered;
  readonly #late = new Lateness();
  readonly #node: PlayedNode;
  readonly #reader = new InputReader();
  /** What the trace has shown at this height, and what the node has. */
  #trace: Shown = { out: [], timers: [], state: unborn };
  #out: Row[] = [];
  #timers: Row[] = [];
  /** Outputs and timers of this height that were compared already. */
  #counted = { out: 0, timers: 0 };
  #isOver = false;
  /** A named difference has parted the node from the trace. */
  #isParted = false;
  /** The first round of the trace at this height: it may begin in a later one. */
  #firstRound: number | undefined;

  constructor(
    name: string,
    validators: readonly ValidatorPower[],
    proposers: ProposerRule,
    delivered: Delivered,
    tested: TestedNode,
    comparison: Comparison,
  ) {
    this.#validators = validators;
    this.#comparison = comparison;
    this.#delivered = delivered;
    this.#node = new PlayedNode(tested, name, proposers, false);
  }

  /** Ends at the first named difference that parts the node from the trace, or at the first failure. */
  play(steps: readonly NodesStep[]): void {
    for (const step of steps) {
      if (beginsHeight(step)) this.#begin(step);
      if (this.#isParted) return;
      const isRight = this.#isOver ? this.#afterDecision(step) : this.#step(step);
      if (!isRight || this.#isParted) return;
    }
    // A trace may end before a rest.
    const last = steps.at(-1);
    if (last !== undefined && this.#isPutOff() && !this.#isOver) this.#agrees(last.i);
  }

  /** The trace has begun a round, and something in it is still to come. */
  #isPutOff(): boolean {
    return this.#late.isUnsettled && this.#trace.state.s !== 'No';
  }

  #begin(step: NodesStep): void {
    const { post, preload } = step;
    this.#trace = { out: [], timers: [], state: { ...unborn, h: post.h } };
    this.#out = [];
    this.#timers = [];
    this.#counted = { out: 0, timers: 0 };
    this.#late.begin(step);
    this.#isOver = false;
    this.#firstRound = undefined;
    this.#delivered.clear();
    // The order in which contradicting votes were counted is not recorded.
    if (isContradictory(preload?.votes ?? [])) {
      this.#comparison.differs('equivocationCounts');
      this.#isParted = true;
      return;
    }
    this.#take(this.#node.start(post.h, this.#validators));
    for (const vote of preload?.votes ?? []) {
      this.#delivered.vote(vote);
      this.#feed(voteInput(vote));
    }
    for (const votes of preload?.certs ?? []) {
      this.#delivered.certificate(votes);
      this.#feed(certificateInput(votes));
    }
  }

  #step(step: NodesStep): boolean {
    const { i, in: input, out, post } = step;
    const row = externalInput(input, this.#node.state.r, this.#node.state.h);
    // An input that comes before the trace is at rest: what the trace still puts off, the engine has done.
    if (row !== undefined && this.#isPutOff() && !this.#agrees(i)) return false;
    if (this.#isParted) return true;
    const difference = stepDifference(step, this.#trace.state, this.#delivered);
    this.#deliver(input);
    this.#feed(row);
    this.#late.after(step, this.#trace.state, this.#delivered);
    if (difference !== undefined) return this.#parts(i, difference);
    const timers = timerRows(out).filter((timer) => this.#isWanted(timer, step));
    this.#show({ out: signedRows(out), timers, state: post });
    this.#isOver = out[0] === 'DecidedOutput';
    // A node that decides before it begins a round has none; the engine begins the first at once.
    if (post.s === 'No') this.#comparison.differs('unstartedSteps');
    else if (post.r >= 0) this.#firstRound ??= post.r;
    else this.#show({ out: [], timers: [], state: { ...post, r: this.#node.state.r } });
    const isCompared = this.#isOver || !this.#late.isUnsettled || this.#late.isForgetful;
    return !isCompared || this.#agrees(i);
  }

  /** Nothing is signed and nothing decided after a decision, on any trace. */
  #afterDecision({ i, in: input, out }: NodesStep): boolean {
    const row = externalInput(input, this.#node.state.r, this.#node.state.h);
    const before = this.#out.length;
    this.#feed(row);
    if (out[0] !== 'NoConsensusOutput' && out[0] !== 'ErrorOutput') this.#comparison.differs('afterDecision');
    return this.#comparison.rows('outputs', i, [], this.#out.slice(before));
  }

  /** The engine takes another step here: the node must take that one, and is left. */
  #parts(i: number, { name, engine }: StepDifference): boolean {
    this.#show(engine);
    if (!this.#agrees(i)) return false;
    if (!this.#isParted) this.#comparison.differs(name);
    this.#isParted = true;
    return true;
  }

  #show({ out, timers, state }: Shown): void {
    this.#trace = { out: [...this.#trace.out, ...out], timers: unique([...this.#trace.timers, ...timers]), state };
  }

  #isWanted(timer: Row, step: NodesStep): boolean {
    if (!isTimerBeforeLock(timer, step) || this.#timers.some((started) => sortedRows([started]) === sortedRows([timer])))
      return true;
    this.#comparison.differs('timerBeforeLock');
    return false;
  }

  /** Outputs, timers and state are those of the trace; or the node is ahead of it by a named difference, and is left. */
  #agrees(i: number): boolean {
    const { out, state } = this.#trace;
    const first = this.#firstRound ?? Number.POSITIVE_INFINITY;
    const isCompared = ([, round]: Row): boolean => Number(round) >= first;
    const trace = { out, timers: this.#trace.timers.filter(isCompared), state };
    const node = { out: this.#out, timers: unique(this.#timers).filter(isCompared), state: this.#node.state };
    const isSame =
      sortedRows(out) === sortedRows(node.out) &&
      sortedRows(trace.timers) === sortedRows(node.timers) &&
      stateText(state) === stateText(node.state);
    const ahead = isSame || state.s === 'Commit' ? undefined : aheadBy(trace, node, this.#delivered, this.#late);
    if (ahead !== undefined) {
      this.#comparison.differs(ahead);
      this.#isParted = true;
      return true;
    }
    const fresh = { out: out.length - this.#counted.out, timers: trace.timers.length - this.#counted.timers };
    this.#counted = { out: out.length, timers: trace.timers.length };
    return (
      this.#comparison.rows('outputs', i, out, node.out, fresh.out) &&
      this.#comparison.rows('timers', i, trace.timers, node.timers, fresh.timers) &&
      this.#comparison.state(i, state, node.state)
    );
  }

  #deliver([tag, first]: Row): void {
    if (tag === 'VoteDInput') this.#delivered.vote(first as RecordedVote);
    if (tag === 'CertificateDInput') this.#delivered.certificate(first as readonly RecordedVote[]);
    if (tag === 'ProposalDInput') this.#delivered.proposal(first as RecordedProposal);
  }

  #feed(row: Row | undefined): void {
    const input = row === undefined ? undefined : this.#reader.read(row, this.#node.state.h);
    if (input !== undefined) this.#take(this.#node.feed(input));
  }

  #take({ out, timers }: Played): void {
    this.#out.push(...out.filter(([tag]) => tag !== 'GetValue'));
    this.#timers.push(...timers);
  }
}

function unique(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
