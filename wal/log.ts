/**
 * A write-ahead log on any storage, for real nodes, benchmarks and tests. It uses the same plans as the simulated node, and executes each at once.
 */

import { assert } from '../core/assert.ts';
import { attestSlot } from './attest.ts';
import { refuseFullDisk } from './boot-space.ts';
import { LogFailedError } from './errors.ts';
import type { FrameKind } from './format.ts';
import type { ByteSource } from './frames.ts';
import { initPlan } from './init.ts';
import { type BootOptions, type BootPlan, planBoot } from './plan-recovery.ts';
import { applyOperation } from './storage/apply-operation.ts';
import type { Storage } from './storage/storage.ts';
import { appendFrame, type BootStep, birthPlan, expandStep, joined, type LogWriter, markSynced, prunePlan } from './writer.ts';

/** A log over any storage. `Log.init` makes the first, `Log.open` recovers one. */
export class Log {
  readonly #storage: Storage;
  readonly #plan: BootPlan;
  #writer: LogWriter;
  #store: LogWriter;
  /** The index of the next attest slot, for `attest: 'strict'`. */
  #slot = 0;
  #failure: LogFailedError | undefined;

  private constructor(storage: Storage, plan: BootPlan) {
    this.#storage = storage;
    this.#plan = plan;
    this.#writer = plan.writer;
    this.#store = plan.store;
  }

  /** Creates the log in an empty folder. `attest` must be the same as for `open`. Throws `RecoveryError` if a node has run in the folder. */
  static init(storage: Storage, salt: number, { attest = 'next' }: Partial<Pick<BootOptions, 'attest'>> = {}): void {
    const contents = contentsOf(storage);
    const steps = initPlan(contents, { attest, salt });
    refuseFullDisk(storage, steps);
    carryOutAll(storage, steps, contents);
  }

  /**
   * Recovers the log. Afterwards everything that was read is durable in files of this life. Throws `RecoveryError`, or `StorageError` (`ENOSPC`) if there is
   * too little space; no file is changed then.
   */
  static open(storage: Storage, options: BootOptions): Log {
    const contents = contentsOf(storage);
    const plan = planBoot(contents, options);
    refuseFullDisk(storage, plan.steps);
    carryOutAll(storage, plan.steps, contents);
    const log = new Log(storage, plan);
    log.#checkLength(plan.writer);
    log.#checkLength(plan.store);
    return log;
  }

  get height(): number {
    return this.#writer.height;
  }
  /** The number of bytes in torn tails, which recovery did not copy. */
  get tornBytes(): number {
    return this.#plan.tornBytes;
  }
  /** The newest stored blocks, oldest first. */
  get blocks(): readonly Uint8Array[] {
    return this.#plan.blocks;
  }

  /** The frames to replay, in order. Each payload is read only when it is needed. */
  *entries(): Generator<{ readonly kind: FrameKind; readonly sequence: number; readonly payload: Uint8Array }> {
    const { file, frames } = this.#plan.replay;
    for (const { kind, sequence, offset, length } of frames)
      yield { kind, sequence, payload: this.#storage.read(file, offset, length) };
  }

  /** Appends a frame to the page cache; returns its sequence. */
  append(kind: FrameKind, payload: Uint8Array): number {
    const { writer, bytes } = appendFrame(this.#writer, kind, payload);
    this.#write(() => this.#storage.append(writer.file, bytes));
    this.#writer = writer;
    return writer.sequence;
  }

  /** Appends several frames in one write; returns the sequence of the last. A crash may still leave any prefix of them. */
  appendAll(frames: readonly { readonly kind: FrameKind; readonly payload: Uint8Array }[]): number {
    const pieces: Uint8Array[] = [];
    let writer = this.#writer;
    for (const { kind, payload } of frames) {
      const appended = appendFrame(writer, kind, payload);
      writer = appended.writer;
      pieces.push(appended.bytes);
    }
    this.#write(() => this.#storage.append(writer.file, joined(pieces, writer.offset - this.#writer.offset)));
    this.#writer = writer;
    return writer.sequence;
  }

  /** Makes everything appended durable; returns the last durable sequence. */
  flush(): number {
    this.#write(() => {
      this.#storage.sync(this.#writer.file);
      this.#attest();
    });
    this.#writer = markSynced(this.#writer, this.#writer.sequence);
    return this.#writer.sequence;
  }

  /**
   * Ends the height: stores the block, creates the next segment, and removes the old one. Throws `InvariantError` if something else has written to the
   * files; no file is changed then.
   */
  advance(block: Uint8Array, salt: number): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#checkLength(this.#writer);
    this.#checkLength(this.#store);
    this.flush();
    const { writer, bytes } = appendFrame(this.#store, 'block', block);
    const { height, life, sequence, file } = this.#writer;
    const birth = birthPlan(height + 1, life, sequence, salt);
    this.#write(() => {
      this.#storage.append(writer.file, bytes);
      this.#storage.sync(writer.file);
      carryOutAll(this.#storage, [...birth.steps, ...prunePlan(file)], new Map());
    });
    this.#store = markSynced(writer, writer.sequence);
    this.#writer = birth.writer;
  }

  /** Writes the attest slot after a flush. It names no signed height, because this log does not know what was signed. */
  #attest(): void {
    const { attestFile } = this.#plan;
    if (attestFile === undefined) return;
    const { height, life, sequence } = this.#writer;
    const attestation = { height, life, sequence, signedHeight: 0, signedRound: 0, signedKind: 0 };
    for (const operation of attestSlot(attestFile, this.#slot, attestation)) applyOperation(this.#storage, operation);
    this.#slot += 1;
  }

  /**
   * After the first failed write, the log writes nothing more and throws `LogFailedError`. The file may contain half a frame then. A second sync would be
   * useless: for pages that the first could not write, it reports success and does nothing.
   */
  #write(act: () => void): void {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      act();
    } catch (error) {
      this.#failure = new LogFailedError(this.#writer.file, error);
      throw this.#failure;
    }
  }

  /** Checks the length of a file in the storage. This is too slow for each append, but cheap compared with the syncs at the end of a height. */
  #checkLength({ file, offset }: LogWriter): void {
    const length = this.#storage.size(file);
    assert(
      length === offset,
      'OFFSET_NOT_FILE_LENGTH',
      `${file} has ${length} bytes where its writer has written ${offset}; end all other processes that write to this folder, and open the log again`,
    );
  }
}

/** The files in the folder of a log. Their bytes are read when they are needed. */
export function contentsOf(storage: Storage): ReadonlyMap<string, ByteSource> {
  const contents = new Map<string, ByteSource>();
  for (const directory of ['wal', 'blocks']) {
    for (const name of storage.list(directory)) {
      const file = `${directory}/${name}`;
      contents.set(file, { length: storage.size(file), read: (offset, length) => storage.read(file, offset, length) });
    }
  }
  return contents;
}

function carryOutAll(storage: Storage, steps: readonly BootStep[], contents: ReadonlyMap<string, ByteSource>): void {
  for (const step of steps) for (const operation of expandStep(step, contents)) applyOperation(storage, operation);
}
