/**
 * Tracks the frames whose damage an honest log must detect: those that were known to be durable before a later frame was written. It uses the events of the
 * world, and not the log's own claims. An actor knows of a sync when it receives the answer, or a message of an actor that knows. Forks with the world.
 */
import type { World } from '../actors/scheduler/index.ts';
import type { DiskOperation } from '../core/effects.ts';
import type { RunEvent } from '../core/events.ts';
import { ForkingMap } from '../core/forking-map.ts';
import { frameHeaderBytes } from '../wal/format.ts';
import type { FrameRef, JudgedFile } from '../wal/index.ts';

/** From this offset on the writer of each byte knew that the first `known` bytes of the file were durable. */
interface Written {
  readonly offset: number;
  readonly known: number;
}

/** By file, or by actor and file. */
type Lengths = ReadonlyMap<string, number>;

interface OfNode {
  /** Lengths of files when the sync of them was issued that is under way. */
  readonly syncing: Lengths;
  /** Durable lengths that each actor knows of. */
  readonly known: ReadonlyMap<string, Lengths>;
  readonly written: ReadonlyMap<string, readonly Written[]>;
}

const nothing: OfNode = { syncing: new Map(), known: new Map(), written: new Map() };

export class Acknowledged {
  readonly #nodes: ForkingMap<string, OfNode>;

  constructor(from?: Acknowledged) {
    this.#nodes = from === undefined ? new ForkingMap() : from.#nodes.fork();
  }

  fork(): Acknowledged {
    return new Acknowledged(this);
  }

  present(): unknown {
    return this.#nodes.snapshot();
  }

  /** The last frame of a file that a later one must vouch for. */
  lastFrame(node: string, { file, frames }: JudgedFile): FrameRef | undefined {
    const written = this.#nodes.get(node)?.written.get(file) ?? [];
    const last = frames.at(-1);
    if (last === undefined) return undefined;
    const known = Math.max(
      0,
      ...written.filter(({ offset }) => offset <= last.offset - frameHeaderBytes).map((one) => one.known),
    );
    return frames.findLast(({ kind, offset, length }) => isWaitedFor(kind) && offset + length <= known);
  }

  observe(event: RunEvent, world: World): void {
    const { node } = event;
    if (event.type === 'effect' && event.effect.type === 'disk') this.#issued(world, node, event.actor, event.effect.operation);
    else if (event.type === 'done') {
      const { operation, error } = event.answer;
      if (operation.type === 'sync') this.#synced(node, event.actor, operation.file, error === undefined);
    } else if (event.type === 'deliver') this.#told(node, event.actor, event.from);
    else if (event.type === 'death') this.#change(node, { syncing: new Map(), known: new Map() });
  }

  #issued(world: World, node: string, actor: string, operation: DiskOperation): void {
    const { syncing, known, written } = this.#nodes.get(node) ?? nothing;
    switch (operation.type) {
      case 'append': {
        const { file } = operation;
        const offset = world.disk(node).exists(file) ? world.disk(node).size(file) : 0;
        // Bytes that were lost with the page cache are written again.
        const before = (written.get(file) ?? []).filter((one) => one.offset < offset);
        const length = known.get(actor)?.get(file) ?? 0;
        if (before.length === written.get(file)?.length && before.at(-1)?.known === length) return;
        this.#change(node, { written: new Map(written).set(file, [...before, { offset, known: length }]) });
        return;
      }
      case 'sync': {
        // If two are under way, the first to end covers what was there at the beginning of the first.
        if (syncing.has(operation.file) || !world.disk(node).exists(operation.file)) return;
        this.#change(node, { syncing: new Map(syncing).set(operation.file, world.disk(node).size(operation.file)) });
        return;
      }
      case 'remove': {
        if (!written.has(operation.file)) return;
        const left = new Map(written);
        left.delete(operation.file);
        this.#change(node, { written: left });
        return;
      }
      default:
    }
  }

  #synced(node: string, actor: string, file: string, isDurable: boolean): void {
    const { syncing, known } = this.#nodes.get(node) ?? nothing;
    const length = syncing.get(file);
    if (length === undefined) return;
    const left = new Map(syncing);
    left.delete(file);
    if (isDurable) this.#change(node, { syncing: left, known: withKnown(known, actor, [[file, length]]) });
    else this.#change(node, { syncing: left });
  }

  #told(node: string, actor: string, from: string): void {
    const { known } = this.#nodes.get(node) ?? nothing;
    const heard = known.get(from);
    if (heard === undefined || from === actor) return;
    const own = known.get(actor);
    const news = [...heard].filter(([file, length]) => (own?.get(file) ?? 0) < length);
    if (news.length > 0) this.#change(node, { known: withKnown(known, actor, news) });
  }

  #change(node: string, change: Partial<OfNode>): void {
    this.#nodes.set(node, { ...(this.#nodes.get(node) ?? nothing), ...change });
  }
}

/** Whether the node waits for a frame to be durable: for own messages and blocks. A sync may also cover inputs for which no actor waits. */
function isWaitedFor(kind: FrameRef['kind']): boolean {
  return kind === 'own' || kind === 'block';
}

function withKnown(known: OfNode['known'], actor: string, news: readonly (readonly [string, number])[]): OfNode['known'] {
  return new Map(known).set(actor, new Map([...(known.get(actor) ?? []), ...news]));
}
