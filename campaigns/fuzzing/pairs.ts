/**
 * Measures the coverage of a run in pairs: a kind of fault, and what followed at the node. The second part is the step at which the fault struck, the
 * code with which recovery stopped, or a mark that the node reached later. A lie strikes no single node, so it is paired with the marks of every honest node.
 *
 * Only events count. A planned fault that did nothing covers nothing.
 */
import { allRoleNames } from '../../actors/byzantine/index.ts';
import type { RunEvent } from '../../core/events.ts';
import { ScenarioError } from '../../scenarios/error.ts';
import { faultKinds } from '../../scenarios/faults.ts';
import { liesOf } from '../../scenarios/lies.ts';
import { MarkCounter, marksOf } from '../../scenarios/marks.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { momentOf } from '../../scenarios/moments.ts';
import { protocolNamed } from '../../scenarios/protocols.ts';
import { didYouMean } from '../../scenarios/spelling.ts';
import { whyImpossible } from './impossible-pairs.ts';

/** The kinds of faults that a pair can name. A `rule` on messages is not among them, because it is never drawn. */
export const struckKinds: readonly string[] = Object.keys(faultKinds).filter((kind) => kind !== 'rule');

/** How a recovery can end instead of going on: the code of the stop, and its name in a pair. */
const stops: Readonly<Record<string, string>> = {
  GONE: 'recovery.gone',
  NOT_INITIALIZED: 'recovery.gone',
  FOREIGN: 'recovery.foreign',
  CORRUPT: 'recovery.corrupt',
};

const stepsOf: Readonly<Record<string, readonly string[]>> = {
  tendermint: ['step.recovery', 'step.propose', 'step.prevote', 'step.precommit', 'step.decided'],
  raft: ['step.recovery', 'step.following', 'step.leading'],
};

/** The step of a node after this moment. */
function stepAfter(name: string, detail: Readonly<Record<string, unknown>>, before: string): string {
  switch (name) {
    case 'restart':
      return 'step.recovery';
    case 'round.start':
      return 'step.propose';
    case 'vote.cast':
      return detail['type'] === 'prevote' || detail['type'] === 'precommit' ? `step.${detail['type']}` : before;
    case 'decided':
      return 'step.decided';
    case 'recovered':
      return before === 'step.recovery' ? 'step.following' : before;
    case 'elected':
      return 'step.leading';
    default:
      return before;
  }
}

/** All pairs that runs of this protocol can come to, in a fixed order. A protocol that does not ship has only the pairs of any node. */
export function pairsOf(protocol: string | undefined): readonly string[] {
  const { name } = protocolNamed(protocol);
  const marks = marksOf(protocol);
  const places = [...(stepsOf[name] ?? ['step.recovery']), ...new Set(Object.values(stops)), ...marks];
  const struck = struckKinds.flatMap((kind) => places.map((place) => `${kind}+${place}`));
  // A lie reaches the consensus of a node, and not its log.
  const heard = marks.filter((mark) => mark.startsWith('tendermint.'));
  const lies = allRoleNames.flatMap((role) => heard.map((mark) => `${role}+${mark}`));
  return [...struck, ...lies].filter((pair) => whyImpossible(pair, name) === undefined);
}

/** The pairs with these names; the name `pairs` means all. Throws `ScenarioError` for a pair that no run of this protocol can come to. */
export function pairsNamed(names: readonly string[], protocol: string | undefined): readonly string[] {
  const possible = pairsOf(protocol);
  return names.flatMap((name) => {
    if (name === 'pairs') return possible;
    if (possible.includes(name)) return [name];
    const why = whyImpossible(name, protocolNamed(protocol).name);
    if (why !== undefined) throw new ScenarioError(`no run comes to '${name}': ${why}`);
    throw new ScenarioError(
      `no pair of a fault and a mark is called '${name}'${didYouMean(name, possible)}; write such as 'crash+wal.torn-tail-cut'`,
    );
  });
}

interface Place {
  step: string;
  /** The kinds of faults that have struck this node. */
  readonly struck: Set<string>;
}

/** Collects the pairs of one run from its events. */
export class PairCounter {
  readonly #pairs = new Set<string>();
  readonly #places = new Map<string, Place>();
  readonly #lies: readonly string[];
  readonly #liars: ReadonlySet<string>;
  readonly #marks: MarkCounter;
  readonly #possible: ReadonlySet<string>;

  /** `possible`: the pairs of the protocol, from `pairsOf`. */
  constructor({ byzantine, protocol }: ScenarioData, possible: ReadonlySet<string>) {
    this.#lies = Object.values(byzantine).flatMap((lies) => liesOf(lies).map(({ role }) => role));
    this.#liars = new Set(Object.keys(byzantine));
    this.#possible = possible;
    this.#marks = new MarkCounter(protocol, (mark, node) => this.#reached(mark, node));
  }

  /** The pairs that the run came to, sorted. */
  get pairs(): readonly string[] {
    return [...this.#pairs].filter((pair) => this.#possible.has(pair)).sort();
  }

  count(event: RunEvent): void {
    for (const [kind, node] of strikesOf(event)) {
      const place = this.#place(node);
      place.struck.add(kind);
      if (!this.#liars.has(node)) this.#pairs.add(`${kind}+${place.step}`);
    }
    if (event.type === 'stopped' && event.code !== undefined) this.#stopped(stops[event.code], event.node);
    this.#marks.count(event);
    const moment = momentOf(event);
    if (moment === undefined) return;
    const place = this.#place(moment.node);
    place.step = stepAfter(moment.name, moment.detail, place.step);
  }

  #stopped(place: string | undefined, node: string): void {
    if (place !== undefined) this.#reached(place, node);
  }

  #reached(place: string, node: string): void {
    if (this.#liars.has(node)) return;
    for (const kind of this.#place(node).struck) this.#pairs.add(`${kind}+${place}`);
    for (const role of this.#lies) this.#pairs.add(`${role}+${place}`);
  }

  #place(node: string): Place {
    const known = this.#places.get(node);
    if (known !== undefined) return known;
    const place: Place = { step: 'step.recovery', struck: new Set() };
    this.#places.set(node, place);
    return place;
  }
}

/** The kinds of faults that strike in this event, each with the node that it strikes. */
function strikesOf(event: RunEvent): readonly (readonly [kind: string, node: string])[] {
  switch (event.type) {
    case 'death':
      return [[event.kind === 'power' ? 'crash' : 'kill', event.node]];
    case 'lost': {
      const kind = { partition: 'partition', loss: 'weather', intercepted: 'message' }[event.reason];
      return kind === undefined ? [] : [[kind, event.to]];
    }
    case 'fault': {
      if (event.kind === 'corrupted') return [['weather', String(event.detail['to'])]];
      const kind = event.kind === 'paused' ? 'pause' : event.kind;
      return Object.hasOwn(faultKinds, kind) ? [[kind, event.node]] : [];
    }
    default:
      return [];
  }
}
