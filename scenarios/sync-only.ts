/** Full nodes whose consensus is switched off, as a scenario names them. */
import type { ScenarioData } from './model.ts';

export function isSyncOnly({ syncOnly = [] }: ScenarioData, name: string): boolean {
  return syncOnly.includes(name);
}

/** All full nodes. A node without consensus need not be named among them too. */
export function withSyncOnly(
  fullNodes: readonly string[],
  syncOnly: readonly string[],
  others: readonly string[] = [],
): readonly string[] {
  return [...fullNodes, ...new Set(syncOnly.filter((name) => ![...fullNodes, ...others].includes(name)))];
}

/** The full nodes that must be named beside those without consensus: these come last, or else all are named, so that their order is kept. */
export function plainFullNodes({ fullNodes, syncOnly = [] }: ScenarioData): readonly string[] {
  const plain = fullNodes.filter((name) => !syncOnly.includes(name));
  const isInOrder = withSyncOnly(plain, syncOnly).every((name, index) => name === fullNodes[index]);
  return isInOrder ? plain : fullNodes;
}
