/**
 * The rules of the handshake between an application with a store of its own and the block store. Each rule can be replaced, so that a broken node is made
 * from the honest one.
 */
import type { Block } from './block.ts';

export interface Handshake {
  /** The blocks that the application executes again, of those that it has not executed, oldest first. */
  repeated(missing: readonly Block[]): readonly Block[];
  /** Why the application must not go on, from the digest of its state after a height and that in the block of this height; undefined: it may. */
  difference(height: number, found: number, inBlock: number): string | undefined;
}

export const honestHandshake: Handshake = {
  repeated: (missing) => missing,
  difference: (height, found, inBlock) =>
    found === inBlock
      ? undefined
      : `after height ${height} the application's state is ${inHex(found)}, and block ${height} was stored with ${inHex(inBlock)}: the application has executed otherwise than before, and must not go on`,
};

function inHex(digest: number): string {
  return digest.toString(16).padStart(8, '0');
}
