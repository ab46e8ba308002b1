/** What nodes are like, as a schema: their timeouts, their application, their lies and their log. */
import { z } from 'zod';
import { allRoleNames } from '../actors/byzantine/index.ts';
import { conducts } from './application.ts';
import { count, duration, name, whole } from './schema-words.ts';
import { signedKinds } from './signers.ts';

const span = z.union([
  whole,
  z.tuple([whole, whole]).describe('the first and the last'),
  z.strictObject({ from: whole.describe('from this one on') }),
]);

export const timeouts: z.ZodType = z.array(
  z.strictObject({
    nodes: z.array(name).optional().describe('at these nodes (default: all)'),
    from: count.optional().describe('from this height on (default: 1)'),
    propose: duration.optional().describe('how long a node waits for a proposal in round 0 (default: 300 ms)'),
    prevote: duration.optional().describe('how long it waits for more prevotes in round 0 (default: 100 ms)'),
    precommit: duration.optional().describe('how long it waits for more precommits in round 0 (default: 100 ms)'),
    growth: z
      .union([
        duration,
        z.strictObject({
          propose: duration.optional().describe('of `propose` (default: 50 ms)'),
          prevote: duration.optional().describe('of `prevote` (default: 50 ms)'),
          precommit: duration.optional().describe('of `precommit` (default: 50 ms)'),
        }),
      ])
      .optional()
      .describe('how much longer each timeout is with each round: all the same, or each its own (default: 50 ms)'),
    rebroadcast: duration
      .optional()
      .describe('time after which a node sends again what it has sent in its round (default: 500 ms)'),
    status: duration.optional().describe('time between two statuses, by which peers learn how far a node is (default: 400 ms)'),
    statusOnDecision: z.boolean().optional().describe('a status also whenever a height is stored (default: false)'),
  }),
);

export const application: z.ZodType = z.array(
  z.strictObject({
    does: z
      .enum(conducts)
      .describe(
        'what it does; `fails`: while it executes a decision, and the node stops; `executes-otherwise`: to a state of its own, while values carry the state that they were made on',
      ),
    nodes: z.array(name).optional().describe('at these nodes (default: all)'),
    heights: span.optional().describe('at these heights only (default: all)'),
    rounds: span.optional().describe('in these rounds only (default: all)'),
    lives: span.optional().describe('in these lives of the node only; 0 is the life before its first death (default: all)'),
    by: duration.optional().describe('for `slow`, which needs it: how long an answer takes (default: not slow)'),
    of: z
      .array(z.enum(['propose', 'judge', 'commit']))
      .optional()
      .describe('for `slow`: which requests (default: all)'),
  }),
);

export const lie: z.ZodType = z.strictObject({
  role: z.string().meta({ description: 'what the node does, by the name of its role', examples: allRoleNames }),
  heights: span.optional().describe('at these heights only (default: all)'),
  rounds: span.optional().describe('in these rounds only (default: all)'),
  kinds: z
    .array(z.enum(['proposal', 'prevote', 'precommit', 'certificate']))
    .optional()
    .describe('about these messages only (default: all that the role lies about)'),
  to: z
    .array(name)
    .optional()
    .describe('the peers that hear the lie; the others hear the truth (default: as the role has it, all or one half)'),
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

export const attest: z.ZodType = z.enum(['next', 'strict']).optional();
export const attestText: string =
  'what makes a flush known to later lives: the next frame, or at once a second file (`strict`, two fsyncs for each release)';
export const onCorrupt: z.ZodType = z.enum(['halt', 'abstain']).optional();
export const onCorruptText: string =
  'what a node does whose log is damaged, missing or wiped: it halts, or follows without voting';
