/** Properties of what is decided: agreement, validity, integrity of decisions, and the commit certificate. */
import { digestOfAll } from '../../core/digest.ts';
import type { Monitor, Observer, Property, RunEvent, Setting, Watched } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { integrity } from './integrity.ts';
import type { DecisionSeen } from './signed.ts';
import { decisionIn, Judge, signedIn, whereDecided, whereSigned } from './signed.ts';

/** No two correct nodes decide differently at a height, in any life. */
class Agreement extends Judge {
  get watches(): readonly Watched[] {
    return whereDecided;
  }
  readonly unexercised = 'nobody decided';
  #decided = new ForkingMap<number, { readonly node: string; readonly value: string }>();

  observe(event: RunEvent, observer: Observer): void {
    const seen = decisionIn(event);
    if (seen === undefined || observer.isFaulty(seen.node)) return;
    const { height, value } = seen.decision;
    this.exercised += 1;
    const first = this.#decided.get(height);
    if (first === undefined) {
      this.#decided.set(height, { node: seen.node, value });
      if (this.#decided.size > 4096) this.#decided.delete(this.#decided.keys().next().value ?? 0);
    } else if (first.value !== value) {
      const message = `at height ${height} ${first.node} decided ${first.value} and ${seen.node} decided ${value}`;
      this.violated({ message, event: seen.event, nodes: [first.node, seen.node], height });
    }
  }
  fork(): Monitor {
    const copy = this.copyInto(new Agreement());
    copy.#decided = this.#decided.fork();
    return copy;
  }
  digest(): number {
    return digestOfAll(this.words, this.#decided);
  }
}

/** A decided value was proposed by somebody and is valid; its certificate names a quorum, and each of it has signed that precommit. */
class Decided extends Judge {
  get watches(): readonly Watched[] {
    return [...whereSigned, ...whereDecided];
  }
  readonly unexercised = 'nobody decided';
  readonly #setting: Setting;
  readonly #judge: 'validity' | 'certificate';
  /** Signed so far, by height: proposed values, and `round value validator` of precommits. */
  #signed = new ForkingMap<number, ReadonlySet<string>>();

  constructor(setting: Setting, judge: 'validity' | 'certificate') {
    super();
    this.#setting = setting;
    this.#judge = judge;
  }
  observe(event: RunEvent): void {
    const signed = signedIn(event);
    if (signed !== undefined) {
      const { message, node } = signed;
      if (this.#judge === 'validity' && message.type === 'proposal') this.#note(message.height, message.value);
      else if (this.#judge === 'certificate' && message.type === 'vote' && message.voteType === 'precommit')
        this.#note(message.height, `${message.round} ${message.value} ${node}`);
    }
    const seen = decisionIn(event);
    if (seen === undefined) return;
    this.exercised += 1;
    const complaint = this.#judge === 'validity' ? this.#invalid(seen) : this.#uncertified(seen);
    if (complaint === undefined) return;
    const { height } = seen.decision;
    this.violated({
      message: `${seen.node} decided ${seen.decision.value} at height ${height}: ${complaint}`,
      event: seen.event,
      nodes: [seen.node],
      height,
    });
  }
  #note(height: number, entry: string): void {
    // It is signed when it is framed, and told again when it leaves.
    const before = this.#signed.get(height);
    if (before?.has(entry) === true) return;
    this.#signed.set(height, new Set(before).add(entry));
    if (this.#signed.size > 256) this.#signed.delete(this.#signed.keys().next().value ?? 0);
  }
  #invalid({ decision: { height, value } }: DecisionSeen): string | undefined {
    if (value.startsWith('invalid')) return 'the value is invalid';
    return this.#signed.get(height)?.has(value) === true ? undefined : 'nobody proposed it';
  }
  #uncertified({ decision: { height, round, value, votes } }: DecisionSeen): string | undefined {
    const powers = this.#setting.powers(height);
    const signers = new Set(votes.map(([validator]) => validator));
    const power = [...signers].reduce((sum, validator) => sum + (powers.get(validator) ?? 0), 0);
    const total = [...powers.values()].reduce((sum, one) => sum + one, 0);
    if (3 * power <= 2 * total) return `its certificate carries power ${power} of ${total}, which is no quorum`;
    const forged = [...signers].find((validator) => this.#signed.get(height)?.has(`${round} ${value} ${validator}`) !== true);
    return forged === undefined ? undefined : `its certificate names ${forged}, which never signed that precommit`;
  }
  fork(): Monitor {
    const copy = this.copyInto(new Decided(this.#setting, this.#judge));
    copy.#signed = this.#signed.fork();
    return copy;
  }
  digest(): number {
    return digestOfAll(this.words, this.#signed);
  }
}

export const decisionProperties: readonly Property[] = [
  {
    name: 'agreement',
    says: 'no two correct nodes decide differently at a height, in any life',
    hint: 'look for a vote that was forgotten, or for faulty power of a third or more',
    monitor: () => new Agreement(),
  },
  {
    name: 'validity',
    says: 'a decided value was proposed, and is valid',
    hint: 'a value must be judged by the application before it is voted for',
    monitor: (setting) => new Decided(setting, 'validity'),
  },
  integrity,
  {
    name: 'certificate',
    says: 'each commit certificate carries a quorum of precommits that were signed',
    hint: 'a commit certificate counts each validator once, with the power it has at that height',
    monitor: (setting) => new Decided(setting, 'certificate'),
  },
];
