/**
 * What a schedule leads to: which votes and proposals every node has said, and what it has decided with which certificate, each with its life. Two
 * searches are equal when they lead to the same set of these. It judges nothing.
 */
import type { Monitor } from '../../core/events.ts';
import { keyOf } from '../../core/state-key.ts';
import { ownStatements, text } from './statements.ts';

/** The memory: what has happened up to height `heights`, each once, sorted. */
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

/** A key of 128 bits in hexadecimal digits. */
export function hexKey(value: unknown): string {
  const key = keyOf(value);
  return Array.from(key, (_, at) => key.charCodeAt(at).toString(16).padStart(4, '0')).join('');
}
