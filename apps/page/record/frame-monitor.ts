/**
 * Watches the logs of a run: when each frame was appended, and what became of it. That a frame is durable, lost or damaged is read from the simulated
 * disks, never from the answers that a node got: a disk that only pretends to sync makes nothing durable.
 */
import type { Observer, RunEvent } from '../../../core/events.ts';
import type { ScenarioData } from '../../../scenarios/index.ts';
import { protocolNamed } from '../../../scenarios/protocols.ts';
import { dataWords } from '../../../scenarios/trace-text.ts';

const frameHeader = 32;
const segmentHeaderBytes = 48;
const kinds = ['', 'opened', 'start', 'input', 'own', 'decided', 'block'];

/** A frame with the numbers of the events at which something happened to it; -1: never. */
export interface WatchedFrame {
  readonly node: string;
  readonly file: string;
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly label: string;
  readonly isOwn: boolean;
  readonly appended: number;
  durable: number;
  gone: number;
  damaged: number;
  isLost: boolean;
}

export class FrameMonitor {
  readonly frames: WatchedFrame[] = [];
  readonly #data: ScenarioData;
  /** By node, then file. */
  readonly #files = new Map<string, Map<string, WatchedFrame[]>>();
  #harmed: { readonly node: string; readonly event: number } | undefined;
  /** Frames not known to be durable, by node and file. */
  readonly #pending = new Map<string, Map<string, WatchedFrame[]>>();

  constructor(data: ScenarioData) {
    this.#data = data;
  }

  /** A listener of one world. An effect on a disk is shown just before it is carried out. */
  observe(event: RunEvent, observer: Observer): void {
    const { node, index } = event;
    // A fault harms the disk after its event, and before the next one.
    if (this.#harmed !== undefined) this.#compare(this.#harmed.node, this.#harmed.event, observer, false);
    this.#harmed = event.type === 'fault' || event.type === 'death' ? { node, event: index } : undefined;
    if (event.type === 'effect' && event.effect.type === 'disk') {
      const { operation } = event.effect;
      if (operation.type === 'append') this.#append(event, operation.file, operation.bytes, observer);
      else if (operation.type === 'remove') this.#remove(node, operation.file, index);
    } else if (event.type === 'done') this.#sync(node, index, observer);
    else if (event.type === 'death' || event.type === 'restart') this.#compare(node, index, observer, true);
  }

  #append({ node, index }: RunEvent, file: string, bytes: Uint8Array, observer: Observer): void {
    if (!/^(wal|blocks)\//.test(file)) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const base = observer.fileLength(node, file);
    const files = this.#files.get(node) ?? new Map<string, WatchedFrame[]>();
    const pending = this.#pending.get(node) ?? new Map<string, WatchedFrame[]>();
    this.#files.set(node, files);
    this.#pending.set(node, pending);
    const known = files.get(file) ?? [];
    const waiting = pending.get(file) ?? [];
    files.set(file, known);
    pending.set(file, waiting);
    // A file begins with a header that is no frame.
    for (let at = base === 0 && !isFrame(view, 0) ? segmentHeaderBytes : 0; isFrame(view, at); ) {
      const length = frameHeader + view.getUint32(at);
      const frame = bytes.subarray(at, at + length);
      const made: WatchedFrame = {
        node,
        file,
        start: base + at,
        bytes: frame,
        label: this.labelOf(frame, node),
        isOwn: frame[4] === 4,
        appended: index,
        durable: -1,
        gone: -1,
        damaged: -1,
        isLost: false,
      };
      this.frames.push(made);
      known.push(made);
      waiting.push(made);
      at += length;
    }
  }

  /** What a frame says, in the words of a trace. */
  labelOf(frame: Uint8Array, node: string): string {
    const kind = kinds[frame[4] ?? 0] ?? '?';
    if (kind !== 'input' && kind !== 'own') return kind;
    try {
      const protocol = protocolNamed(this.#data.protocol);
      const definition = protocol.definition(protocol.configuration(this.#data, node));
      const input = definition.decode(frame.subarray(frameHeader)) as Readonly<Record<string, unknown>>;
      const from = input['validator'] ?? input['proposer'] ?? input['voter'] ?? input['follower'] ?? '';
      return `${kind === 'own' ? 'own ' : ''}${dataWords(input)}${kind === 'own' || from === '' ? '' : ` of ${String(from)}`}`;
    } catch {
      return kind;
    }
  }

  #sync(node: string, index: number, observer: Observer): void {
    for (const [file, waiting] of this.#pending.get(node) ?? []) {
      let done = 0;
      for (const frame of waiting) {
        if (!observer.isDurable(node, file, frame.start, frame.start + frame.bytes.length)) break;
        frame.durable = index;
        done += 1;
      }
      if (done > 0) waiting.splice(0, done);
    }
  }

  #remove(node: string, file: string, index: number): void {
    this.#pending.get(node)?.delete(file);
    for (const frame of this.#files.get(node)?.get(file) ?? []) if (frame.gone === -1) frame.gone = index;
  }

  /** What a process would read now, against what was written. */
  #compare(node: string, index: number, observer: Observer, isDeath: boolean): void {
    for (const [file, frames] of this.#files.get(node) ?? []) {
      const bytes = observer.fileBytes(node, file);
      for (const frame of frames) {
        const isThere = bytes !== undefined && isSame(bytes, frame);
        // A name that was removed may come back when power fails before its directory is synced.
        if (isThere && frame.gone !== -1 && !frame.isLost) frame.gone = -1;
        if (isThere || frame.gone !== -1) continue;
        // An older copy, or an empty disk, has nothing at its place: there is nothing that could be damaged.
        if (frame.durable !== -1 && (bytes === undefined || bytes.length <= frame.start)) frame.gone = index;
        else if (frame.durable !== -1) {
          if (frame.damaged === -1) frame.damaged = index;
        } else if (isDeath) {
          frame.gone = index;
          frame.isLost = true;
        }
      }
      const waiting = this.#pending.get(node)?.get(file);
      if (waiting !== undefined && isDeath)
        this.#pending.get(node)?.set(
          file,
          waiting.filter(({ gone }) => gone === -1),
        );
    }
  }
}

function isFrame(view: DataView, at: number): boolean {
  if (at + frameHeader > view.byteLength) return false;
  const kind = view.getUint8(at + 4);
  return kind >= 1 && kind <= 6 && at + frameHeader + view.getUint32(at) <= view.byteLength;
}

function isSame(file: Uint8Array, { start, bytes }: WatchedFrame): boolean {
  if (start + bytes.length > file.length) return false;
  for (let at = 0; at < bytes.length; at += 1) if (file[start + at] !== bytes[at]) return false;
  return true;
}
