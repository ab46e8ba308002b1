/**
 * A boot whose application has a store of its own. A block is durable before the application commits it, so an application that is ahead says that the
 * store has lost blocks. A death may leave one that lacks the last blocks: it executes them again, as long as they are kept.
 *
 * The cases are those of CometBFT's handshake (consensus/replay.go, ReplayBlocks, at 5bba72c), without its third height, that of the node's own state.
 */
import { commitApplication, type FoundApplication, readApplication } from './application-file.ts';
import { RecoveryError } from './errors.ts';
import type { ByteSource } from './frames.ts';
import type { StartPlan } from './plan-start.ts';

export interface ApplicationOptions {
  /** The height of a block, from its payload. */
  readonly heightOf: (block: Uint8Array) => number;
  /** False: the state is damage. */
  readonly understands: (state: Uint8Array) => boolean;
}

/** The plan with the application's file. Throws `RecoveryError` if a handshake is not possible, and then nothing may be changed. */
export function withApplicationFile(
  plan: StartPlan,
  contents: ReadonlyMap<string, ByteSource>,
  { heightOf, understands }: ApplicationOptions,
): StartPlan {
  const found = readApplication(contents, understands);
  missingBlocks(found, plan.blocks, plan.storedHeight, heightOf);
  // What was read may be in the page cache only. It is written anew once the blocks that it rests on are durable.
  const { file, steps } = commitApplication(found, found, true);
  const application: FoundApplication = found.lost === undefined ? file : { ...file, lost: found.lost };
  return { ...plan, steps: [...plan.steps, ...steps], application };
}

/** The blocks after those that the application has executed, up to the stored height, oldest first. Throws `RecoveryError` if it is ahead, or if one of them is not kept. */
export function missingBlocks(
  found: FoundApplication,
  kept: readonly Uint8Array[],
  storedHeight: number,
  heightOf: (block: Uint8Array) => number,
): readonly Uint8Array[] {
  const place = { file: found.files.at(-1) ?? 'app/' };
  const { height } = found;
  if (height > storedHeight) {
    const said = `the application has executed height ${height}, and the block store ends at height ${storedHeight}, so the store has lost blocks`;
    throw new RecoveryError('APPLICATION_AHEAD', place, said, aheadRemedy);
  }
  const missing = kept.slice(Math.max(0, kept.length - (storedHeight - height)));
  const [oldest] = missing;
  const oldestHeight = oldest === undefined ? storedHeight + 1 : heightOf(oldest);
  if (oldestHeight <= height + 1) return missing;
  const at = found.lost === undefined ? `has executed height ${height}` : 'has lost its state';
  const said = `the application ${at} and needs block ${height + 1}; the oldest block that is kept is ${oldestHeight}, the newest ${storedHeight}`;
  throw new RecoveryError('APPLICATION_BEHIND_PRUNED', place, said, prunedRemedy);
}

const aheadRemedy =
  'Nothing was changed. Put the newer block store back, with its log, or an older state of the application; without the folder `app/` the application executes again what the store has kept.';
const prunedRemedy =
  'Nothing was changed. Put back a newer state of the application; what is pruned cannot be executed again (a larger `keepBlocks` keeps more blocks).';
