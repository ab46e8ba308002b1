/** Follows frames of a node's log through the events of a recorded run: their append, their sync, and the read of a later life. */
import { type FrameRead, framesIn } from '../../checker/tendermint/decode.ts';
import type { RunEvent } from '../../core/events.ts';

export interface Frame {
  readonly event: RunEvent;
  readonly file: string;
  readonly payload: Uint8Array;
}

/** The newest frame in the log for which `isIt` is true. */
export function lastAppended(events: readonly RunEvent[], isIt: (frame: FrameRead) => boolean): Frame | undefined {
  for (const event of [...events].reverse()) {
    if (event.type !== 'effect' || event.effect.type !== 'disk') continue;
    const { operation } = event.effect;
    if (operation.type !== 'append' || !operation.file.startsWith('wal/')) continue;
    const frame = framesIn(operation.bytes).find(isIt);
    if (frame !== undefined) return { event, file: operation.file, payload: frame.payload };
  }
  return undefined;
}

/** The first successful sync of the frame's file that was asked for after the frame was appended. */
export function syncOf(events: readonly RunEvent[], { event: written, file }: Omit<Frame, 'payload'>): RunEvent | undefined {
  return events.find(
    (event) =>
      event.type === 'done' &&
      event.answer.operation.type === 'sync' &&
      event.answer.operation.file === file &&
      event.answer.error === undefined &&
      event.cause > written.index,
  );
}

/** The first read after the event `since` that returned this payload. */
export function readAgain(events: readonly RunEvent[], since: RunEvent, payload: Uint8Array): RunEvent | undefined {
  return events.find((event) => {
    if (event.index < since.index || event.type !== 'done') return false;
    const { bytes } = event.answer;
    return bytes !== undefined && holds(bytes, payload);
  });
}

function holds(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let start = bytes.indexOf(part[0] ?? 0); start !== -1; start = bytes.indexOf(part[0] ?? 0, start + 1))
    if (part.every((byte, at) => bytes[start + at] === byte)) return true;
  return false;
}

/** Says why the new life did not read a frame. */
export function notOnDisk(
  events: readonly RunEvent[],
  { event: written, file, payload }: Frame,
  death: RunEvent | undefined,
): string {
  const sync = syncOf(events, { event: written, file });
  const end = death === undefined ? '' : ` (#${death.index})`;
  if (sync === undefined)
    return `its frame (#${written.index}) was in the page cache only: nothing had synced ${file} before the end of that life${end}`;
  const damage = events.filter((event) => event.type === 'fault' && event.index > written.index);
  if (damage.length > 0)
    return `its frame (#${written.index}) was synced (#${sync.index}), and the disk was damaged since: ${damageText(damage)}`;
  // Each boot removes the files of earlier lives. That lost the frame only if the frame had outlived its life.
  const hasOutlived = death !== undefined && readAgain(events, death, payload) !== undefined;
  const last = death === undefined || hasOutlived ? Number.POSITIVE_INFINITY : death.index;
  const removed = events.find((event) => event.index > sync.index && event.index < last && isRemoval(event, file));
  if (removed !== undefined)
    return `its frame (#${written.index}) was synced (#${sync.index}), and the node removed ${file} (#${removed.index})`;
  return `a sync of its frame (#${written.index}) was answered (#${sync.index}), and the bytes did not outlive the node${end}: that sync did nothing`;
}

function damageText(faults: readonly RunEvent[]): string {
  return faults.map((event) => (event.type === 'fault' ? `${event.kind} (#${event.index})` : '')).join(', ');
}

/** Whether the node removes the file. */
export function isRemoval(event: RunEvent, file: string): boolean {
  if (event.type !== 'effect' || event.effect.type !== 'disk') return false;
  const { operation } = event.effect;
  return operation.type === 'remove' && operation.file === file;
}
