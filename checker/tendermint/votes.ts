/** Properties of votes: no equivocation, justified votes, and the discipline of the lock. */

import type { Proposal, Vote } from '../../actors/tendermint/types.ts';
import { digestOfAll } from '../../core/digest.ts';
import type { Monitor, Observer, Property, RunEvent, Setting, Watched } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { decisionIn, Judge, type Signed, signedIn, text, whereDecided, whereSigned } from './signed.ts';

/** What is remembered of a height while some node may still vote at it. */
type Records<Value> = Map<number, ForkingMap<string, Value>>;

/** Forgets the heights below all that nodes may still vote at. */
class Heights {
  #decided = new ForkingMap<string, number>();
  #lowest = 0;

  get decided(): ReadonlyMap<string, number> {
    return this.#decided.view;
  }

  get lowest(): number {
    return this.#lowest;
  }

  /** The lowest height that is still of interest. */
  floor(event: RunEvent, nodes: readonly string[]): number {
    const seen = decisionIn(event);
    if (seen !== undefined) this.#decided.set(seen.node, Math.max(seen.decision.height, this.#decided.get(seen.node) ?? 0));
    this.#lowest = Math.min(...nodes.map((node) => this.#decided.get(node) ?? 0));
    return this.#lowest;
  }
  fork(): Heights {
    const copy = new Heights();
    copy.#decided = this.#decided.fork();
    copy.#lowest = this.#lowest;
    return copy;
  }
}

abstract class HeightJudge<Value> extends Judge {
  get watches(): readonly Watched[] {
    return [...whereSigned, ...whereDecided];
  }
  protected records: Records<Value> = new Map();
  protected heights = new Heights();

  observe(event: RunEvent, observer: Observer): void {
    const signed = signedIn(event);
    // Of a height that all have left behind nothing is remembered, and nothing is judged.
    if (signed !== undefined && signed.message.height >= this.heights.lowest) this.judge(signed, observer);
    if (event.type === 'effect' && event.effect.type === 'host.decide') {
      const floor = this.heights.floor(event, observer.nodes);
      for (const height of this.records.keys()) if (height < floor) this.records.delete(height);
    }
  }
  protected abstract judge(signed: Signed, observer: Observer): void;

  protected recall(height: number, key: string): Value | undefined {
    return this.records.get(height)?.get(key);
  }
  protected remember(height: number, key: string, value: Value): void {
    const ofHeight = this.records.get(height);
    if (ofHeight === undefined) this.records.set(height, new ForkingMap(new Map([[key, value]])));
    else if (ofHeight.get(key) !== value) ofHeight.set(key, value);
  }
  protected copyRecords<Copy extends HeightJudge<Value>>(copy: Copy): Copy {
    copy.records = new Map();
    for (const [height, ofHeight] of this.records) copy.records.set(height, ofHeight.fork());
    copy.heights = this.heights.fork();
    return this.copyInto(copy);
  }
  digest(): number {
    return digestOfAll(this.words, this.records, this.heights.decided);
  }
}

function kindOf(message: Vote | Proposal): string {
  return message.type === 'vote' ? message.voteType : 'proposal';
}

/** Over all lives at most one signed message of a node leaves it per height, round and type. */
class NoEquivocation extends HeightJudge<string> {
  readonly unexercised = 'nobody voted';

  protected judge({ node, message, hasLeft, event }: Signed, observer: Observer): void {
    if (!hasLeft || observer.isFaulty(node)) return;
    this.exercised += 1;
    const { height, round } = message;
    const key = `${node} ${round} ${kindOf(message)}`;
    const now = text(message);
    const before = this.recall(height, key);
    if (before === undefined) this.remember(height, key, now);
    else if (before !== now) {
      const where = `at height ${height}, round ${round}`;
      this.violated({ message: `${node} sent ${before} and then ${now} ${where}`, event, nodes: [node], height });
    }
  }
  fork(): Monitor {
    return this.copyRecords(new NoEquivocation());
  }
}

/** Signed prevotes and proposals of all nodes, for rules that ask what was justified. */
abstract class PolkaJudge extends HeightJudge<number | string> {
  protected readonly setting: Setting;

  constructor(setting: Setting) {
    super();
    this.setting = setting;
  }
  protected note({ node, message }: Signed): void {
    const { height, round, value } = message;
    if (message.type === 'proposal') {
      this.remember(height, `proposed ${value}`, 1);
      return;
    }
    if (message.voteType !== 'prevote') return;
    const once = `counted ${round} ${value} ${node}`;
    if (this.recall(height, once) !== undefined) return;
    this.remember(height, once, 1);
    const key = `polka ${round} ${value}`;
    const power = this.setting.powers(height).get(node) ?? 0;
    this.remember(height, key, Number(this.recall(height, key) ?? 0) + power);
  }
  protected hasPolka(height: number, round: number, value: string): boolean {
    const total = [...this.setting.powers(height).values()].reduce((sum, power) => sum + power, 0);
    return 3 * Number(this.recall(height, `polka ${round} ${value}`) ?? 0) > 2 * total;
  }
}

/** A prevote for a value only after a proposal of it, a precommit only after its polka, among all messages ever signed. */
class JustifiedVote extends PolkaJudge {
  readonly unexercised = 'nobody voted for a value';

  protected judge(signed: Signed, observer: Observer): void {
    const { node, message, event } = signed;
    this.note(signed);
    if (message.type !== 'vote' || message.value === null || observer.isFaulty(node)) return;
    this.exercised += 1;
    const { height, round, value, voteType } = message;
    const isJustified =
      voteType === 'prevote' ? this.recall(height, `proposed ${value}`) !== undefined : this.hasPolka(height, round, value);
    if (isJustified) return;
    const lacks = voteType === 'prevote' ? 'nobody had proposed it' : 'there was no polka for it in that round';
    this.violated({
      message: `${node} signed ${text(message)} at height ${height}, round ${round}, and ${lacks}`,
      event,
      nodes: [node],
      height,
    });
  }
  fork(): Monitor {
    return this.copyRecords(new JustifiedVote(this.setting));
  }
}

/** No prevote against a node's lock (its newest precommit for a value) without a newer polka. */
class LockDiscipline extends PolkaJudge {
  readonly unexercised = 'nobody was locked and voted again';

  protected judge(signed: Signed, observer: Observer): void {
    const { node, message, event, hasLeft } = signed;
    this.note(signed);
    if (message.type !== 'vote' || message.value === null || observer.isFaulty(node)) return;
    const { height, round, value, voteType } = message;
    const lock = this.recall(height, `lock ${node}`);
    if (voteType === 'precommit') {
      const lockedRound = typeof lock === 'string' ? Number(lock.slice(0, lock.indexOf(' '))) : -1;
      if (hasLeft && round > lockedRound) this.remember(height, `lock ${node}`, `${round} ${value}`);
      return;
    }
    if (typeof lock !== 'string') return;
    const space = lock.indexOf(' ');
    const lockedRound = Number(lock.slice(0, space));
    if (round <= lockedRound) return;
    this.exercised += 1;
    if (lock.slice(space + 1) === value) return;
    for (let newer = lockedRound; newer < round; newer += 1) if (this.hasPolka(height, newer, value)) return;
    const against = `it was locked on ${lock.slice(space + 1)} since round ${lockedRound}`;
    this.violated({
      message: `${node} signed ${text(message)} at height ${height}, round ${round}; ${against}`,
      event,
      nodes: [node],
      height,
    });
  }
  fork(): Monitor {
    return this.copyRecords(new LockDiscipline(this.setting));
  }
}

export const voteProperties: readonly Property[] = [
  {
    name: 'no-equivocation',
    says: 'over all lives at most one signed message of a node leaves it per height, round and type',
    hint: 'a vote must be durable before it is published, and must be read back before the node votes again',
    monitor: () => new NoEquivocation(),
  },
  {
    name: 'justified-vote',
    says: 'a prevote for a value only after a proposal of it, a precommit only after a polka',
    hint: 'a vote for a value needs the proposal, and a precommit the polka of its own round',
    monitor: (setting) => new JustifiedVote(setting),
  },
  {
    name: 'lock-discipline',
    says: "no prevote against the node's lock without a newer polka",
    hint: 'the lock is part of what replay must restore; log every input that can set or release it',
    monitor: (setting) => new LockDiscipline(setting),
  },
];
