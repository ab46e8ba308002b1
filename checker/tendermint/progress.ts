/**
 * Tracks the lowest height that all nodes have decided. Monitors drop their memory of lower heights, so that it stays small. A vote for a lower height
 * (by a node that lost its decisions) can then not be judged, and the verdict says so.
 */
import type { RunEvent, Setting } from '../../core/events.ts';
import { decisionSeen, type Sighting } from './statements.ts';

export interface Progress {
  /** The highest height that each node has decided, in the order of the setting's nodes. */
  readonly decided: readonly number[];
  /** The lowest of these. */
  readonly lowest: number;
  /** The first vote that came too late to be judged, described in words. */
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

/** Notes a vote or proposal for a height that monitors have dropped. Certificates of such heights are expected, and not noted. */
export function unjudged(progress: Progress, { statement, isBare, hasLeft }: Sighting): Progress {
  if (progress.unjudged !== undefined || !isBare || !hasLeft) return progress;
  const { signer, kind, height } = statement;
  return { ...progress, unjudged: `${signer} sent a ${kind} of height ${height} when all had decided height ${progress.lowest}` };
}
