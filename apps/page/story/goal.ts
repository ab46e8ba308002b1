/** The goal of a task: conditions that a driven run meets or does not. */
import type { PageRecord } from '../record/page-record.ts';
import { isDown, promisesOf } from './facts.ts';

export type Condition =
  /** A node has died, by hand or by the scenario, at least so often. */
  | { readonly kind: 'deaths'; readonly node: string; readonly count: number }
  /** It has come back from its last death. */
  | { readonly kind: 'back'; readonly node: string }
  /** Others have heard two votes of it in one round. */
  | { readonly kind: 'twice'; readonly node: string }
  | { readonly kind: 'violates' | 'holds'; readonly property: string }
  /** A message of the node was lost on its way. */
  | { readonly kind: 'dropped'; readonly node: string }
  /** A frame of its log was lost with the power. */
  | { readonly kind: 'frames lost'; readonly node: string };

/** `{ deaths: B 2, back: B, violates: no-equivocation }`; what is not understood is added to `wrong`. */
export function conditionsOf(
  written: Readonly<Record<string, string>>,
  nodes: readonly string[],
  wrong: string[],
): readonly Condition[] {
  return Object.entries(written).flatMap(([kind, given]): readonly Condition[] => {
    const [node = '', count = '1'] = String(given).split(' ');
    if (kind === 'violates' || kind === 'holds') return [{ kind, property: String(given) }];
    if (!nodes.includes(node)) wrong.push(`the goal \`${kind}: ${given}\` names no node`);
    if (kind === 'deaths') return [{ kind, node, count: Number(count) }];
    if (kind === 'back' || kind === 'twice' || kind === 'dropped' || kind === 'frames lost') return [{ kind, node }];
    wrong.push(`the goal \`${kind}\` is not known; there are deaths, back, twice, dropped, frames lost, violates and holds`);
    return [];
  });
}

export function isMet(condition: Condition, record: PageRecord): boolean {
  const { nodes, downtimes, messages, frames, properties, rows } = record;
  switch (condition.kind) {
    case 'deaths':
      return rows.filter(({ kind, node }) => kind === 'death' && nodes[node] === condition.node).length >= condition.count;
    case 'back': {
      const node = nodes.indexOf(condition.node);
      return downtimes.some((down) => down.node === node) && !isDown(record, node, rows.length - 1);
    }
    case 'twice': {
      const heard = promisesOf(record, nodes.indexOf(condition.node)).filter((one) => one.heard !== -1);
      return heard.some((one) => heard.some((other) => other.promise === one.promise && other.value !== one.value));
    }
    case 'dropped':
      return messages.some(({ from, lost, promise }) => nodes[from] === condition.node && lost !== -1 && promise !== '');
    case 'frames lost':
      return frames.some(({ node, isLost, label }) => nodes[node] === condition.node && isLost && label !== 'opened');
    case 'violates':
    case 'holds': {
      const verdict = properties.find(({ name }) => name === condition.property)?.verdict;
      return condition.kind === 'violates' ? verdict === 'violated' : verdict !== 'violated';
    }
  }
}

/** What is to be reached, in words. */
export function goalWords(condition: Condition): string {
  switch (condition.kind) {
    case 'deaths':
      return condition.count === 1 ? `${condition.node} dies` : `${condition.node} dies ${condition.count} times`;
    case 'back':
      return `${condition.node} comes back`;
    case 'twice':
      return `others get two votes of ${condition.node} in one round`;
    case 'dropped':
      return `a message of ${condition.node} never arrives`;
    case 'frames lost':
      return `${condition.node} has frames that a power failure took`;
    case 'violates':
      return `${propertyWords(condition.property)} is broken`;
    case 'holds':
      return `${propertyWords(condition.property)} holds`;
  }
}

/** A property by a name that does not read as its opposite: `no-equivocation` is "one vote of each kind in a round". */
export function propertyWords(name: string): string {
  return plainNames[name] ?? name.replace(/^no-/, 'free of ').replaceAll('-', ' ');
}

const plainNames: Readonly<Record<string, string>> = {
  'no-equivocation': 'one vote of each kind in a round',
  'no-exception': 'free of exceptions',
  'no-false-alarm': 'free of false alarms',
  'crash-is-pause': 'a crash is like a pause',
  'write-ahead': 'flush first, then send',
  'replay-equivalence': 'replay restores the state',
  'as-recorded': 'processes do what their actors ask',
  agreement: 'one decision at each height',
  'lock-discipline': 'votes that keep to a lock',
};
