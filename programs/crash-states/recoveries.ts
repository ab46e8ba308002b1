/** Recoveries of folders in this process: each in a folder of its own, each distinct one run once. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Folder } from '../recording/calls.ts';
import { hasBuiltInSqlite, watchEscapes } from '../recording/escapes.ts';
import { unwatched, watchFs } from '../recording/fs-binding.ts';
import { writeFolder } from '../recording/read-folder.ts';
import { ContentIds } from './folder-ids.ts';
import { KnownRecoveries, readSetOf } from './read-sets.ts';

/** What a recovery found, or why it ended without finding anything. */
export type Outcome = { readonly found: unknown } | { readonly failed: string };

/** Runs one recovery in a folder. */
export type Recover = (folder: string) => unknown;

/** One in this many merged recoveries is run all the same and compared. */
const sampled = 25;

export class Recoveries {
  readonly #recover: Recover;
  readonly #timeoutMs: number;
  readonly #ids = new ContentIds();
  readonly #byFolder = new Map<string, Outcome>();
  readonly #byReads = new KnownRecoveries<Outcome>(this.#ids);
  readonly #root = mkdtempSync(join(memoryFolder(), 'lazurite-states-'));
  #mayMerge: boolean;
  #merged = 0;
  /** Recoveries that were run. */
  runs = 0;

  /** `merges: false` runs one for each distinct folder. */
  constructor(recover: Recover, options: { readonly merges: boolean; readonly timeoutMs: number }) {
    this.#recover = recover;
    this.#timeoutMs = options.timeoutMs;
    this.#mayMerge = options.merges && !hasAddons();
  }

  keyOf(folder: Folder): string {
    return this.#ids.keyOf(folder);
  }

  async outcomeOf(folder: Folder): Promise<Outcome> {
    const key = this.keyOf(folder);
    const known = this.#byFolder.get(key) ?? (await this.#merge(folder));
    const outcome = known ?? (await this.#run(folder));
    this.#byFolder.set(key, outcome);
    return outcome;
  }

  end(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** The outcome of a recovery that looked at nothing in which this folder differs. */
  async #merge(folder: Folder): Promise<Outcome | undefined> {
    const known = this.#mayMerge ? this.#byReads.find(folder) : undefined;
    if (known === undefined) return undefined;
    this.#merged += 1;
    if (this.#merged > 3 && this.#merged % sampled !== 0) return known;
    const outcome = await this.#run(folder);
    // A recovery that depends on more than what it reads: nothing is merged from here on.
    if (!isDeepStrictEqual(outcome, known)) {
      this.#mayMerge = false;
      this.#byReads.clear();
      this.#byFolder.clear();
    }
    return outcome;
  }

  async #run(folder: Folder): Promise<Outcome> {
    this.runs += 1;
    const at = join(this.#root, String(this.runs));
    unwatched(() => writeFolder(at, folder));
    let escaped = false;
    const stopEscapes = watchEscapes(() => {
      escaped = true;
    });
    const { watch, take } = readSetOf(at);
    const stop = this.#mayMerge ? watchFs(watch) : () => undefined;
    const outcome = await this.#attempt(at);
    stop();
    stopEscapes();
    if (this.#mayMerge) this.#byReads.add(folder, escaped || hasBuiltInSqlite() ? 'all' : take(), outcome);
    unwatched(() => rmSync(at, { recursive: true, force: true }));
    return outcome;
  }

  async #attempt(at: string): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it did not end within ${this.#timeoutMs} ms`)), this.#timeoutMs);
      });
      return { found: await Promise.race([this.#recover(at), late]) };
    } catch (error) {
      return { failed: (error instanceof Error ? error.message : String(error)).replaceAll(at, '<folder>') };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** In memory where there is such a place: states are small and many. */
export function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** Whether native addons are loaded, whose reads are not seen. */
function hasAddons(): boolean {
  try {
    return /\.node$/m.test(readFileSync('/proc/self/maps', 'utf8'));
  } catch {
    return true;
  }
}
