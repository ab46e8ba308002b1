/**
 * The rule of a signer that keeps its last signature in a file. It signs a message for a later place, or the same bytes again, and refuses all
 * others. After CometBFT's `CheckHRS` (privval/file.go) and tmkms.
 *
 * The rule does not replace a lost log: the node may have forgotten its lock, and vote against it in a later round. A node that detects the loss
 * refuses earlier (wal/plan-signer.ts). This rule is the last defence of a node that does not detect it.
 */
import { comparePlaces, type Signed } from '../../wal/index.ts';

/** `CONFLICT`: other bytes were signed at this place. `REGRESSION`: a later place was signed. `UNAVAILABLE`: the signer does not answer. */
export type RefusalCode = 'CONFLICT' | 'REGRESSION' | 'UNAVAILABLE';

export interface SigningGuard {
  /** Why the signer refuses `next` after it signed `last`; undefined if it signs. */
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
