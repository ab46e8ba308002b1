/**
 * Keys apart from nodes. A statement names its signer by the key, and two machines may hold one. So rules about votes are about keys, and rules about
 * a log are about the machine that has it.
 */
import type { Observer, Setting } from '../../core/events.ts';

/** The name under which this node signs. */
export type SignerOf = (node: string) => string;

/** From the configurations of the nodes; a node without one signs by its own name. */
export function signersIn({ configurations }: Setting): SignerOf {
  return (node) => (configurations.get(node) as { readonly self?: string } | undefined)?.self ?? node;
}

/** Whether some machine that holds this key is faulty: then nothing is owed that is signed with it. */
export function isFaultyKey(observer: Observer, { nodes }: Setting, signerOf: SignerOf, key: string): boolean {
  return nodes.some((node) => signerOf(node) === key && observer.isFaulty(node));
}
