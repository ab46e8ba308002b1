/**
 * A boot whose signer has a file. A frame is durable before the file speaks of it, so a file that is ahead says that the log has lost its end:
 * the log counts as damaged. A file that names less than the log is what a death leaves: there the log decides.
 */
import { RecoveryError } from './errors.ts';
import { corruptRemedy } from './folder.ts';
import type { ByteSource } from './frames.ts';
import { type BootOptions, type BootPlan, planBoot } from './plan-recovery.ts';
import { comparePlaces, nothingSigned, readSigner, replaceSigner, type Signed, type SignerState } from './signer-file.ts';
import type { BootStep } from './writer.ts';

/** What an own message signs, from its payload. */
export type SignedIn = (payload: Uint8Array) => Signed;

/** Throws `RecoveryError`, and then nothing may be changed. */
export function planBootWithSigner(
  contents: ReadonlyMap<string, ByteSource>,
  options: BootOptions,
  signedIn: SignedIn,
): BootPlan {
  let signer: SignerState | undefined;
  const afterLog = (lastOwn: Uint8Array | undefined, stored: number): readonly BootStep[] => {
    const before = readSigner(contents);
    const logged = lastOwn === undefined ? nothingSigned : signedIn(lastOwn);
    const isBehind = comparePlaces(before.signed, logged) < 0;
    if (before.signed.height > stored && comparePlaces(before.signed, logged) > 0) throw endIsLost(before);
    // What was read may be in the page cache only, and what the log holds is said again without a new signature.
    const { state, steps } = replaceSigner(before, isBehind ? logged : before.signed);
    signer = state;
    return steps;
  };
  const plan = planBoot(contents, { ...options, afterLog });
  return signer === undefined ? plan : { ...plan, signer };
}

function endIsLost({ signed: { height, round }, files }: SignerState): RecoveryError {
  const found = `it names a message of height ${height}, round ${round} that the log does not hold, so the log has lost its end`;
  return new RecoveryError('CORRUPT', { file: files.at(-1) ?? '' }, found, corruptRemedy);
}

/** Undefined: no file of the signer is whole. */
export function lastSigned(contents: ReadonlyMap<string, ByteSource>): Signed | undefined {
  try {
    return readSigner(contents).signed;
  } catch (error) {
    if (error instanceof RecoveryError) return undefined;
    throw error;
  }
}
