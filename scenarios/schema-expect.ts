/** The schema of variants and of expectations. */
import { z } from 'zod';
import { attest, attestText, onCorrupt, onCorruptText, raft, store } from './schema-nodes.ts';
import { duration, moment, name, whole } from './schema-words.ts';

export const variant: z.ZodType = z.strictObject({
  name: z.string().describe('the name of the variant, by which `--variant` finds it'),
  wal: z
    .enum(['file', 'none'])
    .optional()
    .describe('`none`: the nodes keep no log. This is the same as `break: no-wal` (default: file)'),
  disk: z
    .strictObject({
      fsync: z.enum(['honest', 'skip']).describe('`skip`: the log is never synced. This is the same as `break: no-fsync`'),
    })
    .optional()
    .describe('how the nodes use their disks (default: as they should)'),
  break: z
    .string()
    .optional()
    .describe(
      'an exhibit (a broken node) that runs in place of the honest node: a name from [the museum](../museum.md), or the path of a file (default: none)',
    ),
  attest: attest.describe(`${attestText} (default: that of the scenario)`),
  onCorrupt: onCorrupt.describe(`${onCorruptText} (default: that of the scenario)`),
  raft: raft.optional().describe('what nodes of Raft do beside elections and replication (default: as in the scenario)'),
  app: z.strictObject(store).optional().describe('where the state of the application is (default: where it is in the scenario)'),
  signers: z.literal('none').optional().describe('`none`: no signer has a file (default: those of the scenario)'),
  mustReach: z
    .array(z.string())
    .optional()
    .describe('marks that this variant must reach, besides those of the scenario (default: none)'),
  expect: z
    .strictObject({
      fail: z
        .array(z.string())
        .describe('the properties that must be violated; no others may be. Write `[]` if only steps must fail'),
      steps: z
        .array(z.string())
        .optional()
        .describe('the steps and expectations that must fail, by the name in their key `as` (default: none)'),
    })
    .optional()
    .describe('what must fail in this variant; everything else must hold (default: nothing fails)'),
});

const absence = {
  from: duration.optional().describe('it is forbidden from this time on (default: the beginning)'),
  nodes: z.array(name).optional().describe('at these nodes (default: all)'),
  as: z
    .string()
    .optional()
    .describe('a name for this expectation, so that a variant can say that it must fail (default: no name)'),
};

export const expectation: z.ZodType = z.union([
  z.string(),
  z.strictObject({
    decides: whole.describe('every correct node must decide this height'),
    within: duration.optional().describe('the latest time of the run at which they have decided (default: 60 s)'),
    nodes: z.array(name).optional().describe('only these nodes (default: all)'),
    as: z
      .string()
      .optional()
      .describe('a name for this expectation, so that a variant can say that it must fail (default: no name)'),
  }),
  z.strictObject({
    never: z
      .strictObject({
        ...moment,
        ...absence,
        until: duration.optional().describe('it is forbidden until this time (default: the end of the run)'),
      })
      .describe('the event must not happen'),
  }),
  z.strictObject({
    decidesNothing: z
      .strictObject({ ...absence, until: duration.describe('decisions are forbidden until this time') })
      .describe('no node, or no node of `nodes`, may decide a height'),
  }),
]);
