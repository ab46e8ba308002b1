/** Looks up nodes and their actors by name. It never changes, so all forks share it. */
import type { NodeSpec } from './spec.ts';

export class NodeDirectory {
  readonly specs: readonly NodeSpec[];
  readonly names: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #actors: readonly ReadonlyMap<string, number>[];

  constructor(specs: readonly NodeSpec[]) {
    this.specs = specs;
    this.names = specs.map(({ name }) => name);
    this.#places = new Map(specs.map(({ name }, place) => [name, place]));
    this.#actors = specs.map(({ actors }) => new Map(actors.map(({ name }, place) => [name, place])));
  }

  /** The index of a node. Throws if there is no node with this name. */
  placeOf(name: string): number {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`no node is called '${name}'; there are ${this.names.join(', ')}`);
    return place;
  }

  /** The index of an actor; undefined if the node has no such actor. */
  findActor(node: number, actor: string): number | undefined {
    return this.#actors[node]?.get(actor);
  }

  /** The index of an actor. Throws if the node has no such actor. */
  actorOf(node: number, actor: string): number {
    const place = this.findActor(node, actor);
    if (place === undefined) throw new Error(`${this.specs[node]?.name ?? 'nobody'} has no actor '${actor}'`);
    return place;
  }
}
