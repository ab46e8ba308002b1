/**
 * Judges real nodes with the properties of the simulations. The records of the processes become the events of one run, and a model of each disk knows what
 * is durable. Records are judged as they arrive; only the memories of monitors are kept, and no events.
 */
import { Monitors } from '../../actors/scheduler/monitors.ts';
import type { Observer, Property, RunEvent, Setting, VerdictName } from '../../core/events.ts';
import { propertiesOf } from '../../scenarios/runner.ts';
import type { RealAlteration } from '../node/build-node.ts';
import { tendermintConfigOf } from '../node/build-node.ts';
import { EventCauses } from './event-causes.ts';
import { JudgedNode } from './judged-node.ts';
import type { ClusterRecord, DeathRecord } from './merged-records.ts';
import type { JudgedHome } from './node-home.ts';

/** The properties that are not judged: their bounds are in virtual time. Instead the cluster must reach its height. */
const offOnMachines: readonly string[] = ['termination', 'says-again'];

export interface JudgedProperty {
  readonly name: string;
  readonly verdict: VerdictName;
  readonly message?: string;
  /** The number of the event at which it was violated. */
  readonly event?: number;
}

/** Is shown each event, before it changes the disk. */
export type EventListener = (event: RunEvent, observer: Observer) => void;

/** The properties whose violations are final: nothing that happens later mends them. */
const finalOnes: readonly string[] = [
  'no-exception',
  'agreement',
  'validity',
  'integrity',
  'no-equivocation',
  'lock-discipline',
  'write-ahead',
];

/** The number of newest blocks that each node keeps for its peers. */
export const keptBlocks = 1000;

export class Judge {
  readonly #nodes: ReadonlyMap<string, JudgedNode>;
  readonly #properties: readonly Property[];
  readonly #monitors: Monitors;
  readonly #observer: Observer;
  readonly #listener: EventListener | undefined;
  readonly #causes = new EventCauses();
  readonly #heights = new Map<string, number>();
  /** The ways in which a process did something else than its actors asked for. */
  readonly strange: string[] = [];
  #events = 0;
  #now = 0;
  #started: number | undefined;

  constructor(homes: readonly JudgedHome[], alteration: RealAlteration | undefined, listener?: EventListener) {
    this.#listener = listener;
    this.#nodes = new Map(homes.map((home) => [home.config.name, new JudgedNode(home, alteration)]));
    this.#properties = propertiesOf({}).filter(({ name }) => !offOnMachines.includes(name));
    const names = [...this.#nodes.keys()];
    const powers = new Map(homes[0]?.config.validators.map(({ name, power }) => [name, power]));
    const setting: Setting = {
      nodes: names,
      powers: () => powers,
      configurations: new Map(homes.map(({ config }) => [config.name, tendermintConfigOf(config)])),
      keptBlocks,
    };
    this.#monitors = new Monitors(this.#properties.map((property) => property.monitor(setting)));
    this.#observer = observerOf(this.#nodes, () => this.#now);
  }

  get events(): number {
    return this.#events;
  }

  /** The highest height that this node has decided. */
  heightOf(node: string): number {
    return this.#heights.get(node) ?? 0;
  }

  isStopped(node: string): boolean {
    return this.#nodes.get(node)?.isUp !== true;
  }

  /** Takes the next record of node `name`. Records of all nodes must come in one order. */
  take(name: string, record: ClusterRecord): void {
    const node = this.#nodes.get(record.type === 'fault' ? record.node : name);
    if (node === undefined) return;
    this.#started ??= record.time;
    this.#now = Math.max(this.#now, record.time - this.#started);
    switch (record.type) {
      case 'boot': {
        node.boot(record.life, record.salt);
        const restart = record.life > 0 ? this.#show(node, { type: 'restart' }) : -1;
        this.#causes.boot(name, node.actors[0] ?? '', restart);
        return;
      }
      case 'deliver': {
        const { actor, message, from } = record;
        const cause = this.#causes.of(name, actor, message, from);
        node.step = this.#show(node, { type: 'deliver', actor, message, from, cause });
        this.#note(node, node.deliver(actor, message, from));
        this.#causes.asked(name, actor, node.effects, node.step);
        return;
      }
      case 'effect': {
        const { actor, effect, point } = record;
        this.#note(node, node.effect(effect));
        if (effect.type === 'host.decide') this.#heights.set(name, Math.max(this.heightOf(name), effect.height));
        node.latest = this.#show(node, { type: 'effect', actor, effect, point, cause: node.step });
        this.#causes.executed(name, actor, effect, node.latest);
        if (effect.type === 'disk') {
          node.operation = node.latest;
          const pretended = node.pretendedSyncs?.has(effect.site) === true;
          this.#note(
            node,
            attempt(() => node.model.begin(effect.operation, pretended)),
          );
        }
        return;
      }
      case 'done': {
        const { actor, answer } = record;
        if (answer.error === undefined) node.model.done();
        else if (answer.operation.type === 'append' || answer.operation.type === 'writeAt') node.model.undo('never-begun');
        this.#show(node, { type: 'done', actor, answer, cause: node.operation });
        this.#causes.answered(name, actor, answer, node.operation);
        return;
      }
      case 'stopped': {
        const { reason, code } = record;
        const cause = node.step;
        node.die();
        const threw = reason.includes(' threw ');
        this.#show(node, { type: 'stopped', reason, threw, cause, ...(code === undefined ? {} : { code }) });
        return;
      }
      case 'death':
        this.#death(node, record);
        return;
      case 'ended':
        node.die();
        return;
      case 'fault':
        this.#show(node, { type: 'fault', kind: record.kind, detail: {} });
        return;
      default:
        return;
    }
  }

  verdicts(): readonly JudgedProperty[] {
    return this.#properties.map(({ name }, place): JudgedProperty => {
      const { verdict, violations, reason } = (this.#monitors.rules[place] as Monitors['rules'][number]).finish(
        this.#monitors.memories[place]?.[0] as never,
        this.#observer,
      );
      const [violation] = violations;
      const message = violation?.message ?? reason;
      return {
        name,
        verdict,
        ...(message === undefined ? {} : { message }),
        ...(violation === undefined ? {} : { event: violation.event }),
      };
    });
  }

  /** Whether the result is certainly a violation. */
  get isLost(): boolean {
    return (
      this.strange.length > 0 || this.verdicts().some(({ name, verdict }) => verdict === 'violated' && finalOnes.includes(name))
    );
  }

  /** The names of the properties that are not judged, and why. */
  get off(): readonly string[] {
    return offOnMachines;
  }

  #death(node: JudgedNode, { at, image, left }: DeathRecord): void {
    node.model.tear(left);
    const lostBytes = image === undefined ? 0 : node.model.powerLoss(image);
    // A crash point is at an effect of the node; a moment is at none.
    const cause = at === atOnce ? -1 : node.latest;
    node.die();
    this.#show(node, { type: 'death', kind: image === undefined ? 'kill' : 'power', at, image, lostBytes, cause });
  }

  #note(node: JudgedNode, what: string | undefined): void {
    if (what !== undefined && this.strange.length < maxStrange) this.strange.push(`${node.name}+${node.life} ${what}`);
  }

  #show(
    node: JudgedNode,
    event: { readonly type: RunEvent['type']; readonly cause?: number } & Readonly<Record<string, unknown>>,
  ): number {
    const index = this.#events;
    const placed = { cause: -1, ...event, index, time: this.#now, node: node.name, life: node.life } as unknown as RunEvent;
    this.#events += 1;
    this.#listener?.(placed, this.#observer);
    // No property knows cuts: that messages do not come is all that they are to it.
    if (placed.type !== 'fault' || !networkFaults.includes(placed.kind)) this.#monitors.show(placed, this.#observer);
    return index;
  }
}

const maxStrange = 20;
const networkFaults: readonly string[] = ['cut off', 'back'];

/** What a death has for a crash point if it struck at a random moment. */
export const atOnce = 'at once';

function attempt(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function observerOf(nodes: ReadonlyMap<string, JudgedNode>, now: () => number): Observer {
  const diskOf = (node: string): JudgedNode['model']['disk'] => (nodes.get(node) as JudgedNode).model.disk;
  return {
    nodes: [...nodes.keys()],
    get now() {
      return now();
    },
    isDurable: (node, file, from, to) => diskOf(node).isDurable(file, from, to),
    fileLength: (node, file) => (diskOf(node).exists(file) ? diskOf(node).size(file) : 0),
    fileBytes: (node, file) => (diskOf(node).exists(file) ? diskOf(node).read(file) : undefined),
    fileNames: (node, directory) => diskOf(node).list(directory),
    actorState: (node, actor) => nodes.get(node)?.stateOf(actor),
    isUp: (node) => nodes.get(node)?.isUp === true,
    isAbstaining: (node) => [...diskOf(node).names()].some((file) => file.startsWith('wal/abstain.')),
    isExpected: () => false,
    isFaulty: () => false,
  };
}
