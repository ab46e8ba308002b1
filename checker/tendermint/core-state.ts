/** The state of the protocol at the present height, as the consensus actor holds it: what replay must restore. */
import type { Observer } from '../../core/events.ts';

/** Named fields of it, for rules that need one; all else is compared as a whole. */
export type CoreState = Readonly<Record<string, unknown>> & { readonly height: number };

/** Undefined while the node is down, or before its log is recovered. */
export function coreOf(observer: Observer, node: string): CoreState | undefined {
  const shell = observer.actorState(node, 'consensus') as { readonly inner?: { readonly core?: CoreState } } | undefined;
  return shell?.inner?.core;
}
