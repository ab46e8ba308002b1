/** Watches a run for the page: what each node has in memory, and which bytes of its files are left when it comes back. */
import type { Monitor, Observer, Property, RunEvent } from '../../../core/events.ts';

interface Shell {
  readonly mode: string;
  readonly inner: Readonly<Record<string, unknown>>;
  readonly position?: { readonly height: number; readonly round: number };
  readonly ledger: { readonly timers: readonly { readonly timer: string; readonly delay: number }[] };
  readonly gate: { readonly held: readonly unknown[] };
}

export interface Seen {
  readonly event: number;
  readonly node: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The lengths of a node's files when it came back. */
export interface Left {
  readonly event: number;
  readonly node: string;
  readonly lengths: ReadonlyMap<string, number>;
}

export class PageMonitor {
  readonly seen: Seen[] = [];
  readonly left: Left[] = [];
  readonly #states = new Map<string, unknown>();
  readonly #texts = new Map<string, string>();
  #last = '';

  readonly property: Property = {
    name: 'page',
    says: 'watches, and never fails',
    monitor: (): Monitor => {
      const monitor: Monitor = {
        observe: (event, observer) => this.#observe(event, observer),
        finish: () => ({ verdict: 'held', violations: [] }),
        fork: () => monitor,
        digest: () => 0,
      };
      return monitor;
    },
  };

  #observe(event: RunEvent, observer: Observer): void {
    for (const node of new Set([this.#last, event.node])) if (node !== '') this.#look(event.index, node, observer);
    this.#last = event.node;
    if (event.type !== 'restart') return;
    const lengths = new Map<string, number>();
    for (const folder of ['wal', 'blocks', ''])
      for (const name of observer.fileNames(event.node, folder)) {
        const file = folder === '' ? name : `${folder}/${name}`;
        lengths.set(file, observer.fileLength(event.node, file));
      }
    this.left.push({ event: event.index, node: event.node, lengths });
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
  told['timers'] = timers === '' ? '-' : timers;
  told['waiting for the disk'] = gate.held.length === 0 ? '-' : `${gate.held.length} message${gate.held.length === 1 ? '' : 's'}`;
  return told;
}
