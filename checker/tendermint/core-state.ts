/** Reads the protocol's state at the present height from the consensus actor. This is the state that replay must restore. */
import type { Observer } from '../../core/events.ts';

/** The checker knows only the field `height`. Everything else is compared as a whole. */
export type CoreState = Readonly<Record<string, unknown>> & { readonly height: number };

/** The state of this node; undefined while the node is down, or before its log is recovered. */
export function coreOf(observer: Observer, node: string): CoreState | undefined {
  const shell = observer.actorState(node, 'consensus') as { readonly inner?: { readonly core?: CoreState } } | undefined;
  return shell?.inner?.core;
}
