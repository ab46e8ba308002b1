/** Which nodes have a part in the protocol at present: one that was removed from its cluster owes nothing. */
import type { World } from '../actors/scheduler/index.ts';
import type { ScenarioData } from './model.ts';
import { protocolNamed } from './protocols.ts';

/** Whether a node is a member, as its own state says. Nodes that are down, and nodes of protocols whose members never change, count as members. */
export function membersNow({ protocol }: ScenarioData): (world: World, node: string) => boolean {
  const { isMember } = protocolNamed(protocol);
  if (isMember === undefined) return () => true;
  return (world, node) => {
    const actor = world.observer.actorState(node, 'consensus') as { readonly inner?: unknown } | undefined;
    return actor?.inner === undefined || isMember(actor.inner);
  };
}
