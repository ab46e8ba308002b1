/**
 * Crash points: stable names for the moments at which a node can die, and the type of deaths that wait for one.
 *
 * `<node>[+<life>]@<height>.<round>/<site>~<n>:<before|torn|after>`, n from 1 per node, life, height, round and site; life 0
 * is not written. `B@1.0/wal.flush~2:before`.
 */
import type { CrashImage, DeathKind, Phase, PointName } from '../../core/events.ts';

/** A death that strikes when its point is reached. */
export interface ArmedDeath {
  readonly id: number;
  readonly node: string;
  readonly site: string;
  readonly phase: Phase;
  /** The death strikes at the n-th effect of the site from now on (1: the next). Undefined if `point` names the exact effect. */
  readonly remaining?: number;
  readonly point?: PointName;
  readonly kind: DeathKind;
  /** Which unsynced bytes survive a power loss (default: none). */
  readonly image?: CrashImage;
  /** For a torn `publish`: the nodes that receive the message. */
  readonly heard?: readonly string[];
  /** Milliseconds until the node restarts (default: it stays down until a script or fault restarts it). */
  readonly restartAfterMs?: number;
  /** The nodes that die at the same instant, unless they are down, and restart at the same time, in this order (default: `node` alone). */
  readonly nodes?: readonly string[];
}

export function pointText(point: PointName, phase?: Phase): string {
  const life = point.life === 0 ? '' : `+${point.life}`;
  const end = phase === undefined ? '' : `:${phase}`;
  return `${point.node}${life}@${point.height}.${point.round}/${point.site}~${point.n}${end}`;
}

/** The receivers of a torn message as text. Names of one letter are joined (`AC`); others are separated by commas (`V1,V10`). */
export function heardText(heard: readonly string[], nodes: readonly string[]): string {
  return heard.join(separatorOf(nodes));
}

/** The names in such a text, including names of no node. */
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
