/**
 * The records of several processes in one order: by the machine's monotonic clock, and each node's in its own order. A record is written before what it
 * says is done, so nobody can have acted on something whose record comes later.
 */

import type { CrashImage } from '../../core/events.ts';
import type { TimedRecord } from '../node/event-file.ts';
import type { LastOperation } from './disk-model.ts';

/** What the supervisor adds to the record of a node whose process is dead. `image`: the power failed too, and this was left. */
export interface DeathRecord {
  readonly type: 'death';
  readonly time: number;
  readonly at: string;
  readonly image: CrashImage | undefined;
  /** What was left of the last operation. Its record was taken back if it was not wholly carried out. */
  readonly left: LastOperation;
}

/** What the supervisor did to a node that lives on. `cut off`, `back`: from and on the network, by the proxy. */
export interface FaultRecord {
  readonly type: 'fault';
  readonly time: number;
  readonly node: string;
  readonly kind: 'paused' | 'resumed' | 'cut off' | 'back';
}

export type ClusterRecord = TimedRecord | DeathRecord | FaultRecord;

/** Whose records the faults are. No node has this name. */
export const supervisor = '';

export class MergedRecords {
  readonly #queues: ReadonlyMap<string, ClusterRecord[]>;

  constructor(nodes: readonly string[]) {
    this.#queues = new Map([...nodes, supervisor].map((node) => [node, []]));
  }

  add(node: string, records: readonly ClusterRecord[]): void {
    const queue = this.#queues.get(node);
    for (const record of records) queue?.push(record);
  }

  /** Takes back the newest disk operation of a node: it was not wholly carried out. */
  takeBack(node: string): void {
    const queue = this.#queues.get(node) ?? [];
    while (queue.at(-1)?.type === 'dies') queue.pop();
    queue.pop();
  }

  /**
   * Takes out all records up to a time. Everything up to it must have been added. A disk operation that is the newest record of its node stays: a process
   * that was killed may not have begun it. Only the node knows when it is done.
   */
  *upTo(time: number): Generator<readonly [node: string, record: ClusterRecord]> {
    const places = new Map([...this.#queues].map(([node]) => [node, 0]));
    for (;;) {
      let first: { readonly node: string; readonly record: ClusterRecord } | undefined;
      for (const [node, queue] of this.#queues) {
        const place = places.get(node) ?? 0;
        const record = queue[place];
        if (record !== undefined && isDiskEffect(record) && isNewest(queue, place)) continue;
        if (record !== undefined && record.time <= time && (first === undefined || record.time < first.record.time))
          first = { node, record };
      }
      if (first === undefined) break;
      places.set(first.node, (places.get(first.node) ?? 0) + 1);
      yield [first.node, first.record];
    }
    for (const [node, queue] of this.#queues) queue.splice(0, places.get(node) ?? 0);
  }
}

/** Whether nothing follows but the word of the process that it dies here. */
function isNewest(queue: readonly ClusterRecord[], place: number): boolean {
  for (let next = place + 1; next < queue.length; next += 1) if (queue[next]?.type !== 'dies') return false;
  return true;
}

/** Whether this says that a disk operation is about to be carried out. */
function isDiskEffect(record: ClusterRecord): boolean {
  return record.type === 'effect' && record.effect.type === 'disk';
}
