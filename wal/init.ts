/**
 * `init` creates a new log; nothing else does. It creates the attest file, the store and the first segment, in this order (for a node without a key only the
 * store). Each file is synced with its name, and each folder with its name. These files have life 0. If `init` died, it can be run again; if a node has run, it
 * refuses.
 */
import { attestBirth, attestFile } from './attest.ts';
import { RecoveryError } from './errors.ts';
import { namedFiles } from './folder.ts';
import type { ByteSource } from './frames.ts';
import { withParentSyncs } from './parent-folders.ts';
import { type BootStep, birth, segmentFile, segmentSites, storeFile, storeSites } from './writer.ts';

/** Plans an `init`. Throws `RecoveryError` (`ALREADY_INITIALIZED`) if there is a file of a life above 0. */
export function initPlan(
  contents: ReadonlyMap<string, ByteSource>,
  options: { readonly attest: 'next' | 'strict'; readonly salt: number; readonly hasLog?: boolean },
): readonly BootStep[] {
  const { attest, salt, hasLog = true } = options;
  const named = namedFiles(contents);
  const lived = named.find(({ life }) => life > 0);
  if (lived !== undefined) {
    const remedy = 'Start the node instead; to begin from nothing on purpose, move the folder away first.';
    throw new RecoveryError('ALREADY_INITIALIZED', { file: lived.file }, 'a node has run in this folder', remedy);
  }
  const store = birth({ file: storeFile(0), height: 0, life: 0, salt, baseSequence: 0, sites: storeSites });
  const segment = birth({ file: segmentFile(1, 0), height: 1, life: 0, salt, baseSequence: 0, sites: segmentSites });
  const attestation = { height: 1, life: 0, sequence: segment.writer.sequence, signedHeight: 0, signedRound: 0, signedKind: 0 };
  return withParentSyncs([
    ...named.map(({ file }): BootStep => ({ site: 'segment.prune', operation: { type: 'remove', file } })),
    ...(attest === 'strict' && hasLog ? attestBirth(attestFile(0), attestation) : []),
    ...store.steps,
    ...(hasLog ? segment.steps : []),
  ]);
}
