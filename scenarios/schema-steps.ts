/** The steps of a script, as a schema. */
import { z } from 'zod';
import { count, duration, image, moment, name, site } from './schema-words.ts';

const strike = z.union([
  z.null(),
  z.strictObject({ before: site, nth: count.optional(), image: image.optional() }),
  z.strictObject({ after: site, nth: count.optional(), image: image.optional() }),
  z.strictObject({ torn: site, nth: count.optional(), image: image.optional() }),
]);

const whose = { node: name.optional().describe("whose event it is (default: that of the script's own node)") };
const as = z.string().optional().describe('a name for this moment, and for this step where a variant expects it to fail');

export const stepSchema: z.ZodType = z.union([
  z
    .strictObject({
      startsLate: z.union([
        z.strictObject({ after: duration }),
        z.strictObject({ at: z.strictObject({ ...moment, node: name.optional() }) }),
      ]),
    })
    .describe('the first step: the node is started after a time, or when the moment comes at a node (default: at any)'),
  z.strictObject({ neverStarts: z.null() }).describe('the only step: the node is never started'),
  z
    .strictObject({ waitUntil: z.strictObject({ ...moment, ...whose, within: duration.optional(), as }) })
    .describe('the script goes on when the moment has come'),
  z
    .strictObject({ never: z.strictObject({ ...moment, ...whose, for: duration, as }) })
    .describe('the moment must not come for so long; then the script goes on'),
  z
    .strictObject({
      expect: z.strictObject({
        ...moment,
        ...whose,
        within: duration.optional(),
        sameAs: z.string().optional(),
        differsFrom: z.string().optional(),
        as,
      }),
    })
    .describe('the moment must come'),
  z.strictObject({ crash: strike }),
  z.strictObject({ kill: strike }),
  z.strictObject({ restart: z.strictObject({ after: duration }) }),
  z.strictObject({ isolate: z.union([z.null(), z.strictObject({ for: duration })]) }),
  z.strictObject({ flipBit: z.enum(['middle', 'last']) }),
  z.strictObject({ wipe: z.null() }),
  z.strictObject({ failFsync: z.null() }),
  z.strictObject({ stayDown: z.null() }),
]);
