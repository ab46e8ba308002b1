/** The words of which the schema of a scenario is made: times, names, links, crash images and moments. */
import { z } from 'zod';
import { eventsOfAnyNode, raftEvents, sites, tendermintEvents } from './vocabulary.ts';

export const duration: z.ZodType<number | string> = z
  .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, "write 500, '500ms', '5s' or '2m'")])
  .describe("virtual time: milliseconds, or '500ms', '5s', '2m'");
/** A time that passes: with 0 a timer would elapse again and again at one instant. */
export const longTime: z.ZodType<number | string> = duration.refine(
  (time) => Number.parseFloat(String(time)) > 0,
  'it must be longer than 0',
);
export const whole: z.ZodNumber = z.number().int().min(0);
export const count: z.ZodNumber = z.number().int().min(1);
const share: z.ZodNumber = z.number().min(0).max(1);
export const name: z.ZodString = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'a name of letters and digits');
export const powers: z.ZodType<Readonly<Record<string, number>>> = z.record(name, whole);
export const image: z.ZodType = z.union([
  z.enum(['none', 'all']),
  z.strictObject({ cut: whole, directory: z.string().optional() }),
  z.strictObject({ sectors: z.string().regex(/^[01]*$/), directory: z.string().optional() }),
]);
const wanted: z.ZodType = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ from: whole }).describe('this height or round, or any later one'),
  z.strictObject({ exactly: whole }).describe('this height or round, and no other'),
]);
export const where: z.ZodType = z
  .record(z.string(), wanted)
  .optional()
  .describe(
    'what the event says of itself; a height or round means "at or past" where it is waited for or triggers something, and exactly this one where it is expected or forbidden',
  );
export const site: z.ZodType<string> = z.string().meta({ examples: sites });
export const moment: { readonly event: z.ZodType<string>; readonly where: z.ZodType } = {
  event: z.string().meta({ examples: [...eventsOfAnyNode, ...tendermintEvents, ...raftEvents] }),
  where,
};
export const link: Readonly<Record<string, z.ZodType>> = {
  delay: z.union([duration, z.tuple([duration, duration])]).optional(),
  loss: share.optional(),
  duplicate: share.optional(),
  reorder: share.optional(),
  corrupt: share.optional(),
};
