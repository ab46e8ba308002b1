/**
 * The process that reads: `reading.ts SEED FROM TO STEP`. Says on descriptor 3 where it is before each input that it tries, and what went wrong. One that
 * takes all memory or never ends is ended from outside, and is known by where it was.
 */
import { writeSync } from 'node:fs';
import { tryInput } from './inputs.ts';

const [seed = 0, from = 0, to = 0, step = 1] = process.argv.slice(2).map(Number);
/** Megabytes that the process may take while it reads one input, beyond what the readers themselves need. */
const allowedMegabytes = 400;

const tell = (message: object): void => {
  writeSync(3, `${JSON.stringify(message)}\n`);
};

let peak = process.resourceUsage().maxRSS / 1024;
for (let number = from; number < to; number += step) {
  tell({ at: number });
  const { reader, wrong } = tryInput(seed, number);
  const now = process.resourceUsage().maxRSS / 1024;
  if (wrong !== undefined) tell({ at: number, reader, wrong });
  if (now - peak > allowedMegabytes) tell({ at: number, reader, wrong: `${Math.round(now - peak)} MB were taken` });
  peak = Math.max(peak, now);
}
