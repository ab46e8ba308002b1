/** Nodes that say of themselves, or believe of others, what is not so. */
import type { Effect } from '../actors/effects.ts';
import type { LogWriter } from '../wal/index.ts';
import type { Exhibit } from './exhibit.ts';
import { wrapActor } from './wrap.ts';

export const syncedClaimsTooMuch: Exhibit = {
  name: 'synced-claims-too-much',
  bug: 'Each frame says that all before it were durable when it was written, whether they were synced or not: a legal torn batch is called corrupt.',
  source: 'LOG.md, recovery of one file: only a frame of a later batch may speak of bad bytes before it',
  rule: 'synced is what the writer knew durable',
  expected: ['comes-back'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      const shell = step.state as { readonly writer?: LogWriter };
      if (shell.writer === undefined) return step;
      return { ...step, state: { ...shell, writer: { ...shell.writer, synced: shell.writer.sequence } } };
    }),
};

export const signaturesUnchecked: Exhibit = {
  name: 'signatures-unchecked',
  bug: 'Messages are taken as they come: a damaged vote counts for another value.',
  source: 'a batch verifier that is switched off for blocks "already checked" by somebody else',
  rule: 'the network actor checks the signatures of what comes in',
  expected: ['certificate'],
  parts: (parts) => ({ ...parts, signer: { ...parts.signer, verify: () => true } }),
};

export const abstainsTooShort: Exhibit = {
  name: 'abstains-too-short',
  bug: 'A node that lost its log abstains until the height that the others are at is decided, and not one more; or it believes the lowest answer.',
  source: 'LOG.md, halt or abstain: "until that height is decided" is unsafe, the node may have voted at h+1',
  rule: 'abstain through P+1',
  expected: ['no-equivocation'],
  spec: (spec) =>
    wrapActor(spec, 'network', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      const effects = step.effects.map((effect): Effect => {
        if (effect.type !== 'tell' || effect.message.type !== 'abstain.until') return effect;
        const { until } = effect.message as unknown as { readonly until: number };
        return { ...effect, message: { ...effect.message, until: Math.max(1, until - 2) } as typeof effect.message };
      });
      return { ...step, effects };
    }),
};
