/**
 * Records the outcome of a schedule: the votes and proposals that each node has sent, and its decisions with their certificates, each with the life
 * of the node. Tests compare two searches by their sets of outcomes. The monitor judges nothing.
 */
import type { Monitor } from '../../core/events.ts';
import { keyOf } from '../../core/state-key.ts';
import { ownStatements, text } from './statements.ts';

/** The memory of this monitor is the sorted list of what happened up to height `heights`, without duplicates. */
export function outcomeMonitor(heights: number): Monitor<readonly string[]> {
  return {
    watches: ['effect transmit', 'effect host.decide'],
    start: [],
    look: (happened, event) => {
      if (event.type !== 'effect') return happened;
      const { effect, node, life } = event;
      const came: string[] = [];
      for (const { isBare, statement } of ownStatements(event))
        if (isBare && statement.height <= heights)
          came.push(`${node} life ${life} ${statement.height}.${statement.round} ${text(statement)}`);
      if (effect.type === 'host.decide' && effect.height <= heights)
        came.push(`${node} life ${life} decided ${effect.height} ${hexKey(effect.decision)}`);
      const fresh = came.filter((what) => !happened.includes(what));
      return fresh.length === 0 ? happened : [...happened, ...fresh].sort();
    },
    finish: () => ({ verdict: 'held', violations: [] }),
  };
}

/** A digest of 128 bits in hexadecimal digits. */
export function hexKey(value: unknown): string {
  const key = keyOf(value);
  return Array.from(key, (_, at) => key.charCodeAt(at).toString(16).padStart(4, '0')).join('');
}
