/**
 * Topologies: which nodes are neighbours. All nodes (a mesh), a ring, or a random regular graph of a given degree, which is drawn from the seed. Each is
 * connected, and links go in both directions.
 */
import type { ChoiceSource } from '../core/choice.ts';

export type Topology = 'mesh' | 'ring' | { readonly degree: number };

/** The most orders that are drawn to find one that shares no link with earlier ones. In small graphs of a high degree the last one may share a link. */
const maxAttempts = 200;

/** The neighbours of each node, in the order of `names`. A degree of at least the number of other nodes gives a mesh. With an odd degree a node may have one less. */
export function neighbours(
  topology: Topology,
  names: readonly string[],
  choices: ChoiceSource,
): ReadonlyMap<string, readonly string[]> {
  const count = names.length;
  const links = new Set<string>();
  const link = (a: number, b: number): void => {
    if (a !== b) links.add(a < b ? `${a} ${b}` : `${b} ${a}`);
  };
  const degree = topology === 'mesh' ? count : topology === 'ring' ? 2 : topology.degree;
  if (degree >= count - 1) for (let a = 0; a < count; a += 1) for (let b = a + 1; b < count; b += 1) link(a, b);
  else if (topology === 'ring') for (let a = 0; a < count; a += 1) link(a, (a + 1) % count);
  else {
    // The graph consists of rings over drawn orders that share no link. Each ring gives every node two neighbours, and the first ring connects all. For an
    // odd degree the last ring has only every second link.
    for (let round = 0; 2 * round < degree; round += 1) {
      const isHalf = 2 * round + 1 === degree;
      for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
        const order = shuffled(count, round * maxAttempts + attempt, choices);
        const pairs = order.map((node, place) => [node, order[(place + 1) % count] ?? 0] as const);
        const wanted = isHalf ? pairs.filter((_, place) => place % 2 === 0 && place + 1 < count) : pairs;
        const isFree = wanted.every(([one, other]) => !links.has(one < other ? `${one} ${other}` : `${other} ${one}`));
        if (!isFree && attempt + 1 < maxAttempts) continue;
        for (const [one, other] of wanted) link(one, other);
        break;
      }
    }
  }
  return new Map(
    names.map((name, index) => [
      name,
      names.filter((_, other) => links.has(index < other ? `${index} ${other}` : `${other} ${index}`)),
    ]),
  );
}

function shuffled(count: number, round: number, choices: ChoiceSource): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index -= 1) {
    const other = choices.choose(index + 1, 'topology', round * 10_000 + index);
    [order[index], order[other]] = [order[other] as number, order[index] as number];
  }
  return order;
}
