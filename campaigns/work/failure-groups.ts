/** Failures of a campaign by property and cause. The cause is the message without what differs from run to run: numbers, values, and names of nodes. */
import type { FuzzFailure } from '../fuzzing/fuzz.ts';

export interface FailureGroup {
  readonly property: string;
  /** `N` is a node, `#` is a number, a value or a place. */
  readonly cause: string;
  readonly seeds: readonly number[];
}

/** By property; the cause with most seeds comes first. `nodes`: their names. */
export function failureGroups(failures: readonly FuzzFailure[], nodes: readonly string[]): readonly FailureGroup[] {
  const groups = new Map<string, { readonly property: string; readonly cause: string; readonly seeds: number[] }>();
  for (const { seed, properties } of failures)
    for (const { name: property, message } of properties) {
      const cause = causeOf(message, nodes);
      const key = JSON.stringify([property, cause]);
      const group = groups.get(key) ?? { property, cause, seeds: [] };
      group.seeds.push(seed);
      groups.set(key, group);
    }
  return [...groups.values()].sort(
    (a, b) => order(a.property, b.property) || b.seeds.length - a.seeds.length || order(a.cause, b.cause),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function causeOf(message: string, nodes: readonly string[]): string {
  const [line = ''] = message.split('\n');
  const named = nodes.length === 0 ? line : line.replaceAll(nodeNames(nodes), 'N');
  // A word with a digit is a number or a value; what it is joined to is of the same value.
  return named.replaceAll(/[^\s(),;'"]*\d[^\s(),;'"]*/g, '#').replaceAll(/#(?:[ "']*#)+/g, '#');
}

/** Whole names alone, the longer one where one begins like another. */
function nodeNames(nodes: readonly string[]): RegExp {
  const longestFirst = [...nodes].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_-])`, 'gu');
}
