/** Finds the nodes that are up at the end of a run but many heights below the others, with the reason. */
import type { World } from '../actors/scheduler/index.ts';
import { isCut } from '../network-sim/index.ts';
import type { DecisionCounter, ReturnReport } from './counters.ts';
import type { Incident } from './incidents.ts';
import { membersNow } from './members-now.ts';
import type { ScenarioData } from './model.ts';

/** A node that learns of a decision late is up to this many heights back, which is usual. */
const usualDistance = 4;
/** A node that decided something or came back since is on its way; ms. */
const usualPauseMs = 2000;

/** Those of which no incident says it yet. */
export function leftBehind(
  data: ScenarioData,
  world: World,
  decisions: DecisionCounter,
  incidents: readonly Incident[],
  returns: readonly ReturnReport[],
): readonly Incident[] {
  const isMember = membersNow(data);
  const highest = Math.max(0, ...world.nodes.map((node) => decisions.height(node)));
  return world.nodes.flatMap((node): readonly Incident[] => {
    const height = decisions.height(node);
    if (!world.isUp(node) || world.observer.isFaulty(node) || highest - height <= usualDistance) return [];
    if (!isMember(world, node)) return [];
    const since = returns.findLast((back) => back.node === node)?.time ?? 0;
    if (world.now / 1000 - Math.max(since, decisions.lastOf(node)) < usualPauseMs) return [];
    if (incidents.some((one) => one.node === node && !one.isOver)) return [];
    const reason = `it has decided ${height}, and others ${highest}: ${reasonOf(data, world, node)}`;
    return [{ node, kind: 'left behind', reason, time: world.now / 1000, isOver: false }];
  });
}

function reasonOf(data: ScenarioData, world: World, node: string): string {
  if (world.isPaused(node)) return 'it is paused';
  const others = world.nodes.filter((other) => other !== node);
  const heard = others.filter((other) => !world.network.partitions.some((partition) => isCut(partition, other, node)));
  if (heard.length === 0) return 'a partition keeps every message from it';
  if (data.sync?.isOff === true) return 'value sync is off';
  return heard.length < others.length ? `it hears ${heard.join(', ')} only` : 'it has not caught up yet';
}
