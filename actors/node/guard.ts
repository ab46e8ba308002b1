/**
 * What a signer with a file of its own asks before it signs. It signs what comes after the last message that it signed, and the same bytes
 * again; everything else at or below that one it refuses. After CometBFT's `CheckHRS` (privval/file.go) and tmkms.
 *
 * It does not make up for a lost log: a node may have forgotten its lock, and vote against it in a later round. So an honest node that
 * learns of a lost log does not come here (wal/plan-signer.ts). This is the last door, for a node that does not learn of it.
 */
import { comparePlaces, type Signed } from '../../wal/index.ts';

/** `CONFLICT`: something else was signed at this place. `REGRESSION`: something later was signed. `UNAVAILABLE`: the signer does not answer. */
export type RefusalCode = 'CONFLICT' | 'REGRESSION' | 'UNAVAILABLE';

export interface SigningGuard {
  /** Why `next` is not signed after `last`; undefined: it is signed. */
  refusal(last: Signed, next: Signed): RefusalCode | undefined;
}

export const signsForwards: SigningGuard = {
  refusal: (last, next) => {
    const order = comparePlaces(next, last);
    if (order > 0 || (order === 0 && isSame(next.bytes, last.bytes))) return undefined;
    return order === 0 ? 'CONFLICT' : 'REGRESSION';
  },
};

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
