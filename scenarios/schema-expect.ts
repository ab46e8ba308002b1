/** Variants of a scenario, and what must come of a run, as a schema. */
import { z } from 'zod';
import { attest, attestText, onCorrupt, onCorruptText } from './schema-nodes.ts';
import { duration, moment, name, whole } from './schema-words.ts';

export const variant: z.ZodType = z.strictObject({
  name: z.string().describe('the name of the variant, by which `--variant` finds it'),
  wal: z
    .enum(['file', 'none'])
    .optional()
    .describe('`none`: the nodes keep no log; the exhibit `no-wal` by another name (default: file)'),
  disk: z
    .strictObject({
      fsync: z.enum(['honest', 'skip']).describe('`skip`: the log is never synced; the exhibit `no-fsync` by another name'),
    })
    .optional()
    .describe('how the nodes use their disks (default: as they should)'),
  break: z.string().optional().describe('an exhibit: the broken node that runs in place of the honest one (default: none)'),
  attest: attest.describe(`${attestText} (default: that of the scenario)`),
  onCorrupt: onCorrupt.describe(`${onCorruptText} (default: that of the scenario)`),
  signers: z.literal('none').optional().describe('`none`: no signer has a file (default: those of the scenario)'),
  mustReach: z
    .array(z.string())
    .optional()
    .describe('marks that this variant must reach, besides those of the scenario (default: none)'),
  expect: z
    .strictObject({
      fail: z.array(z.string()).describe('the properties that must be violated, and no others'),
      steps: z
        .array(z.string())
        .optional()
        .describe('steps and expectations that must fail, by the names that `as` gave them (default: none)'),
    })
    .optional()
    .describe('what must fail in this variant, and nothing else (default: nothing fails)'),
});

const absence = {
  from: duration.optional().describe('from this time on (default: the beginning)'),
  nodes: z.array(name).optional().describe('at these nodes (default: all)'),
  as: z.string().optional().describe('a name by which a variant expects it to fail (default: no name)'),
};

export const expectation: z.ZodType = z.union([
  z.string(),
  z.strictObject({
    decides: whole.describe('every correct node decides this height'),
    within: duration.optional().describe('at this time of the run at the latest (default: 60 s)'),
    nodes: z.array(name).optional().describe('only these nodes (default: all)'),
    as: z.string().optional().describe('a name by which a variant expects it to fail (default: no name)'),
  }),
  z.strictObject({
    never: z
      .strictObject({
        ...moment,
        ...absence,
        until: duration.optional().describe('until this time (default: the end of the run)'),
      })
      .describe('this moment never comes'),
  }),
  z.strictObject({
    decidesNothing: z
      .strictObject({ ...absence, until: duration.describe('until this time') })
      .describe('nobody, or none of the named nodes, decides anything'),
  }),
]);
