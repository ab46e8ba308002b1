/** Watches a run for the page: what each node has in memory. */
import type { Observer, RunEvent } from '../../../core/events.ts';
import { dataWords } from '../../../scenarios/trace-text.ts';

interface Shell {
  readonly mode: string;
  readonly inner: Readonly<Record<string, unknown>>;
  readonly position?: { readonly height: number; readonly round: number };
  readonly ledger: { readonly timers: readonly { readonly timer: string; readonly delay: number }[] };
  readonly gate: { readonly held: readonly { readonly output: { readonly data?: object } }[] };
}

/** The part of Tendermint's vote keeper that is needed to find a node's own votes. */
interface Tally {
  readonly votes: VoteList | undefined;
}

interface VoteList {
  readonly vote: { readonly validator: string };
  readonly older: VoteList | undefined;
}

interface Keeper {
  readonly rounds: readonly { readonly prevote: Tally; readonly precommit: Tally }[];
}

export interface Seen {
  readonly event: number;
  readonly node: string;
  readonly fields: Readonly<Record<string, string>>;
}

export class PageMonitor {
  readonly seen: Seen[] = [];
  readonly #states = new Map<string, unknown>();
  readonly #texts = new Map<string, string>();
  #last = '';

  /** A listener of one world. */
  observe(event: RunEvent, observer: Observer): void {
    for (const node of new Set([this.#last, event.node])) if (node !== '') this.#look(event.index, node, observer);
    this.#last = event.node;
  }

  #look(event: number, node: string, observer: Observer): void {
    const shell = observer.actorState(node, 'consensus') as Shell | undefined;
    if (this.#states.has(node) && this.#states.get(node) === shell) return;
    this.#states.set(node, shell);
    const fields: Readonly<Record<string, string>> =
      shell === undefined ? { node: 'down: nothing is in memory' } : fieldsOf(shell);
    const text = JSON.stringify(fields);
    if (text === this.#texts.get(node)) return;
    this.#texts.set(node, text);
    this.seen.push({ event, node, fields });
  }
}

function fieldsOf({ mode, inner, position, ledger, gate }: Shell): Readonly<Record<string, string>> {
  const core = (inner['core'] ?? inner) as Readonly<Record<string, unknown>>;
  const timers = ledger.timers.map(({ timer }) => timer.replace(/\/.*/, '')).join(', ');
  const told: Record<string, string> = { mode };
  if (position !== undefined) told['height'] = String(position.height);
  if (position !== undefined) told['round'] = String(position.round);
  for (const key of ['step', 'role', 'term', 'votedFor', 'commit'] as const)
    if (typeof core[key] === 'string' || typeof core[key] === 'number') told[key] = String(core[key]);
  for (const key of ['locked', 'valid'] as const)
    if (key in core) {
      const held = core[key] as { readonly round: number; readonly value: string } | undefined;
      told[key] = held === undefined ? '-' : `${held.value} (round ${held.round})`;
    }
  if (Array.isArray(core['log'])) told['entries'] = String(core['log'].length);
  const { lastIndex = 0 } = (core['snapshot'] ?? {}) as { readonly lastIndex?: number };
  if (lastIndex > 0) told['snapshot'] = `up to entry ${lastIndex}`;
  if (typeof core['self'] === 'string' && 'keeper' in core) {
    const votes = ownVotes(core['keeper'] as Keeper, core['self']);
    told['own votes'] = votes.length === 0 ? '-' : votes.map(dataWords).join(', ');
  }
  told['timers'] = timers === '' ? '-' : timers;
  const waiting = gate.held.map(({ output: { data } }) => (data === undefined ? 'a decision' : dataWords(data)));
  told['waiting for the disk'] = waiting.length === 0 ? '-' : waiting.join(', ');
  return told;
}

/** The votes of a node that it has counted itself, in the order of rounds. */
function ownVotes({ rounds }: Keeper, self: string): readonly object[] {
  const found: object[] = [];
  for (const { prevote, precommit } of rounds)
    for (const tally of [prevote, precommit])
      for (let list = tally.votes; list !== undefined; list = list.older) if (list.vote.validator === self) found.push(list.vote);
  return found;
}
