/** Deaths of a fault plan: at once, or armed for a crash point. */
import { heardText, parseHeard } from '../actors/scheduler/crash-point.ts';
import { parsePoint, type World } from '../actors/scheduler/index.ts';
import { parseImage } from '../wal/index.ts';
import { ScenarioError } from './error.ts';
import type { Fault, Trigger } from './faults.ts';

export function die(world: World, node: string, fault: Fault & { readonly type: 'crash' | 'kill' }): void {
  if (world.isUp(node)) {
    if (fault.type === 'crash') world.die(node, 'power', fault.image ?? 'none');
    else world.die(node, 'kill');
  }
  if (fault.restartMs !== undefined) world.schedule(fault.restartMs * 1000, { type: 'restart' }, node);
}

/** Arms a death at a crash point and returns its id. Throws `ScenarioError` for a fault that is not a death, and for an invalid crash point. */
export function armDeath(
  world: World,
  trigger: Extract<Trigger, { readonly point: string } | { readonly site: string }>,
  fault: Fault,
): number {
  if (fault.type !== 'crash' && fault.type !== 'kill')
    throw new ScenarioError(`a fault of kind '${fault.type}' cannot wait for a crash point; give it a time or an event`);
  const common = {
    kind: fault.type === 'crash' ? ('power' as const) : ('kill' as const),
    ...(fault.type === 'crash' && fault.image !== undefined ? { image: fault.image } : {}),
    ...(fault.restartMs === undefined ? {} : { restartAfterMs: fault.restartMs }),
    ...(fault.nodes.length > 1 ? { nodes: fault.nodes } : {}),
  };
  if ('point' in trigger) {
    const parsed = parsePoint(trigger.point);
    if (parsed === undefined)
      throw new ScenarioError(`'${trigger.point}' is no crash point; write such as 'B@1.0/wal.flush~2:before'`);
    const { point, phase, image } = parsed;
    const heard = hearersIn(image, world.nodes);
    const survives = image === undefined || heard !== undefined ? undefined : parseImage(image);
    return world.arm({
      node: point.node,
      site: point.site,
      phase,
      point,
      ...common,
      ...(survives === undefined ? {} : { image: survives }),
      ...(heard === undefined ? {} : { heard }),
    });
  }
  return world.arm({ node: trigger.node, site: trigger.site, phase: trigger.phase, remaining: trigger.nth, ...common });
}

/** The nodes that hear a torn publish, if the image says so. Throws `ScenarioError` for one that is not there. */
function hearersIn(image: string | undefined, nodes: readonly string[]): readonly string[] | undefined {
  const text = /^heard=(.*)$/.exec(image ?? '')?.[1];
  if (text === undefined) return undefined;
  const heard = parseHeard(text, nodes);
  const stranger = heard.find((name) => !nodes.includes(name));
  if (stranger === undefined) return heard;
  const all = heardText(nodes, nodes);
  throw new ScenarioError(`no node is called '${stranger}' in 'heard=${text}'; all nodes would be 'heard=${all}'`);
}
