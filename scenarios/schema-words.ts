/** Parts of the schema of a scenario that several keys use: times, names, units, links, crash images and moments. */
import { z } from 'zod';
import { longestMs, tooLong, writtenMs } from './duration.ts';
import { eventsOfAnyNode, raftEvents, sites, tendermintEvents } from './vocabulary.ts';

/** What a number counts or measures. The reference prints it; a schema that is derived from one with a unit has it too. */
export const units: z.core.$ZodRegistry<{ readonly unit: string }> = z.registry<{ readonly unit: string }>();

/** The unit of every time that a scenario writes. */
export const timeUnit = 'ms, s or m';
export const duration: z.ZodType<number | string> = z
  .union([
    z.number().min(0).max(longestMs),
    z
      .string()
      .regex(/^\d+(\.\d+)?(ms|s|m)$/, { error: "write 500, '500ms', '5s' or '2m'", abort: true })
      .refine((text) => writtenMs(text) <= longestMs, tooLong),
  ])
  .register(units, { unit: timeUnit })
  .describe("virtual time: milliseconds, or '500ms', '5s', '2m'");
export const whole: z.ZodNumber = z.number().int().min(0);
export const count: z.ZodNumber = z.number().int().min(1);
export const wholeMs: z.ZodNumber = z.number().int().min(0).max(longestMs).register(units, { unit: 'ms' });
export const bytes: z.ZodNumber = z.number().int().min(0).register(units, { unit: 'bytes' });
const share: z.ZodNumber = z.number().min(0).max(1).register(units, { unit: 'share' });
export const name: z.ZodString = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]*$/, 'write a name of letters and digits that begins with a letter');
const power: z.ZodNumber = z.number().int().min(0).register(units, { unit: 'voting power' });
export const powers: z.ZodType<Readonly<Record<string, number>>> = z.record(name, power);

const directory = z
  .string()
  .optional()
  .describe(
    'one digit for each unsynced change of a folder (a file made, renamed or removed), oldest first: 1 if it survives, 0 if it is lost (default: all survive)',
  );
export const image: z.ZodType = z.union([
  z.enum(['none', 'all']),
  z.strictObject({
    cut: bytes.describe('how many of the unsynced bytes survive, counted from the first that was written'),
    directory,
  }),
  z.strictObject({
    sectors: z
      .string()
      .regex(/^[01]*$/)
      .describe(
        'one digit for each unsynced sector of 512 bytes, in the order in which they were written: 1 if it survives, 0 if it is lost',
      ),
    directory,
  }),
]);

const wanted: z.ZodType = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ from: whole.describe('this height or round, or any later one') }),
  z.strictObject({ exactly: whole.describe('this height or round, and no other') }),
]);
export const where: z.ZodType = z
  .record(z.string(), wanted)
  .optional()
  .describe(
    'fields that the event must have, with their values. In `waitUntil` and in triggers, a height or round also matches later ones. In `expect` and `never` it matches exactly (default: any event of this name)',
  );
/** The messages that a fault acts on. */
export const whichMessages: z.ZodType = z
  .record(z.string(), wanted)
  .optional()
  .describe(
    'the messages that are meant, by their fields `type`, `height`, `round` and `value`; a message must match all of them (default: every message)',
  );
export const site: z.ZodType<string> = z.string().meta({ examples: sites });
export const moment: { readonly event: z.ZodType<string>; readonly where: z.ZodType } = {
  event: z
    .string()
    .meta({ description: 'the event, by its name', examples: [...eventsOfAnyNode, ...tendermintEvents, ...raftEvents] }),
  where,
};
export const link: Readonly<Record<string, z.ZodType>> = {
  delay: z
    .union([duration, z.tuple([duration, duration])])
    .optional()
    .describe('how long a message is on its way: one time, or the least and the greatest of a uniform draw (default: 10 ms)'),
  loss: share.optional().describe('the share of messages that are lost, from 0 to 1 (default: 0)'),
  duplicate: share.optional().describe('the share of messages that arrive twice (default: 0)'),
  reorder: share
    .optional()
    .describe(
      'the share of messages that take up to five times the delay, so that later messages can overtake them (default: 0)',
    ),
  corrupt: share.optional().describe('the share of messages that arrive with one bit changed (default: 0)'),
};
