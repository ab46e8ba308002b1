/** Why a run does not decide any more: how much of the voting power is up and can hear one another, and how much is needed. */
import type { World } from '../actors/scheduler/index.ts';
import { isCut } from '../network-sim/index.ts';
import type { ScenarioData } from './model.ts';
import { protocolNamed, setsOf } from './protocols.ts';

/** In words; undefined where enough of it is there. */
export function powerMissing(data: ScenarioData, world: World): string | undefined {
  const { observer, nodes } = world;
  const height = Math.max(1, ...nodes.map((node) => world.position(node).height));
  const powers: ReadonlyMap<string, number> = setsOf(data).findLast(({ from }) => from <= height)?.powers ?? new Map();
  const sum = (some: readonly string[]): number => some.reduce((total, node) => total + (powers.get(node) ?? 0), 0);
  const isByzantine = protocolNamed(data.protocol).tolerates === 'byzantine';
  const total = sum(nodes);
  const needed = Math.floor((total * (isByzantine ? 2 : 1)) / (isByzantine ? 3 : 2)) + 1;
  const voting = nodes.filter((node) => world.isUp(node) && !world.isPaused(node) && !observer.isAbstaining(node));
  if (sum(voting) < needed) return `${sum(voting)} of ${total} voting power is up, ${needed} needed${whoIsNot(world, powers)}`;
  const largest = Math.max(...voting.map((node) => sum(voting.filter((other) => hear(world, node, other)))));
  return largest < needed ? `at most ${largest} of ${total} voting power can hear one another, ${needed} needed` : undefined;
}

/** The nodes with voting power that do not vote, with the reason. */
function whoIsNot(world: World, powers: ReadonlyMap<string, number>): string {
  const left = world.nodes.flatMap((node): readonly string[] => {
    if ((powers.get(node) ?? 0) === 0) return [];
    if (!world.isUp(node)) return [`${node} is down`];
    if (world.isPaused(node)) return [`${node} is paused`];
    return world.observer.isAbstaining(node) ? [`${node} abstains`] : [];
  });
  return ` (${left.join(', ')})`;
}

function hear(world: World, a: string, b: string): boolean {
  return !world.network.partitions.some((partition) => isCut(partition, a, b) || isCut(partition, b, a));
}
