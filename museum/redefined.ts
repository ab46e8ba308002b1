/** Replaces functions of a protocol's definition, so that an exhibit is broken in one place only. */
import type { NodeDefinition } from '../actors/node/index.ts';
import type { Exhibit } from './exhibit.ts';

type Parts = NonNullable<Exhibit['parts']>;

/** What is signed and how: of the node whose definition is changed. */
type Signer = Parameters<Parts>[0]['signer'];

/** An exhibit takes parts of any protocol. These are only ever given to nodes of the protocol whose types the change has. */
export function redefined<State, Input, Said = unknown>(
  change: (
    honest: NodeDefinition<unknown, State, Input, Said>,
    signer: Signer,
  ) => Partial<NodeDefinition<unknown, State, Input, Said>>,
): Parts {
  return ((parts) => {
    const honest = parts.definition as unknown as NodeDefinition<unknown, State, Input, Said>;
    return { ...parts, definition: { ...honest, ...change(honest, parts.signer) } };
  }) as Parts;
}
