/**
 * The step-by-step interface, for exploring and for tests that do not fit a script. A test runs a cluster for a while, kills nodes, and can fork the cluster
 * to continue it twice.
 */
import type { World } from '../actors/scheduler/index.ts';
import { buildWorld } from './build-world.ts';
import { scenario } from './builder.ts';
import { type Duration, milliseconds } from './duration.ts';
import type { When } from './model.ts';
import type { Moment } from './moments.ts';
import { matches, momentOf } from './moments.ts';
import { refuseUnknownMoment, siteNamed } from './names.ts';
import { onlyKnown } from './options.ts';
import { type PropertyResult, propertiesOf } from './runner.ts';

export class ClusterNode {
  readonly #world: World;
  readonly name: string;

  constructor(world: World, name: string) {
    this.#world = world;
    this.name = name;
  }
  get isUp(): boolean {
    return this.#world.isUp(this.name);
  }
  /** The present height of the node; while it is down, its last known height. */
  get height(): number {
    return this.#world.position(this.name).height;
  }
  get round(): number {
    return this.#world.position(this.name).round;
  }
  /** The state of its consensus actor; undefined while it is down. */
  get state(): unknown {
    return this.#world.state(this.name, 'consensus');
  }
  get disk(): ReturnType<World['disk']> {
    return this.#world.disk(this.name);
  }
  /** The node loses power, at once or at a later crash point. Throws `ScenarioError` for an unknown site. */
  crash(when?: When): void {
    this.#die('power', when);
  }
  /** The process of the node dies, and the page cache survives. */
  kill(when?: When): void {
    this.#die('kill', when);
  }
  /** Restarts the node. Throws if it is up. */
  restart(): void {
    this.#world.start(this.name);
  }
  #die(kind: 'kill' | 'power', when: When | undefined): void {
    const image = when?.image ?? 'none';
    if (when === undefined) {
      this.#world.die(this.name, kind, image);
      return;
    }
    const phase = 'before' in when ? 'before' : 'after' in when ? 'after' : 'torn';
    const site = 'before' in when ? when.before : 'after' in when ? when.after : when.torn;
    this.#world.arm({ node: this.name, site: siteNamed(site), phase, remaining: when.nth ?? 1, kind, image });
  }
}

/** A running world that a test drives step by step. `cluster` makes one. */
export class Cluster {
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }
  get hash(): string {
    return this.world.hash;
  }
  get trace(): World['trace'] {
    return this.world.trace;
  }
  node(name: string): ClusterNode {
    return new ClusterNode(this.world, name);
  }
  run(duration: Duration): void {
    this.world.run({ time: this.world.now + milliseconds(duration) * 1000 });
  }
  /**
   * Runs until the event happens on any node; earlier events do not count. Returns false if it does not happen within `within` (default 60 s).
   * Throws `ScenarioError` if no event has this name.
   */
  runUntil(moment: Moment, within: Duration = '60s'): boolean {
    refuseUnknownMoment(moment);
    let next = this.world.trace.length;
    const hasCome = (world: World): boolean => {
      for (const event of world.trace.events(next)) {
        next = event.index + 1;
        const named = momentOf(event);
        if (named !== undefined && matches(moment, named)) return true;
      }
      return false;
    };
    return this.world.run({ until: hasCome, time: this.world.now + milliseconds(within) * 1000 }) === 'reached';
  }
  /** An independent copy of the running cluster. */
  fork(): Cluster {
    return new Cluster(this.world.fork());
  }
  /** The verdict of each property on the run so far. */
  judge(): readonly PropertyResult[] {
    const verdicts = this.world.verdicts();
    return propertiesOf({}).map(({ name }, index) => {
      const verdict = verdicts[index];
      const message = verdict?.violations[0]?.message;
      return { name, verdict: verdict?.verdict ?? 'undecided', ...(message === undefined ? {} : { message }) };
    });
  }
}

/** A cluster of validators with their voting power, at time 0. */
export function cluster(validators: Readonly<Record<string, number>>, options: { readonly seed?: number } = {}): Cluster {
  const { data } = scenario('cluster', validators);
  const { seed = data.seed } = onlyKnown('cluster()', options, ['seed']);
  return new Cluster(buildWorld(data, { seed, keeps: 'events', properties: propertiesOf({}) }));
}
