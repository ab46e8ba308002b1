/**
 * Where in the source a file call was made: the innermost line that is not Node's or ours, and the innermost line of the user's own code where that is another.
 * Calls made from the callback of an earlier one have no such line on their stack: they inherit it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const inherited = new AsyncLocalStorage<string>();
const here = fileURLToPath(import.meta.url);
/** Lines of these folders are our own. One is the folder that this file is loaded from. The other is that of its source, which source maps name. */
const own = [dirname(here), join(here.slice(0, Math.max(0, here.lastIndexOf(`${sep}dist${sep}`))), 'programs/recording')];

/** Such as `node_modules/steno/lib/index.js:34 from app.ts:12`; empty if no line is known. */
export function placeOfCall(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 40;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = stackTraceLimit;
  const frames = stack.split('\n').slice(1).flatMap(frameOf);
  const innermost = frames[0];
  if (innermost === undefined) return inherited.getStore() ?? '';
  const users = frames.find((frame) => !frame.includes('node_modules/'));
  return users === undefined || users === innermost ? innermost : `${innermost} from ${users}`;
}

/** Calls made in `act`, and in what it starts, inherit this place. */
export function inheritingPlace<Result>(place: string, act: () => Result): Result {
  return place === '' ? act() : inherited.run(place, act);
}

function frameOf(line: string): readonly string[] {
  const [, location] = /(?:\(|at (?:async )?)((?:file:\/\/)?[^\s()]+:\d+):\d+\)?$/.exec(line.trim()) ?? [];
  if (location === undefined || location.startsWith('node:')) return [];
  const path = location.startsWith('file://')
    ? fileURLToPath(location.replace(/:\d+$/, '')) + location.slice(location.lastIndexOf(':'))
    : location;
  if (own.some((place) => path.startsWith(place + sep)) || !path.includes('/')) return [];
  const near = relative(process.cwd(), path);
  return [near.startsWith('../../..') ? path : near];
}
