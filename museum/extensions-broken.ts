/** Nodes whose votes are extended, and that make an extension twice, lose it, or do not check it. */
import { encodeBlock, type HostState, type NodeParts } from '../actors/node/index.ts';
import type { NodeSpec } from '../actors/scheduler/index.ts';
import type { Effect } from '../core/effects.ts';
import { appendFrame } from '../wal/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hasStopped, wrapActor } from './wrap.ts';

export const extensionMadeAnew: Exhibit = {
  name: 'extension-made-anew',
  bug: 'After a restart the application is asked again for the extension of a precommit that has left: its new answer is signed and sent with the same vote.',
  source:
    'CometBFT, privval/file.go, signVote: where the vote is the same, the extension of a precommit is signed again, because an application may have made another one',
  rule: 'a precommit and its extension are logged together, and both are replayed',
  expected: ['vote-extension'],
  parts: (parts) => {
    const { definition } = parts;
    isExtension.set(parts.name, (bytes) => (definition.decode(bytes) as { readonly type?: unknown }).type === 'extension');
    return parts;
  },
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      if (message.type !== 'replay.frame') return receive(state, message, from);
      const { kind, payload } = message as unknown as { readonly kind: string; readonly payload: Uint8Array };
      if (kind === 'input' && isExtension.get(spec.name)?.(payload) === true) return { state, effects: [] };
      // Without the answer, replay does not derive the logged precommit.
      const step = receive(state, message, from);
      return hasStopped(step.effects, 'REPLAY_DIVERGENCE') ? { state, effects: [] } : step;
    }),
};

const isExtension = new Map<string, (bytes: Uint8Array) => boolean>();

export const extensionsNotStored: Exhibit = {
  name: 'extensions-not-stored',
  bug: 'A block is stored with its certificate, and the extensions are in memory only: a proposer that comes back at the next height has none for its value.',
  source:
    'tendermint issue 8272: vote extensions are gone after a restart; CometBFT, store/store.go, SaveBlockWithExtendedCommit, keeps them beside the block since',
  rule: 'a block is stored with the extensions of its certificate',
  expected: ['vote-extension'],
  parts: (parts) => {
    const { definition } = parts;
    plainDecisions.set(parts.name, (bytes) => definition.encodeDecision(withoutExtensions(definition.decodeDecision(bytes))));
    return parts;
  },
  spec: (spec) => storingPlainBlocks(spec),
};

const plainDecisions = new Map<string, (decision: Uint8Array) => Uint8Array>();

/** What goes to the disk has no extensions; what stays in memory has them. */
function storingPlainBlocks(spec: NodeSpec): NodeSpec {
  return wrapActor(spec, 'host', (receive) => (state, message, from) => {
    const { store } = state as HostState;
    const step = receive(state, message, from);
    const { pending } = step.state as HostState;
    const plain = plainDecisions.get(spec.name);
    if (store === undefined || pending === undefined || plain === undefined || message.type !== 'decide') return step;
    const { writer, bytes } = appendFrame(
      store,
      'block',
      encodeBlock({ ...pending.block, decision: plain(pending.block.decision) }),
    );
    const effects = step.effects.map((effect): Effect => {
      if (effect.type !== 'disk' || effect.operation.type !== 'append') return effect;
      return { ...effect, operation: { ...effect.operation, bytes } };
    });
    return { state: { ...(step.state as HostState), store: writer }, effects };
  });
}

export const syncedWithoutExtensions: Exhibit = {
  name: 'synced-without-extensions',
  bug: 'A decision that comes by value sync has a certificate without extensions. The node stores it like that, and proposes the next value without them.',
  source:
    'Malachite, core-consensus/src/handle/decide.rs (4e8bb7d): a decision of value sync has no extensions, as a FIXME there says',
  rule: 'value sync brings the extensions of a certificate, too',
  expected: ['vote-extension'],
  parts: (parts) => {
    const { definition } = parts;
    return {
      ...parts,
      definition: {
        ...definition,
        receive: (data, from, verify) => {
          const input = definition.receive(data, from, verify);
          const { type, decisions } = (input ?? {}) as { readonly type?: string; readonly decisions?: readonly object[] };
          if (type !== 'synced' || decisions === undefined) return input;
          return { ...input, decisions: decisions.map(withoutExtensions) } as typeof input;
        },
      },
    };
  },
};

export const extensionUnverified: Exhibit = {
  name: 'extension-unverified',
  bug: 'The application is not asked about the extensions of other validators: one that it would refuse counts, and is stored and proposed with the others.',
  source:
    'ABCI 2.0 specification, VerifyVoteExtension: a precommit whose extension the application rejects must not count; Malachite, core-consensus/src/handle/vote.rs, verify_vote_extension',
  rule: 'the application checks each extension before its vote counts',
  expected: ['vote-extension'],
  parts: (parts) => withoutChecks(parts),
};

export const extensionSignatureUnchecked: Exhibit = {
  name: 'extension-signature-unchecked',
  bug: 'The signature of the vote is checked, and that of its extension is not: bytes that the validator never signed are stored and proposed as its extension.',
  source:
    'CometBFT, types/vote.go, VerifyVoteAndExtension: the signature of an extension is checked apart from that of the vote, because the latter does not cover it',
  rule: 'the two signatures of an extended precommit are both checked',
  expected: ['vote-extension'],
  parts: (parts) => {
    const { signer } = parts;
    const verify: typeof signer.verify = (name, bytes, signature) =>
      isOfExtension(bytes) || signer.verify(name, bytes, signature);
    return { ...parts, signer: { ...signer, verify } };
  },
};

function isOfExtension(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 9)) === 'extension';
}

function withoutChecks<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
): NodeParts<Config, State, Input, Said, AppState> {
  const { application } = parts;
  const isVote = (input: unknown): boolean => (input as { readonly type?: unknown }).type === 'vote';
  return {
    ...parts,
    application: { ...application, judge: (state, input) => (isVote(input) ? input : application.judge(state, input)) },
  };
}

function withoutExtensions(decision: unknown): object {
  const { votes, ...rest } = decision as { readonly votes: readonly (readonly unknown[])[] };
  return { ...rest, votes: votes.map(([validator, signature]) => [validator, signature]) };
}
