/**
 * Which machine holds which key. A statement names its signer by the key, and two machines may hold the same key. So rules about votes judge keys, and
 * rules about logs judge machines.
 */
import type { Observer, Setting } from '../../core/events.ts';
import { perObject } from '../../core/per-object.ts';

/** The name of the key with which a node signs. */
export type SignerOf = (node: string) => string;

/** Reads the keys from the configurations of the nodes. A node without a configuration signs by its own name. The result is cached for each setting. */
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

/** Whether a machine that holds this key is faulty. Then no rule judges what is signed with the key. */
export function isFaultyKey(observer: Observer, setting: Setting, key: string): boolean {
  const holders = holdersIn(setting).get(key);
  return holders?.some((node) => observer.isFaulty(node)) === true;
}
