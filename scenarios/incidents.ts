/**
 * Lists the incidents of a run, with their reasons. An incident is a node that stopped, that follows without voting, that started with an empty store, or that
 * cannot catch up. (Its peers have pruned the blocks that it needs.) Only events are used.
 */
import type { RunEvent } from '../core/events.ts';
import { momentOf } from './moments.ts';

export interface Incident {
  readonly node: string;
  readonly kind: 'stopped' | 'abstains' | 'began anew' | 'cannot catch up' | 'left behind';
  /** For programs; an actor that threw has none. */
  readonly code?: string;
  /** For people. */
  readonly reason: string;
  /** Milliseconds. */
  readonly time: number;
  /** Whether the incident is over: the node was started again, votes again, or has caught up. */
  readonly isOver: boolean;
}

export class IncidentCounter {
  #incidents: readonly Incident[] = [];
  /** By node that asked for a block that a peer has pruned, and has not decided that height since. */
  readonly #pruned = new Map<string, { time: number; height: number; peer: string; oldest: number }>();
  /** By node that abstains: the first height without its votes. */
  readonly #from = new Map<string, unknown>();

  get incidents(): readonly Incident[] {
    const behind = [...this.#pruned].map(([node, { time, height, peer, oldest }]): Incident => {
      const reason = `it needs block ${height}, and its peers have pruned it: the oldest block that ${peer} keeps is ${oldest} (\`app: { keepBlocks }\` sets how many are kept)`;
      return { node, kind: 'cannot catch up', code: 'PRUNED', reason, time: time / 1000, isOver: false };
    });
    return [...this.#incidents, ...behind].sort((a, b) => a.time - b.time);
  }

  count(event: RunEvent): void {
    const { node } = event;
    if (event.type === 'stopped') {
      this.#add(event, { kind: 'stopped', reason: event.reason, ...(event.code === undefined ? {} : { code: event.code }) });
      return;
    }
    if (event.type === 'restart') {
      this.#revise(node, 'stopped', { isOver: true });
      return;
    }
    if (event.type === 'effect' && event.effect.type === 'host.decide') {
      if (event.effect.height >= (this.#pruned.get(node)?.height ?? Number.POSITIVE_INFINITY)) this.#pruned.delete(node);
      return;
    }
    const moment = momentOf(event);
    if (moment?.name === 'blocks.pruned') this.#refused(event, moment.detail);
    else if (moment?.name === 'store.anew') {
      const code = String(moment.detail['reason']);
      const found = code === 'NOT_INITIALIZED' ? 'its folder was empty' : 'its block store cannot be trusted';
      this.#add(event, { kind: 'began anew', code, reason: `it has no key, and ${found}`, isOver: true });
    }
    if (moment?.name === 'abstain.begin') {
      const { from, until, reason: code } = moment.detail;
      // A death on the way does not end it: the next life says it again.
      if (this.#incidents.some((one) => one.node === node && one.kind === 'abstains' && !one.isOver)) return;
      this.#from.set(node, from);
      this.#add(event, { kind: 'abstains', code: String(code), reason: promise(from, until) });
    } else if (moment?.name === 'abstain.until')
      this.#revise(node, 'abstains', { reason: promise(this.#from.get(node), moment.detail['until']) });
    else if (moment?.name === 'abstain.end') this.#revise(node, 'abstains', { isOver: true });
  }

  #refused({ node: peer, time }: RunEvent, { to, height, oldest }: Readonly<Record<string, unknown>>): void {
    const since = this.#pruned.get(String(to))?.time ?? time;
    this.#pruned.set(String(to), { time: since, height: Number(height), peer, oldest: Number(oldest) });
  }

  #add({ node, time }: RunEvent, incident: Omit<Incident, 'node' | 'time' | 'isOver'> & { readonly isOver?: boolean }): void {
    this.#incidents = [...this.#incidents, { node, isOver: false, ...incident, time: time / 1000 }];
  }

  /** Changes the one that is not over. */
  #revise(node: string, kind: Incident['kind'], change: Partial<Incident>): void {
    this.#incidents = this.#incidents.map((one) =>
      one.node === node && one.kind === kind && !one.isOver ? { ...one, ...change } : one,
    );
  }
}

function promise(from: unknown, until: unknown): string {
  const end = until === undefined ? 'its peers have said at which height they are' : `height ${String(until)} is decided`;
  return `its log cannot be trusted: it follows without voting from height ${String(from)} on, until ${end}`;
}
