/** Plans the boot of a node. The plan is that of the log (wal/plan-start.ts); protocol and application decode the payloads and the blocks for it. */
import {
  type FoundApplication,
  missingBlocks,
  planStart,
  readApplication,
  type StartOptions,
  withApplicationFile,
} from '../../wal/index.ts';
import { decodeBlock, decodeState, encodeBlock } from './block.ts';
import type { Application, NodeDefinition } from './definition.ts';
import type { Planner } from './wal-state.ts';

export interface PlannerParts<Config, State, Input, Said, AppState>
  extends Pick<StartOptions, 'attest' | 'hasLog' | 'onCorrupt' | 'keepBlocks'> {
  readonly definition: NodeDefinition<Config, State, Input, Said>;
  readonly application: Application<AppState, Input>;
  /** The signer keeps a file of its last signature. */
  readonly hasSigner?: boolean;
  /** Its application has a store of its own. */
  readonly hasApplication?: boolean;
}

export function plannerOf<Config, State, Input, Said, AppState>({
  definition,
  application,
  attest,
  hasLog,
  onCorrupt,
  keepBlocks,
  hasSigner = false,
  hasApplication = false,
}: PlannerParts<Config, State, Input, Said, AppState>): Planner {
  const { signs } = definition;
  const signedIn = hasSigner && signs !== undefined ? { signedIn: (own: Uint8Array) => signs(definition.decode(own)) } : {};
  return (contents, salt) => {
    const plan = planStart(contents, {
      attest,
      hasLog,
      onCorrupt,
      salt,
      heightOf,
      understands: (kind, payload) => {
        if (kind === 'block') decodeBlock(payload);
        else if (kind === 'decided') definition.decodeDecision(payload);
        else definition.decode(payload);
        return true;
      },
      blockAfter: (last, height, decided, kept) =>
        hasApplication
          ? blockOfStore(application, definition, readApplication(contents, isState), { height, decided, kept })
          : blockAfter(application, definition, last, height, decided),
      keepBlocks,
      ...signedIn,
    });
    return hasApplication ? withApplicationFile(plan, contents, { heightOf, understands: isState }) : plan;
  };
}

function heightOf(block: Uint8Array): number {
  return decodeBlock(block).height;
}

function isState(bytes: Uint8Array): boolean {
  try {
    decodeState(bytes);
    return true;
  } catch {
    return false;
  }
}

interface StoredAgain {
  readonly height: number;
  readonly decided: Uint8Array;
  readonly kept: readonly Uint8Array[];
}

/** The same where the application has a store of its own. It may have executed this block already, or not yet those before it. */
function blockOfStore<Config, State, Input, Said, AppState>(
  application: Application<AppState, Input>,
  definition: NodeDefinition<Config, State, Input, Said>,
  found: FoundApplication,
  { height, decided, kept }: StoredAgain,
): Uint8Array {
  const state = found.height === 0 ? application.start() : (decodeState(found.state) as AppState);
  const execute = (before: AppState, decision: Uint8Array): AppState =>
    application.execute(before, definition.decodeDecision(decision));
  const after =
    found.height === height
      ? state
      : execute(
          missingBlocks(found, kept, height - 1, heightOf).reduce((at, block) => execute(at, decodeBlock(block).decision), state),
          decided,
        );
  return encodeBlock({ height, decision: decided, digest: application.digest(after), appState: null });
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
