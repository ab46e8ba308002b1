/**
 * Keys apart from nodes. A statement names its signer by the key, and two machines may hold one. So rules about votes are about keys, and rules about
 * a log are about the machine that has it.
 */
import type { Observer, Setting } from '../../core/events.ts';
import { perObject } from '../../core/per-object.ts';

/** The name under which this node signs. */
export type SignerOf = (node: string) => string;

/** From the configurations of the nodes; a node without one signs by its own name. All rules of one setting share it. */
export const signersIn: (setting: Setting) => SignerOf = perObject(({ nodes, configurations }: Setting): SignerOf => {
  const signers = new Map(
    nodes.map((node) => [node, (configurations.get(node) as { readonly self?: string } | undefined)?.self ?? node]),
  );
  return (node) => signers.get(node) ?? node;
});

/** The machines that hold each key. */
export const holdersIn: (setting: Setting) => ReadonlyMap<string, readonly string[]> = perObject((setting: Setting) => {
  const signerOf = signersIn(setting);
  const holders = new Map<string, readonly string[]>();
  for (const node of setting.nodes) holders.set(signerOf(node), [...(holders.get(signerOf(node)) ?? []), node]);
  return holders;
});

/** Whether some machine that holds this key is faulty: then nothing is owed that is signed with it. */
export function isFaultyKey(observer: Observer, setting: Setting, key: string): boolean {
  const holders = holdersIn(setting).get(key);
  return holders?.some((node) => observer.isFaulty(node)) === true;
}
