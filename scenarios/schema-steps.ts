/** The schema of the steps of a script. */
import { z } from 'zod';
import { count, duration, image, moment, name, site } from './schema-words.ts';

const howOften = {
  nth: count
    .optional()
    .describe('which effect of this site it is, counted from 1 after the script reached this step (default: 1)'),
};
const survivors = {
  image: image
    .optional()
    .describe('which unsynced bytes survive a power loss: `none`, `all`, a prefix, or some sectors (default: none)'),
};
/** When a node dies. `more` are the further keys of this kind of death. */
function strikes(more: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z.union([
    z.null(),
    z.strictObject({ before: site.describe('just before an effect of this site is carried out'), ...howOften, ...more }),
    z.strictObject({ after: site.describe('just after an effect of this site was carried out'), ...howOften, ...more }),
    z.strictObject({ torn: site.describe('in the middle of a write of this site'), ...howOften, ...more }),
  ]);
}

const whose = { node: name.optional().describe("the node that reports the event (default: the script's own node)") };
const diskOf = name
  .optional()
  .describe(
    'the node that is started gets a copy of what is durable at that moment on the disk of this other node (default: it starts with an empty disk)',
  );
const signerOf = name
  .optional()
  .describe(
    "the node that is started gets a copy of this other node's signer's file, and a new log (default: it starts with a new file)",
  );
const as = z
  .string()
  .optional()
  .describe(
    'a name for this step. Later steps can compare with its event (`sameAs`), and a variant can say that the step must fail (default: no name)',
  );

export const stepSchema: z.ZodType = z.union([
  z.strictObject({
    startsLate: z
      .union([
        z.strictObject({ after: duration.describe('time from the start of the run'), diskOf, signerOf }),
        z.strictObject({
          at: z
            .strictObject({
              ...moment,
              node: name.optional().describe('the node that reports the event (default: any node)'),
            })
            .describe('the event at which the node is started'),
          diskOf,
          signerOf,
        }),
      ])
      .describe(
        'allowed as the first step only: the node is not started at the beginning of the run, but after a time or at an event',
      ),
  }),
  z.strictObject({ neverStarts: z.null().describe('the only step: the node is never started') }),
  z.strictObject({
    waitUntil: z
      .strictObject({
        ...moment,
        ...whose,
        within: duration.optional().describe('the step fails if the event has not come after this time (default: no limit)'),
        as,
      })
      .describe('the script waits for an event'),
  }),
  z.strictObject({
    never: z
      .strictObject({ ...moment, ...whose, for: duration.describe('how long the event must not come'), as })
      .describe('the event must not come for some time; after that time the script goes on'),
  }),
  z.strictObject({
    expect: z
      .strictObject({
        ...moment,
        ...whose,
        within: duration.optional().describe('the step fails if the event has not come after this time (default: no limit)'),
        sameAs: z
          .string()
          .optional()
          .describe(
            'the name (`as`) of an earlier step; its event and this one must have the same value and height (default: not compared)',
          ),
        differsFrom: z
          .string()
          .optional()
          .describe(
            'the name (`as`) of an earlier step; its event and this one must differ in value or height (default: not compared)',
          ),
        as,
      })
      .describe('the event must come'),
  }),
  z.strictObject({
    crash: strikes(survivors).describe(
      'the power of the node fails: at once (`null`), or at an effect of a site. Its page cache is lost',
    ),
  }),
  z.strictObject({
    kill: strikes({}).describe('the process of the node dies: at once (`null`), or at an effect of a site. Its page cache stays'),
  }),
  z.strictObject({
    restart: z
      .strictObject({ after: duration.describe('how long the node stays down') })
      .describe('a node that is down is started again'),
  }),
  z.strictObject({
    isolate: z
      .union([
        z.null(),
        z.strictObject({ for: duration.describe('how long it is cut off. Write `isolate: null` for the rest of the run') }),
      ])
      .describe('the node is cut off from all others'),
  }),
  z.strictObject({
    flipBit: z
      .enum(['middle', 'last'])
      .describe(
        'one bit flips in the log of a node that is down. `middle`: in the newest frame that has a later frame after it. `last`: in the last frame',
      ),
  }),
  z.strictObject({ wipe: z.null().describe('the disk of a node that is down is replaced by an empty one') }),
  z.strictObject({
    failFsync: z.null().describe('the next fsync of the log fails, and what it should have made durable is lost'),
  }),
  z.strictObject({ stayDown: z.null().describe('the last step: a node that is down is not started again') }),
]);
