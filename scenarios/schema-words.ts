/** The parts of which the schema of a scenario is made: times, names, units, links, crash images and moments. */
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
export const name: z.ZodString = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'a name of letters and digits');
const power: z.ZodNumber = z.number().int().min(0).register(units, { unit: 'voting power' });
export const powers: z.ZodType<Readonly<Record<string, number>>> = z.record(name, power);

const directory = z
  .string()
  .optional()
  .describe('one digit for each pending change of a folder, oldest first; 1 survives (default: all survive)');
export const image: z.ZodType = z.union([
  z.enum(['none', 'all']),
  z.strictObject({
    cut: bytes.describe('the number of pending bytes that survive, in the order in which they were written'),
    directory,
  }),
  z.strictObject({
    sectors: z
      .string()
      .regex(/^[01]*$/)
      .describe('one digit for each pending sector of 512 bytes, in the order in which they were written; 1 survives'),
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
    'fields of the event that must be equal. Where the event is waited for or triggers a fault, a height or round means "at or past". Where it is expected or forbidden, it means exactly this one (default: any such event)',
  );
/** The messages that a fault acts on. */
export const whichMessages: z.ZodType = z
  .record(z.string(), wanted)
  .optional()
  .describe('which messages, by `type`, `height`, `round` and `value`; all must be equal (default: every message)');
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
    .describe('time on the way: always the same, or the ends of an even range (default: 10 ms)'),
  loss: share.optional().describe('messages that are lost (default: 0)'),
  duplicate: share.optional().describe('messages that arrive twice (default: 0)'),
  reorder: share
    .optional()
    .describe('messages held back by up to four more delays, so that later ones overtake them (default: 0)'),
  corrupt: share.optional().describe('messages of which one bit arrives changed (default: 0)'),
};
