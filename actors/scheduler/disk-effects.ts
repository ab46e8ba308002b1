/**
 * Executes disk effects on the simulated disk. An operation is issued at one instant and may end at a later one.
 *
 * `append` and `writeAt` end at once, and answer only if they fail. A sync makes the writes durable that were pending when it was issued, at its
 * end. All other operations act when they are issued, and answer at their end.
 */

import type { ChoiceSource } from '../../core/choice.ts';
import type { DiskAnswer, DiskEffect, DiskError, DiskOperation } from '../../core/effects.ts';
import { type SimulatedDisk, StorageError, type SyncTicket } from '../../wal/storage/index.ts';
import type { Completion } from './event-heap.ts';

/** The time that operations take, in microseconds: [shortest, longest]. */
export interface DiskTiming {
  readonly sync: readonly [number, number];
  readonly other: readonly [number, number];
}

export const defaultTiming: DiskTiming = { sync: [1000, 1000], other: [100, 100] };

export function diskWait(timing: DiskTiming, operation: DiskOperation, choices: ChoiceSource, subject: number): number {
  const [shortest, longest] = operation.type === 'sync' || operation.type === 'syncDirectory' ? timing.sync : timing.other;
  return shortest + choices.choose(longest - shortest + 1, 'disk.wait', subject);
}

/** Issues a disk effect. Undefined if it has ended and the actor gets no answer. */
export function issueDiskEffect(
  effect: DiskEffect,
  disk: SimulatedDisk,
  pretended: boolean,
): Omit<Completion, 'point'> | undefined {
  const { operation, site, tag } = effect;
  const base = { type: 'disk.answer', site, tag, operation } as const;
  try {
    switch (operation.type) {
      case 'append':
        disk.append(operation.file, operation.bytes);
        return undefined;
      case 'writeAt':
        disk.writeAt(operation.file, operation.offset, operation.bytes);
        return undefined;
      case 'create':
        disk.create(operation.file);
        return { answer: base, ticket: undefined };
      case 'remove':
        disk.remove(operation.file);
        return { answer: base, ticket: undefined };
      case 'list':
        return {
          answer: { type: 'disk.answer', site, tag, operation, names: disk.list(operation.directory) },
          ticket: undefined,
        };
      case 'read':
        return {
          answer: {
            type: 'disk.answer',
            site,
            tag,
            operation,
            bytes: disk.read(operation.file, operation.offset, operation.length),
          },
          ticket: undefined,
        };
      case 'sync':
        return { answer: base, ticket: pretended ? undefined : disk.beginSync(operation.file) };
      case 'syncDirectory':
        return { answer: base, ticket: pretended ? undefined : disk.beginSyncDirectory(operation.directory) };
    }
  } catch (error) {
    return { answer: { ...base, error: asDiskError(error) }, ticket: undefined };
  }
}

/** Ends a disk effect. Returns the answer, with an error if it failed. */
export function finishDisk(
  { answer, ticket }: { readonly answer: DiskAnswer; readonly ticket: SyncTicket | undefined },
  disk: SimulatedDisk,
): DiskAnswer {
  if (ticket === undefined) return answer;
  try {
    disk.endSync(ticket);
    return answer;
  } catch (error) {
    return { ...answer, error: asDiskError(error) };
  }
}

function asDiskError(error: unknown): DiskError {
  if (error instanceof StorageError) return { code: error.code, message: error.message };
  throw error;
}
