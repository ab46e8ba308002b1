/** Generates smaller numbers, times, crash images and moments, for the reductions of a scenario. */
import type { CrashImage } from '../../core/events.ts';
import type { Moment } from '../../scenarios/moments.ts';

/** Whole numbers below `value`: first `least`, then numbers ever nearer to `value`, and at last one less than it. */
export function* smallerNumbers(value: number, least = 0): Generator<number> {
  for (let gap = value - least; gap >= 1; gap = Math.floor(gap / 2)) yield value - gap;
}

const roundTimes = [0, 20, 50, 100, 200, 400, 800, 1600, 3200];

/** The round numbers of milliseconds below `ms`, the smallest first. */
export function shorterTimes(ms: number, least = 0): readonly number[] {
  return roundTimes.filter((time) => time >= least && time < ms);
}

/** The list without each half, then without each quarter and so on, down to single items. */
export function* fewerOf<Item>(list: readonly Item[]): Generator<readonly Item[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < list.length; from += size) yield [...list.slice(0, from), ...list.slice(from + size)];
}

/** A copy of the object without one field. */
export function without<Whole extends object, Key extends keyof Whole>(whole: Whole, key: Key): Omit<Whole, Key> {
  const { [key]: _gone, ...rest } = whole;
  return rest;
}

/** Crash images that are simpler, or with which fewer unsynced bytes survive. */
export function* simplerImages(image: CrashImage | undefined): Generator<CrashImage> {
  if (image === undefined || image === 'none') return;
  yield 'none';
  if (image === 'all') return;
  yield 'all';
  if (image.directory !== undefined) {
    yield without(image, 'directory') as CrashImage;
    for (const directory of fewerDigits(image.directory)) yield { ...image, directory };
  }
  if ('cut' in image) for (const cut of smallerNumbers(image.cut)) yield { ...image, cut };
  else for (const sectors of fewerDigits(image.sectors)) yield { ...image, sectors };
}

/** Shorter digits, and digits with a 1 changed to 0 (so that less survives). */
function* fewerDigits(digits: string): Generator<string> {
  for (const length of smallerNumbers(digits.length, 1)) yield digits.slice(0, length);
  for (const [at, digit] of [...digits].entries()) if (digit === '1') yield `${digits.slice(0, at)}0${digits.slice(at + 1)}`;
}

const leasts: Readonly<Record<string, number>> = { height: 1, index: 1, term: 1 };

/** Moments with fewer conditions, or with an earlier height, round or term. */
export function* simplerMoments({ event, where }: Moment): Generator<Moment> {
  for (const field of Object.keys(where)) yield { event, where: without(where, field) };
  for (const [field, value] of Object.entries(where))
    if (typeof value === 'number')
      for (const smaller of smallerNumbers(value, leasts[field] ?? 0)) yield { event, where: { ...where, [field]: smaller } };
}
