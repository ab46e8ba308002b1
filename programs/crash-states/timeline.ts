/**
 * A record replayed on the simulated disk under one personality: the moments at which a loss of power can leave something new, and what could not be
 * followed. A call may survive from its begin on; a sync makes durable what had ended when it began, and only at its end.
 */
import type { Pending } from '../../wal/storage/pending.ts';
import type { Personality } from '../../wal/storage/personalities.ts';
import { coverageOf } from '../../wal/storage/sync-coverage.ts';
import type { ProgramRecord, RecordedCall } from '../recording/calls.ts';
import { differences } from '../recording/read-folder.ts';
import { AppliedCalls } from './apply-calls.ts';
import { inOrder } from './call-order.ts';
import { FileTree } from './file-tree.ts';

/** Power may fail here. */
export interface Moment {
  readonly tree: FileTree;
  /** How many acknowledgements had been given. */
  readonly acknowledged: number;
  /** The newest operation of the moment before. */
  readonly knownUpTo: number;
}

export interface Timeline {
  readonly moments: readonly Moment[];
  /** The recorded call that made a pending operation, by the operation's id. */
  readonly callOf: ReadonlyMap<number, RecordedCall>;
  readonly acknowledged: readonly unknown[];
  /** Why the record cannot be trusted to be whole. */
  readonly unseen: readonly string[];
  /** Operations on files and names, syncs included. */
  readonly operations: number;
  readonly syncs: number;
}

export function timelineOf(record: ProgramRecord, personality: Personality): Timeline {
  const replay = new Replay(record, personality);
  for (const { call, isEnd } of inOrder(record.calls)) {
    if (isEnd) replay.end(call);
    else replay.begin(call);
  }
  return replay.finish();
}

class Replay {
  readonly #record: ProgramRecord;
  readonly #personality: Personality;
  readonly #applied: AppliedCalls;
  readonly #tree: FileTree;
  readonly #moments: Moment[] = [];
  readonly #callOf = new Map<number, RecordedCall>();
  readonly #acknowledged: unknown[] = [];
  #knownUpTo = 0;
  #hasNews = true;
  #operations = 0;
  #syncs = 0;

  constructor(record: ProgramRecord, personality: Personality) {
    this.#record = record;
    this.#personality = personality;
    this.#applied = new AppliedCalls(record);
    this.#tree = this.#applied.tree;
  }

  begin(recorded: RecordedCall): void {
    const before = this.#tree.newestOperation;
    if (recorded.call.op === 'acknowledge') {
      this.#note();
      this.#acknowledged.push(recorded.call.value);
      // At once, too: what was promised is asked of the same states, before anything else happens.
      this.#hasNews = true;
      this.#note();
    } else this.#applied.apply(recorded);
    for (let id = before + 1; id <= this.#tree.newestOperation; id += 1) this.#callOf.set(id, recorded);
    if (this.#tree.newestOperation > before) {
      this.#hasNews = true;
      this.#operations += 1;
    }
  }

  end(recorded: RecordedCall): void {
    const { call, process } = recorded;
    if (call.op === 'open') this.#applied.opened(recorded, call.fd);
    else if (call.op === 'sync') {
      const file = this.#applied.descriptors.get(process, call.fd);
      if (file !== undefined) this.#sync(file.inode, call.isDataOnly, (pending) => this.#endedBefore(pending, recorded.begin));
    } else if (call.op === 'sync-all')
      this.#settle(
        new Map(this.#tree.pending.filter((one) => this.#endedBefore(one, recorded.begin)).map((one) => [one.id, one])),
      );
    else if (call.op === 'write' && call.isMapped !== true) {
      const file = this.#applied.descriptors.get(process, call.fd);
      if (file !== undefined && file.syncs !== 'no')
        this.#sync(file.inode, file.syncs === 'data', (pending) => this.#callOf.get(pending.id) === recorded);
    }
  }

  finish(): Timeline {
    this.#note();
    const changed = differences(this.#tree.entries(), this.#record.after);
    if (changed.length > 0)
      this.#applied.unseen.push(
        `the folder does not hold what was recorded (${changed.slice(0, 3).join(', ')}): something wrote unseen`,
      );
    return {
      moments: this.#moments,
      callOf: this.#callOf,
      acknowledged: this.#acknowledged,
      unseen: [...new Set(this.#applied.unseen)],
      operations: this.#operations,
      syncs: this.#syncs,
    };
  }

  #endedBefore(pending: Pending, stamp: number): boolean {
    const recorded = this.#callOf.get(pending.id);
    return recorded === undefined || recorded.end < stamp;
  }

  #sync(inode: number, isDataOnly: boolean, eligible: (pending: Pending) => boolean): void {
    this.#syncs += 1;
    this.#settle(coverageOf(this.#tree.pending, { inode, isDataOnly }, this.#personality, eligible));
  }

  #settle(covered: ReadonlyMap<number, Pending>): void {
    if (covered.size === 0) return;
    this.#note();
    this.#tree.settle(({ id }) => covered.get(id));
    this.#hasNews = true;
  }

  #note(): void {
    if (!this.#hasNews) return;
    this.#hasNews = false;
    this.#moments.push({
      tree: new FileTree(this.#tree),
      acknowledged: this.#acknowledged.length,
      knownUpTo: this.#knownUpTo,
    });
    this.#knownUpTo = this.#tree.newestOperation;
  }
}
