/**
 * The one door between Node's `fs` module and the operating system: the functions of `process.binding('fs')`. What the public API is wrapped for misses
 * writes inside `promises.writeFile` and functions that CommonJS modules took earlier; this door sees them all.
 *
 * Not seen here: native addons, child processes, worker threads, mapped memory (see escapes.ts).
 */

import { inheritingPlace } from './places.ts';

/** Is called before each call is made. Returns a function to call when it has ended, or undefined if the call is of no interest. */
export type FsWatcher = (name: string, args: readonly unknown[]) => FsEnd | undefined;
/** Returns the place in the source that calls made from its callback inherit. */
export type FsEnd = (outcome: { readonly result: unknown } | { readonly error: unknown }) => string;

type Anything = (...args: unknown[]) => unknown;

const watchers = new Set<FsWatcher>();
let restore: (() => void) | undefined;
let isMuted = false;

/** Watches from now on; returns how to stop. Throws if Node refuses access to the binding (`--permission`). */
export function watchFs(watcher: FsWatcher): () => void {
  if (restore === undefined) restore = install();
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) restore?.();
    if (watchers.size === 0) restore = undefined;
  };
}

/** Calls of `act` are not shown to any watcher. */
export function unwatched<Result>(act: () => Result): Result {
  const before = isMuted;
  isMuted = true;
  try {
    return act();
  } finally {
    isMuted = before;
  }
}

function install(): () => void {
  const binding = fsBinding();
  const originals = Object.entries(binding).filter(([name, value]) => typeof value === 'function' && !/^[A-Z]/.test(name));
  for (const [name, original] of originals) binding[name] = wrapped(name, original as Anything);
  const handle = (binding['FileHandle'] as { readonly prototype: Record<string, Anything> }).prototype;
  const close = handle['close'] as Anything;
  // A file handle closes itself, past the function of the binding.
  handle['close'] = function (this: { readonly fd: number }, ...args: unknown[]): unknown {
    return call('close', close, this, args, [this.fd]);
  };
  return () => {
    for (const [name, original] of originals) binding[name] = original;
    handle['close'] = close;
  };
}

function fsBinding(): Record<string, unknown> {
  const { noDeprecation } = process;
  // Node 24 warns of `process.binding` (DEP0111); there is no other way to this door.
  (process as { noDeprecation?: boolean }).noDeprecation = true;
  try {
    const door = process as unknown as { binding(name: string): Record<string, unknown> };
    return door.binding('fs');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`file calls cannot be recorded: Node refuses process.binding('fs') (${reason}); run without --permission`);
  } finally {
    if (noDeprecation === undefined) delete (process as { noDeprecation?: boolean }).noDeprecation;
    else (process as { noDeprecation?: boolean }).noDeprecation = noDeprecation;
  }
}

function wrapped(name: string, original: Anything): Anything {
  return function (this: unknown, ...args: unknown[]): unknown {
    return call(name, original, this, args, args);
  };
}

function call(name: string, original: Anything, self: unknown, args: unknown[], shown: readonly unknown[]): unknown {
  if (isMuted) return Reflect.apply(original, self, args);
  const ends: FsEnd[] = [];
  for (const watcher of watchers) {
    const end = unwatched(() => watcher(name, shown));
    if (end !== undefined) ends.push(end);
  }
  if (ends.length === 0) return Reflect.apply(original, self, args);
  const finish: FsEnd = (outcome) => ends.map((end) => unwatched(() => end(outcome))).find((place) => place !== '') ?? '';
  const request = args.find(hasCallback);
  if (request !== undefined) {
    const oncomplete = request.oncomplete;
    request.oncomplete = function (this: unknown, error: unknown, ...rest: unknown[]): unknown {
      const place = finish(error ? { error } : { result: rest[0] });
      return inheritingPlace(place, () => Reflect.apply(oncomplete, this, [error, ...rest]));
    };
    return Reflect.apply(original, self, args);
  }
  return withoutCallback(() => Reflect.apply(original, self, args), args, finish);
}

/** A synchronous call, or one that answers by a promise. */
function withoutCallback(act: () => unknown, args: readonly unknown[], finish: FsEnd): unknown {
  let result: unknown;
  try {
    result = act();
  } catch (error) {
    finish({ error });
    throw error;
  }
  // Synchronous writes report their error in the last argument, not by an exception.
  const context = args.at(-1) as { readonly errno?: unknown; readonly code?: unknown } | null | undefined;
  if (typeof context === 'object' && context !== null && context.errno !== undefined) finish({ error: context });
  else if (result instanceof Promise)
    result.then(
      (value: unknown) => void finish({ result: value }),
      (error: unknown) => void finish({ error }),
    );
  else finish({ result });
  return result;
}

function hasCallback(value: unknown): value is { oncomplete: Anything } {
  return typeof value === 'object' && value !== null && typeof (value as { oncomplete?: unknown }).oncomplete === 'function';
}
