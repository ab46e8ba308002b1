/**
 * The network of one run: its links, the present partitions and rules, and how often each message was sent. (The draws for a second sending differ from
 * those for the first.)
 */
import type { ChoiceSource } from '../core/choice.ts';
import { mix, textDigest } from '../core/digest.ts';
import { ForkingMap } from '../core/forking-map.ts';
import { type Fate, type Interception, intercepted } from './interception.ts';
import type { LinkRule, NetworkPlan } from './link.ts';
import { isCut, type Partition } from './partition.ts';

/** What happens to one message: a delay in microseconds for each copy that arrives. If it is lost there is none, and `lost` is the reason. */
export interface Route {
  readonly delays: readonly number[];
  readonly lost?: string;
  /** Set if the message arrives damaged: the subject of the draws that choose the damage. */
  readonly corrupt?: number;
}

/** A rule for every message that matches, in force until it is healed. */
export interface MessageRule {
  readonly id: string;
  /** The senders and receivers; undefined means all. */
  readonly from: readonly string[] | undefined;
  readonly to: readonly string[] | undefined;
  /** Which messages match; a pure function of the data. */
  readonly matches: (data: object) => boolean;
  readonly fate: Fate | { readonly type: 'damaged' };
  /** Whether a message has matched so far. */
  readonly isMet: boolean;
}

/** An earlier sending of the same message is forgotten after this many microseconds. */
const memory = 20_000_000;

/** The network of a run. `route` says when a message arrives, how often, or why not. A fork has the same rules and the same future. */
export class Network {
  readonly plan: NetworkPlan;
  #partitions: readonly Partition[] = [];
  /** Link rules that replace all others for a while (`weather`), the newest first. */
  #weather: readonly { readonly id: string; readonly link: LinkRule }[] = [];
  #interceptions: readonly Interception[] = [];
  #rules: readonly MessageRule[] = [];
  /** Rules that ended before any message matched. */
  #unmet: readonly string[] = [];
  #constants = new ForkingMap<string, Route>();
  #recent = new ForkingMap<number, number>();
  #older = new ForkingMap<number, number>();
  #turned = 0;

  constructor(plan: NetworkPlan) {
    this.plan = plan;
  }

  get partitions(): readonly Partition[] {
    return this.#partitions;
  }

  /** The faults of single messages that have not struck yet. */
  get interceptions(): readonly Interception[] {
    return this.#interceptions;
  }

  cut(partition: Partition): void {
    this.#partitions = [...this.#partitions.filter(({ id }) => id !== partition.id), partition];
    this.#constants = new ForkingMap();
  }

  /** Applies this rule to all links until it is healed. */
  degrade(id: string, link: LinkRule): void {
    this.#weather = [{ id, link }, ...this.#weather.filter((other) => other.id !== id)];
    this.#constants = new ForkingMap();
  }

  /** Adds a fault of a single message. */
  intercept(interception: Interception): void {
    this.#interceptions = [...this.#interceptions, interception];
  }

  addRule(rule: MessageRule): void {
    this.#rules = [...this.#rules.filter(({ id }) => id !== rule.id), rule];
  }

  /** The rules that no message has matched, including those that have ended. */
  get unmetRules(): readonly string[] {
    return [...this.#unmet, ...this.#rules.filter(({ isMet }) => !isMet).map(({ id }) => id)];
  }

  /** Ends the partition, link rule, message rule or single-message fault with this id. */
  heal(id: string): void {
    const ended = this.#rules.filter((rule) => rule.id === id);
    this.#rules = this.#rules.filter((rule) => rule.id !== id);
    this.#unmet = [...this.#unmet, ...ended.filter(({ isMet }) => !isMet).map((rule) => rule.id)];
    this.#interceptions = this.#interceptions.filter((other) => other.id !== id);
    this.#partitions = this.#partitions.filter((partition) => partition.id !== id);
    this.#weather = this.#weather.filter((other) => other.id !== id);
    this.#constants = new ForkingMap();
  }

  /** Says what happens to a message that is sent now. `digest` is the digest of `data`, and `time` is in microseconds. */
  route(from: string, to: string, data: object, digest: number, time: number, choices: ChoiceSource): Route {
    const route = this.#usualRoute(from, to, digest, time, choices);
    if (this.#interceptions.length === 0 && this.#rules.length === 0) return route;
    const { waiting, fate = this.#ruled(from, to, data) } = intercepted(this.#interceptions, from, to, data);
    this.#interceptions = waiting;
    if (fate === undefined || route.lost !== undefined) return route;
    switch (fate.type) {
      case 'lost':
        return { delays: [], lost: 'intercepted' };
      case 'at':
        return { ...route, delays: [fate.delay] };
      case 'twice':
        return { ...route, delays: [...route.delays, ...route.delays] };
      case 'damaged':
        return { ...route, corrupt: mix(digest, textDigest(`${from}->${to}`)) };
    }
  }

  /** The fate of a message by the first rule that matches it, if any. */
  #ruled(from: string, to: string, data: object): MessageRule['fate'] | undefined {
    const place = this.#rules.findIndex(
      (rule) => rule.from?.includes(from) !== false && rule.to?.includes(to) !== false && rule.matches(data),
    );
    const rule = this.#rules[place];
    if (rule?.isMet === false) this.#rules = this.#rules.with(place, { ...rule, isMet: true });
    return rule?.fate;
  }

  #usualRoute(from: string, to: string, digest: number, time: number, choices: ChoiceSource): Route {
    const link = `${from}->${to}`;
    const known = this.#constants.get(link);
    if (known !== undefined) return known;
    if (this.#partitions.some((partition) => isCut(partition, from, to))) return { delays: [], lost: 'partition' };
    const rule = this.#weather[0]?.link ?? this.plan.links[link] ?? this.plan.link;
    if (isConstant(rule) && this.plan.gst === undefined) {
      const route: Route = { delays: [rule.delay[0] ?? 0] };
      this.#constants.set(link, route);
      return route;
    }
    const subject = mix(mix(textDigest(link), digest), this.#sending(mix(textDigest(link), digest), time));
    return this.#draw(rule, subject, time, choices);
  }

  fork(): Network {
    const copy = new Network(this.plan);
    copy.#partitions = this.#partitions;
    copy.#weather = this.#weather;
    copy.#interceptions = this.#interceptions;
    copy.#rules = this.#rules;
    copy.#unmet = this.#unmet;
    copy.#constants = this.#constants.fork();
    copy.#recent = this.#recent.fork();
    copy.#older = this.#older.fork();
    copy.#turned = this.#turned;
    return copy;
  }

  /**
   * The part of the network that can still influence the future, as plain data. Times are relative to `now` (microseconds). It includes how often messages
   * were sent, because the draws for the next sending depend on that.
   */
  present(now: number): object {
    const hasSent = this.#recent.size + this.#older.size > 0;
    return {
      partitions: this.#partitions,
      weather: this.#weather,
      // The function `matches` is determined by the fault that `id` names.
      interceptions: this.#interceptions.map(({ matches: _matches, ...interception }) => interception),
      rules: this.#rules.map(({ matches: _matches, ...rule }) => rule),
      unsettled: Math.max(0, (this.plan.gst?.time ?? 0) - now),
      sent: hasSent ? [this.#recent.snapshot(), this.#older.snapshot(), now - this.#turned] : undefined,
    };
  }

  #draw(rule: LinkRule, subject: number, time: number, choices: ChoiceSource): Route {
    const gst = this.plan.gst;
    const settled = gst !== undefined && time >= gst.time;
    if (!settled && happens(rule.lossPerMille, 'network.loss', subject, choices)) return { delays: [], lost: 'loss' };
    const bound = settled ? gst.bound : Number.MAX_SAFE_INTEGER;
    let delay = drawDelay(rule, subject, choices);
    if (happens(rule.reorderPerMille, 'network.reorder', subject, choices))
      delay *= 2 + choices.choose(3, 'network.held', subject);
    const delays = [Math.min(delay, bound)];
    if (happens(rule.duplicatePerMille, 'network.duplicate', subject, choices)) {
      delays.push(Math.min(drawDelay(rule, mix(subject, 1), choices), bound));
    }
    return !settled && happens(rule.corruptPerMille, 'network.corrupt', subject, choices)
      ? { delays, corrupt: subject }
      : { delays };
  }

  #sending(key: number, time: number): number {
    if (time - this.#turned > memory) {
      this.#older = this.#recent;
      this.#recent = new ForkingMap();
      this.#turned = time;
    }
    const count = (this.#recent.get(key) ?? this.#older.get(key) ?? 0) + 1;
    this.#recent.set(key, count);
    return count;
  }
}

function isConstant(rule: LinkRule): boolean {
  return (
    rule.delay.length === 1 &&
    rule.lossPerMille === 0 &&
    rule.duplicatePerMille === 0 &&
    rule.reorderPerMille === 0 &&
    rule.corruptPerMille === 0
  );
}

function happens(perMille: number, label: string, subject: number, choices: ChoiceSource): boolean {
  return perMille > 0 && choices.choose(1000, label, subject) < perMille;
}

function drawDelay({ delay }: LinkRule, subject: number, choices: ChoiceSource): number {
  const [first = 0, second] = delay;
  if (second === undefined) return first;
  if (delay.length === 2) return first + choices.choose(second - first + 1, 'network.delay', subject);
  return delay[choices.choose(delay.length, 'network.delay', subject)] ?? first;
}
