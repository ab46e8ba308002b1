/**
 * Answers what monitors may ask about a world: the contents of disks, the states of actors, and which nodes are up.
 *
 * It is a class, because each object literal with accessors gets a hidden class of its own in V8. That would keep a whole world alive until the
 * next full garbage collection, and worlds are forked ten thousand times a second.
 */

import type { Observer } from '../../core/events.ts';
import type { SimulatedDisk } from '../../wal/storage/index.ts';
import type { ArmedDeaths } from './armed-deaths.ts';
import type { NodeRuntime } from './node-runtime.ts';
import type { RunContext } from './run-context.ts';

export class WorldObserver implements Observer {
  readonly #context: RunContext;
  readonly #armed: ArmedDeaths;

  constructor(context: RunContext, armed: ArmedDeaths) {
    this.#context = context;
    this.#armed = armed;
  }

  get nodes(): readonly string[] {
    return this.#context.directory.names;
  }
  get now(): number {
    return this.#context.time;
  }
  isDurable(node: string, file: string, from: number, to: number): boolean {
    return this.#disk(node).isDurable(file, from, to);
  }
  fileLength(node: string, file: string): number {
    const disk = this.#disk(node);
    return disk.exists(file) ? disk.size(file) : 0;
  }
  fileBytes(node: string, file: string): Uint8Array | undefined {
    const disk = this.#disk(node);
    return disk.exists(file) ? disk.read(file) : undefined;
  }
  fileNames(node: string, directory: string): readonly string[] {
    return this.#disk(node).list(directory);
  }
  actorState(node: string, actor: string): unknown {
    const runtime = this.#runtime(node);
    const place = this.#context.directory.findActor(runtime.place, actor);
    // The state may contain what the actor has read from the disk.
    if (place !== undefined && (runtime.readers & (1 << place)) !== 0) runtime.isDiskSeen = true;
    return runtime.isUp && place !== undefined ? runtime.states[place] : undefined;
  }
  isUp(node: string): boolean {
    return this.#runtime(node).isUp;
  }
  isAbstaining(node: string): boolean {
    return this.#disk(node).hasDurable('wal/abstain.');
  }
  isExpected(node: string): boolean {
    return this.#runtime(node).expectedBack > 0 || this.#armed.list.some((death) => death.node === node);
  }
  isFaulty(node: string): boolean {
    return this.#runtime(node).isFaulty;
  }

  #runtime(node: string): NodeRuntime {
    const { directory, nodes } = this.#context;
    return nodes[directory.placeOf(node)] as NodeRuntime;
  }

  #disk(node: string): SimulatedDisk {
    const runtime = this.#runtime(node);
    runtime.isDiskSeen = true;
    return runtime.disk;
  }
}
