/** The schema of what nodes do: their timeouts, their application, their lies and their log. */
import { z } from 'zod';
import { allRoleNames } from '../actors/byzantine/index.ts';
import { conducts, requests } from './application.ts';
import { count, duration, name, units, whole } from './schema-words.ts';
import { signedKinds } from './signers.ts';

const span = z.union([
  whole,
  z.tuple([whole, whole]).describe('the first and the last one'),
  z.strictObject({ from: whole.describe('from this one on') }),
]);

export const timeouts: z.ZodType = z.array(
  z.strictObject({
    nodes: z.array(name).optional().describe('at these nodes (default: all)'),
    from: count.optional().describe('from this height on (default: 1)'),
    propose: duration.optional().describe('how long a node waits for a proposal in round 0 (default: 300 ms)'),
    prevote: duration.optional().describe('how long a node waits for more prevotes in round 0 (default: 100 ms)'),
    precommit: duration.optional().describe('how long a node waits for more precommits in round 0 (default: 100 ms)'),
    growth: z
      .union([
        duration,
        z.strictObject({
          propose: duration.optional().describe('added to `propose` with each round (default: 50 ms)'),
          prevote: duration.optional().describe('added to `prevote` with each round (default: 50 ms)'),
          precommit: duration.optional().describe('added to `precommit` with each round (default: 50 ms)'),
        }),
      ])
      .optional()
      .describe(
        'the time that each further round adds to a timeout: one time for all timeouts, or one for each (default: 50 ms)',
      ),
    rebroadcast: duration.optional().describe('how often a node repeats its messages of the current round (default: 500 ms)'),
    status: duration
      .optional()
      .describe('how often a node sends its status, which contains its height, to its peers (default: 400 ms)'),
    statusOnDecision: z
      .boolean()
      .optional()
      .describe('true: a node also sends its status when it has stored a decision (default: false)'),
  }),
);

export const application: z.ZodType = z.array(
  z.strictObject({
    does: z
      .enum(conducts)
      .describe(
        'what the application does wrong. `fails`: executing a decision fails, and the node stops. `restarts-height`: the first time in a life that it gets a decision of a height, it cannot commit it, and asks the node to begin the height anew; nothing is stored before that. `executes-otherwise`: executing a decision leads to another state than at other nodes; each value names the state that it was made on, so the nodes notice',
      ),
    nodes: z.array(name).optional().describe('at these nodes (default: all)'),
    heights: span.optional().describe('at these heights only (default: all)'),
    rounds: span.optional().describe('in these rounds only (default: all)'),
    lives: span
      .optional()
      .describe('in these lives of the node only; life 0 begins at its first start, life 1 after its first death (default: all)'),
    by: duration.optional().describe('only for `slow`, and required there: how long an answer takes (default: not slow)'),
    of: z.array(z.enum(requests)).optional().describe('only for `slow`: the requests whose answers are slow (default: all)'),
  }),
);

export const lie: z.ZodType = z.strictObject({
  role: z.string().meta({ description: 'what the node does, by the name of its role', examples: allRoleNames }),
  heights: span.optional().describe('at these heights only (default: all)'),
  rounds: span.optional().describe('in these rounds only (default: all)'),
  kinds: z
    .array(z.enum(['proposal', 'prevote', 'precommit', 'certificate']))
    .optional()
    .describe('only lies about these messages (default: all that the role lies about)'),
  to: z
    .array(name)
    .optional()
    .describe(
      'the peers that get the lie; the others get the true message (default: all peers or one half of them, as the role says)',
    ),
});

export const signer: z.ZodType = z.strictObject({
  file: z
    .literal(true)
    .describe(
      'its signer keeps a file of what it signed last. It signs nothing that conflicts, and a log that has lost its end is found',
    ),
  refuses: z
    .strictObject({
      heights: span.optional().describe('at these heights only (default: all)'),
      rounds: span.optional().describe('in these rounds only (default: all)'),
      kinds: z.array(z.enum(signedKinds)).optional().describe('these messages only (default: all)'),
    })
    .optional()
    .describe('what it does not sign at all, as a signer that cannot be reached (default: nothing)'),
});

/** The keys of `app` that are about the state of the application. */
const entries = z.number().int().min(1).register(units, { unit: 'entries' });

export const raft: z.ZodType = z.strictObject({
  snapshotEvery: entries
    .optional()
    .describe('a node takes a snapshot after this many applied entries, and drops them from its log (default: never)'),
  preVote: z
    .boolean()
    .optional()
    .describe('a node asks whether the others would vote for it before it begins a term (default: false)'),
  members: z.array(name).optional().describe('the members at the start; only with `changes` (default: all nodes)'),
  changes: z
    .array(
      z.strictObject({
        after: entries.describe(
          'the leader makes the change when its log has this many entries, and the change before is committed',
        ),
        add: name.optional().describe('the node that becomes a member; either this or `remove` (default: none)'),
        remove: name.optional().describe('the node that is a member no longer; either this or `add` (default: none)'),
      }),
    )
    .optional()
    .describe('changes of members, one at a time and in this order; only with `preVote: true` (default: none)'),
});

export const store: { readonly store: z.ZodType; readonly flushEvery: z.ZodType } = {
  store: z
    .enum(['block', 'own'])
    .optional()
    .describe(
      'where the state of the application is. `block`: it is part of each block. `own`: it is in a store of its own, which can lack the last blocks. At a start the application executes again the blocks that it has not committed (default: block)',
    ),
  flushEvery: count
    .optional()
    .describe('only for `own`: the application makes its store durable at heights that are a multiple of this (default: 1)'),
};

export const voteExtensions: z.ZodType = z
  .strictObject({ from: count.optional().describe('the first height whose votes are extended (default: 1)') })
  .describe(
    "each precommit for a value carries an extension that the validator's application makes, and makes anew when it is asked again. The application of each receiver checks it. The value of the next height contains the extensions of the commit (default: votes have no extensions)",
  );

export const attest: z.ZodType = z.enum(['next', 'strict']).optional();
export const attestText: string =
  'the durable evidence that a flush was done. `next`: the next frame of the log. `strict`: a record in a second file, before any message leaves; this costs a second fsync';
export const onCorrupt: z.ZodType = z.enum(['halt', 'abstain']).optional();
export const onCorruptText: string =
  'what a node does when its log is damaged, missing or wiped. `halt`: it stops. `abstain`: it follows without voting';
export const replayDelay: z.ZodType = duration.describe(
  'how long a node that comes back waits before it replays its log, so that value sync can go first. Until then it sends no message of consensus. If its peers have decided the height, it takes their decision, and its log of that height is not replayed (default: it does not wait)',
);
