/**
 * The lowest height at which a node may still vote or which it may still sync: what was said below it is forgotten, so that memory follows from the
 * run and not from a constant. A vote below it (of a node that lost what it had decided) cannot be judged, and the verdict says so.
 */
import type { RunEvent, Setting } from '../../core/events.ts';
import { decisionSeen, type Sighting } from './statements.ts';

export interface Progress {
  /** The highest height that each node has decided, in the order of the setting's nodes. */
  readonly decided: readonly number[];
  readonly lowest: number;
  /** The first vote that came too late to be judged, in words. */
  readonly unjudged: string | undefined;
}

export function noProgress({ nodes }: Setting): Progress {
  return { decided: nodes.map(() => 0), lowest: 0, unjudged: undefined };
}

/** The progress after a decision; the same progress after any other event. */
export function progressAfter(progress: Progress, event: RunEvent, { nodes }: Setting): Progress {
  const seen = decisionSeen(event);
  if (seen === undefined) return progress;
  const place = nodes.indexOf(seen.node);
  if ((progress.decided[place] ?? Number.POSITIVE_INFINITY) >= seen.height) return progress;
  const decided = progress.decided.with(place, seen.height);
  return { ...progress, decided, lowest: Math.min(...decided) };
}

/** Notes a vote or proposal of a height that is forgotten. Certificates of such heights are no news. */
export function unjudged(progress: Progress, { statement, isBare, hasLeft }: Sighting): Progress {
  if (progress.unjudged !== undefined || !isBare || !hasLeft) return progress;
  const { signer, kind, height } = statement;
  return { ...progress, unjudged: `${signer} sent a ${kind} of height ${height} when all had decided height ${progress.lowest}` };
}
