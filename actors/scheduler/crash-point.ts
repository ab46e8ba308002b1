/**
 * Crash points: stable names for the moments at which a node can die, and the type of a planned death that waits for its crash point.
 *
 * A name is `<node>[+<life>]@<height>.<round>/<site>~<n>:<before|torn|after>[/<image>]`, such as `B@1.0/wal.flush~2:before`. `n` counts effects from 1,
 * separately for each combination of node, life, height, round and site. Life 0 is omitted.
 */
import type { CrashImage, DeathKind, Phase, PointName } from '../../core/events.ts';

/** A death that strikes when its point is reached. */
export interface ArmedDeath {
  readonly id: number;
  readonly node: string;
  readonly site: string;
  readonly phase: Phase;
  /** The death strikes at the n-th effect of the site from now on (default 1: the next). It has no meaning once there is a `point`. */
  readonly remaining?: number;
  /** The exact effect at which the death strikes. */
  readonly point?: PointName;
  readonly kind: DeathKind;
  /** Which unsynced bytes survive a power loss (default: none). */
  readonly image?: CrashImage;
  /** For a torn `publish`: the nodes that receive the message. */
  readonly heard?: readonly string[];
  /** Milliseconds until the node restarts (default: it stays down until a script or fault restarts it). */
  readonly restartAfterMs?: number;
  /** All nodes that die at this instant; those that are down already are skipped. They restart at one time, in this order. Default: only `node`. */
  readonly nodes?: readonly string[];
}

export function pointText(point: PointName, phase?: Phase): string {
  const life = point.life === 0 ? '' : `+${point.life}`;
  const end = phase === undefined ? '' : `:${phase}`;
  return `${point.node}${life}@${point.height}.${point.round}/${point.site}~${point.n}${end}`;
}

/** The receivers of a torn message as text. If all names of the cluster have one letter they are joined (`AC`), else separated by commas (`V1,V10`). */
export function heardText(heard: readonly string[], nodes: readonly string[]): string {
  return heard.join(separatorOf(nodes));
}

/** The names in such a text. A name is returned also if no node has it. */
export function parseHeard(text: string, nodes: readonly string[]): readonly string[] {
  return text === '' ? [] : text.split(separatorOf(nodes));
}

function separatorOf(nodes: readonly string[]): string {
  return nodes.every(({ length }) => length === 1) ? '' : ',';
}

export interface ParsedPoint {
  readonly point: PointName;
  readonly phase: Phase;
  /** The part after the second slash: `cut=137`, `sectors=1101`, `heard=AC`. */
  readonly image: string | undefined;
}

const shape = /^([^+@/~:]+)(?:\+(\d+))?@(\d+)\.(\d+)\/([a-z]+(?:\.[a-z]+)*)~(\d+):(before|torn|after)(?:\/(.+))?$/;

/** Parses the name of a crash point. Undefined if the text is no such name. */
export function parsePoint(text: string): ParsedPoint | undefined {
  const found = shape.exec(text);
  if (found === null) return undefined;
  const [, node, life, height, round, site, n, phase, image] = found;
  return {
    point: {
      node: node ?? '',
      life: Number(life ?? 0),
      height: Number(height),
      round: Number(round),
      site: site ?? '',
      n: Number(n),
    },
    phase: phase as Phase,
    image,
  };
}

export function isSamePoint(a: PointName, b: PointName): boolean {
  return (
    a.n === b.n && a.site === b.site && a.height === b.height && a.round === b.round && a.life === b.life && a.node === b.node
  );
}
