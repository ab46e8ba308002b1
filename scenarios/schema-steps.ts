/** The steps of a script, as a schema. */
import { z } from 'zod';
import { count, duration, image, moment, name, site } from './schema-words.ts';

const howOften = { nth: count.optional().describe('the n-th effect of this site from here on, counted from 1 (default: 1)') };
const survivors = {
  image: image
    .optional()
    .describe('which unsynced bytes survive a power loss: `none`, `all`, a prefix, or some sectors (default: none)'),
};
/** A site at which a node dies; `more`: what else a death of this kind says. */
function strikes(more: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z.union([
    z.null(),
    z.strictObject({ before: site.describe('just before an effect of this site is carried out'), ...howOften, ...more }),
    z.strictObject({ after: site.describe('just after an effect of this site was carried out'), ...howOften, ...more }),
    z.strictObject({ torn: site.describe('in the middle of a write of this site'), ...howOften, ...more }),
  ]);
}

const whose = { node: name.optional().describe("whose event it is (default: that of the script's own node)") };
const diskOf = name
  .optional()
  .describe('it begins with a copy of what is durable on the disk of this node by then (default: with a new log)');
const signerOf = name
  .optional()
  .describe("it begins with a copy of this node's signer's file, and with a new log (default: with a new file)");
const as = z
  .string()
  .optional()
  .describe('a name for this moment, and for this step where a variant expects it to fail (default: no name)');

export const stepSchema: z.ZodType = z.union([
  z.strictObject({
    startsLate: z
      .union([
        z.strictObject({ after: duration.describe('time from the start of the run'), diskOf, signerOf }),
        z.strictObject({
          at: z
            .strictObject({
              ...moment,
              node: name.optional().describe('whose event it is (default: that of any node)'),
            })
            .describe('the moment at which the node is started'),
          diskOf,
          signerOf,
        }),
      ])
      .describe('the first step: the node is started after a time, or when a moment comes'),
  }),
  z.strictObject({ neverStarts: z.null().describe('the only step: the node is never started') }),
  z.strictObject({
    waitUntil: z
      .strictObject({
        ...moment,
        ...whose,
        within: duration.optional().describe('the step fails when the moment takes longer (default: no limit)'),
        as,
      })
      .describe('the script goes on when the moment has come'),
  }),
  z.strictObject({
    never: z
      .strictObject({ ...moment, ...whose, for: duration.describe('how long the moment must not come'), as })
      .describe('the moment must not come for some time; then the script goes on'),
  }),
  z.strictObject({
    expect: z
      .strictObject({
        ...moment,
        ...whose,
        within: duration.optional().describe('the step fails when the moment takes longer (default: no limit)'),
        sameAs: z
          .string()
          .optional()
          .describe('the name (`as`) of an earlier moment whose value and height must be equal (default: not compared)'),
        differsFrom: z
          .string()
          .optional()
          .describe('the name (`as`) of an earlier moment whose value or height must differ (default: not compared)'),
        as,
      })
      .describe('the moment must come'),
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
        z.strictObject({ for: duration.describe('how long; with `null` in place of the map: until the end of the run') }),
      ])
      .describe('the node is cut off from all others'),
  }),
  z.strictObject({
    flipBit: z
      .enum(['middle', 'last'])
      .describe(
        'a bit flips in the log of a node that is down: in the newest frame that a later one attests, or in the last frame',
      ),
  }),
  z.strictObject({ wipe: z.null().describe('the disk of a node that is down is replaced by an empty one') }),
  z.strictObject({
    failFsync: z.null().describe('the next fsync of the log fails, and what it should have made durable is lost'),
  }),
  z.strictObject({ stayDown: z.null().describe('the last step: a node that is down is not started again') }),
]);
