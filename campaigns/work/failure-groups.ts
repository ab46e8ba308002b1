/**
 * Groups the failures of a campaign by property and cause. The cause is the message without the parts that differ from run to run: numbers, values,
 * and names of nodes.
 */
import type { FuzzFailure } from '../fuzzing/fuzz.ts';

export interface FailureGroup {
  readonly property: string;
  /** The message with `N` for each name of a node and `#` for each number or value. */
  readonly cause: string;
  readonly seeds: readonly number[];
}

/** Returns the groups, sorted by property; within a property the cause with the most seeds is first. `nodes`: the names of all nodes. */
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
  // A word that contains a digit is a number or a value. Several such words in a row become one `#`.
  return named.replaceAll(/[^\s(),;'"]*\d[^\s(),;'"]*/g, '#').replaceAll(/#(?:[ "']*#)+/g, '#');
}

/** Matches whole names. Longer names are tried first, because one name may be the beginning of another. */
function nodeNames(nodes: readonly string[]): RegExp {
  const longestFirst = [...nodes].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_-])`, 'gu');
}
