/** Broken nodes with false data: their log makes wrong claims, they believe wrong messages or values, or they count the wrong validators. */
import type { Effect } from '../core/effects.ts';
import type { LogWriter } from '../wal/index.ts';
import { withHandshake } from './application-broken.ts';
import type { Exhibit } from './exhibit.ts';
import { wrapActor } from './wrap.ts';

export const syncedClaimsTooMuch: Exhibit = {
  name: 'synced-claims-too-much',
  bug: 'Each frame says that all before it were durable when it was written, whether they were synced or not: a legal torn batch is called corrupt.',
  source: 'RocksDB pull request 10185: the size recorded as synced was more than had been, and recovery called the file corrupt',
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

export const syncedOneTooLow: Exhibit = {
  name: 'synced-one-too-low',
  bug: 'Each frame names the last durable frame one too low: damage to the last frame that was flushed passes for a torn tail.',
  source:
    'Alagappan and others, Protocol-Aware Recovery for Consensus-Based Storage (FAST 2018): taking damage for a crash cuts away what was acknowledged',
  rule: 'synced names the last frame that was known to be durable',
  expected: ['replay-equivalence'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      const before = (state as { readonly writer?: LogWriter }).writer?.synced ?? 0;
      const shell = step.state as { readonly writer?: LogWriter };
      if (shell.writer === undefined || shell.writer.synced <= before) return step;
      return { ...step, state: { ...shell, writer: { ...shell.writer, synced: shell.writer.synced - 1 } } };
    }),
};

export const signaturesUnchecked: Exhibit = {
  name: 'signatures-unchecked',
  bug: 'Messages are taken as they come: a damaged vote counts for another value.',
  source: 'Malachite issue 974: polka certificates were taken without verification',
  rule: 'the network actor checks the signatures of what comes in',
  expected: ['certificate'],
  parts: (parts) => ({ ...parts, signer: { ...parts.signer, verify: () => true } }),
};

export const abstainsTooShort: Exhibit = {
  name: 'abstains-too-short',
  bug: 'A node that lost its log abstains for two heights less than it must.',
  source: 'paritytech/polkadot-sdk issue 93: a voter without its database comes back early, on what others say was its last vote',
  rule: 'with P the highest height that a peer answers: abstain through P+1',
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

export const duplicatesLogged: Exhibit = {
  name: 'duplicates-logged',
  bug: 'A vote of the present height is logged also when it has come before: peers that repeat themselves fill the log.',
  source: 'tendermint issue 8734: each message is written to the log before anything asks whether it is used',
  rule: 'duplicates are dropped before they are logged',
  expected: ['bounded-log'],
  parts: (parts) => {
    const { definition } = parts;
    const isVote = (input: unknown): boolean => (input as { readonly type?: unknown }).type === 'vote';
    const isPresent = (state: unknown, input: unknown): boolean =>
      (state as { readonly core?: { readonly height?: number } }).core?.height === (input as { readonly height?: number }).height;
    return {
      ...parts,
      definition: {
        ...definition,
        admit: (state, input) => {
          const admission = definition.admit(state, input);
          return admission === 'drop' && isVote(input) && isPresent(state, input) ? 'log' : admission;
        },
      },
    };
  },
};

export const splitMembership: Exhibit = {
  name: 'split-membership',
  bug: 'Each half of the nodes was given a list of validators with its own half only.',
  source:
    'Consul documentation, Bootstrap a Datacenter: servers told unlike cluster sizes may split in two; cf. the Raft paper (2014), section 6',
  rule: 'one validator set a height',
  expected: ['agreement'],
  parts: (parts) => {
    const names = [parts.name, ...parts.peers].sort();
    const half = names.slice(0, names.length / 2).includes(parts.name)
      ? names.slice(0, names.length / 2)
      : names.slice(names.length / 2);
    const validatorSets = [{ from: 1, validators: half.map((name) => [name, 1] as const) }];
    return { ...parts, config: { ...parts.config, validatorSets } };
  },
};

export const validityUnchecked: Exhibit = {
  name: 'validity-unchecked',
  bug: 'The application proposes what it should refuse, and calls every proposal valid.',
  source: 'CometBFT, abci/types/application.go:107, BaseApplication.ProcessProposal: accepts whatever is proposed (5bba72c)',
  rule: 'a value is judged before it is voted for',
  expected: ['validity'],
  parts: (parts) => {
    const { application } = parts;
    return {
      ...parts,
      application: {
        ...application,
        answer: (state, request, nonce) => {
          const answer = application.answer(state, request, nonce) as { readonly value: string };
          return { ...answer, value: `invalid-${answer.value}` } as never;
        },
        judge: (_state, input) => ({ ...input, validity: true }),
      },
    };
  },
};

export const bytesUnchecked: Exhibit = {
  name: 'bytes-unchecked',
  bug: 'Nobody compares the bytes of a value with its id. Signatures cover the id alone, so bytes that were changed on the way are decided.',
  source:
    'our own node: bytes that were damaged while it caught up were stored, until a property compared them with the proposal',
  rule: 'the bytes of a value are compared with its id',
  expected: ['decided-bytes'],
  parts: (parts) => {
    const { application } = parts;
    return {
      ...parts,
      application: {
        ...application,
        judge: (state, input) => {
          const judged = application.judge(state, input);
          return { ...input, ...judged, ...('decisions' in (input as object) ? input : { validity: true }) };
        },
      },
    };
  },
};

let asked = 0;

export const unseededChoice: Exhibit = {
  name: 'unseeded-choice',
  bug: 'The application names its values by a counter that outlives the run: the same seed gives another run.',
  source: 'apple/foundationdb pull request 11766: draws made before the generator had its seed made two runs of one seed differ',
  rule: 'no clock, no randomness in an actor',
  expected: ['determinism'],
  parts: (parts) => {
    const { application } = parts;
    return {
      ...parts,
      application: {
        ...application,
        answer: (state, request, nonce) => {
          asked += 1;
          return application.answer(state, request, `${nonce}-${asked}`);
        },
      },
    };
  },
};

export const divergenceUnnoticed: Exhibit = {
  name: 'divergence-unnoticed',
  bug: 'A node does not compare the state that a decided value builds on with the state of its own application. If they differ, it goes on.',
  source:
    'bnb-chain/node-binary issue 204 and orientwalt/htdf issue 58: after an upgrade replay computes another application hash; cf. CometBFT, state/validation.go, validateBlock (5bba72c)',
  rule: 'a node whose state is not that of the chain halts',
  expected: ['integrity'],
  parts: (parts) => {
    const { refusal: _never, ...application } = parts.application;
    return withHandshake({ ...parts, application }, { difference: () => undefined });
  },
};
