/** Plans the boot of a node. The plan is that of the log (wal/plan-start.ts); protocol and application decode the payloads and the blocks for it. */
import { planStart, type StartOptions } from '../../wal/index.ts';
import { decodeBlock, encodeBlock } from './block.ts';
import type { Application, NodeDefinition } from './definition.ts';
import type { Planner } from './wal-state.ts';

export interface PlannerParts<Config, State, Input, Said, AppState>
  extends Pick<StartOptions, 'attest' | 'hasLog' | 'onCorrupt' | 'keepBlocks'> {
  readonly definition: NodeDefinition<Config, State, Input, Said>;
  readonly application: Application<AppState, Input>;
  /** The signer keeps a file of its last signature. */
  readonly hasSigner?: boolean;
}

export function plannerOf<Config, State, Input, Said, AppState>({
  definition,
  application,
  attest,
  hasLog,
  onCorrupt,
  keepBlocks,
  hasSigner = false,
}: PlannerParts<Config, State, Input, Said, AppState>): Planner {
  const { signs } = definition;
  const signedIn = hasSigner && signs !== undefined ? { signedIn: (own: Uint8Array) => signs(definition.decode(own)) } : {};
  return (contents, salt) =>
    planStart(contents, {
      attest,
      hasLog,
      onCorrupt,
      salt,
      heightOf: (block) => decodeBlock(block).height,
      understands: (kind, payload) => {
        if (kind === 'block') decodeBlock(payload);
        else if (kind === 'decided') definition.decodeDecision(payload);
        else definition.decode(payload);
        return true;
      },
      blockAfter: (last, height, decided) => blockAfter(application, definition, last, height, decided),
      keepBlocks,
      ...signedIn,
    });
}

/** The block of a decision that is in the log and not in the store. Boot stores it. */
function blockAfter<Config, State, Input, Said, AppState>(
  application: Application<AppState, Input>,
  definition: NodeDefinition<Config, State, Input, Said>,
  last: Uint8Array | undefined,
  height: number,
  decided: Uint8Array,
): Uint8Array {
  const state = last === undefined ? application.start() : (decodeBlock(last).appState as AppState);
  const after = application.execute(state, definition.decodeDecision(decided));
  return encodeBlock({ height, decision: decided, digest: application.digest(after), appState: after });
}
