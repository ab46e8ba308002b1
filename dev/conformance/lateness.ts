/** In what the specification's node is late in its present round, by the steps of the trace alone. */
import type { Delivered } from './delivered.ts';
import type { RecordedVote } from './keeper-cases.ts';
import type { NodesStep } from './nodes-inputs.ts';
import type { RecordedState, Row } from './verdict.ts';

export class Lateness {
  /** A step change or an input that was put aside is still to come. */
  #isUnsettled = false;
  /** The round was entered without a step change: what is stored for it waits. */
  #isUnannounced = false;
  /** A step change found a proposal, and looked for no polka beside it. */
  #hasLookedAway = false;
  /** An invalid proposal of this round came before it, and was not kept. */
  #hasForgotten = false;
  #isEntered = false;
  /** Votes or a certificate of a later round came in a way that does not skip. */
  #hasLater = false;

  begin({ preload }: NodesStep): void {
    this.#isUnsettled = false;
    this.#isUnannounced = false;
    this.#hasLookedAway = false;
    this.#hasForgotten = false;
    this.#hasLater = (preload?.votes.length ?? 0) + (preload?.certs.length ?? 0) > 0;
  }

  /** `before`: the state of the trace before the step. */
  after({ in: [tag, first], post, stepChange, pending }: NodesStep, before: RecordedState, delivered: Delivered): void {
    this.#isEntered = post.r !== before.r;
    if (this.#isEntered) {
      this.#isUnannounced = stepChange === undefined;
      this.#hasLookedAway = false;
      this.#hasForgotten = delivered.isProposed(post.r, 'invalid');
    }
    if (tag === 'StepChangeDInput' && post.s === 'Prevote' && delivered.isProposed(post.r)) this.#hasLookedAway = true;
    if (tag === 'CertificateDInput' && (first as readonly RecordedVote[]).some(({ t, r }) => t === 'Prevote' && r > post.r))
      this.#hasLater = true;
    this.#isUnsettled = stepChange !== undefined || pending !== undefined || post.s === 'No';
  }

  /** A round is entered in which the node acts on a proposal that the trace has not kept: the trace may go on to another one. */
  get isForgetful(): boolean {
    return this.#isEntered && this.#hasForgotten;
  }

  get isUnsettled(): boolean {
    return this.#isUnsettled;
  }

  /** What is stored for the round is looked at later, or not at all. */
  get isBehind(): boolean {
    return this.#isUnsettled || this.#isUnannounced;
  }

  get skips(): boolean {
    return this.#isUnsettled || this.#hasLater;
  }

  votes([tag, , value]: Row): boolean {
    if (this.isBehind) return true;
    return value === null && (tag === 'Prevote' ? this.#hasForgotten : this.#hasLookedAway);
  }

  starts([kind]: Row): boolean {
    return this.isBehind || (kind === 'Prevote' && this.#hasLookedAway);
  }
}
