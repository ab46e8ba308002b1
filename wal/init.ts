/**
 * `init`: the only thing that makes a log out of nothing. Attest file, store, first segment (a node without a key: the store alone), in this order, each synced with its
 * name, and each directory with its own; life 0 is its own. It starts over where an `init` has died, and refuses where a node has run.
 */
import { attestBirth, attestFile } from './attest.ts';
import { RecoveryError } from './errors.ts';
import { namedFiles } from './folder.ts';
import type { ByteSource } from './frames.ts';
import { withParentSyncs } from './parent-folders.ts';
import { type BootStep, birth, segmentFile, segmentSites, storeFile, storeSites } from './writer.ts';

/** Throws `RecoveryError` (`ALREADY_INITIALIZED`) when there is a file of a life above 0. */
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
