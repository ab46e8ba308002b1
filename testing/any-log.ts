/** Logs of your own, as their users see them. JavaScript may bring anything: what is no log is named. */
import type { RenamingStorage } from './log-process.ts';

/** `read` gives all entries, oldest first. */
export interface AnyLog {
  append(entry: Uint8Array): void;
  /** When it returns, everything appended is durable. */
  flush(): void;
  read(): readonly Uint8Array[];
}

/** The same with promises. When that of `flush` resolves, everything appended is durable. */
export interface AsyncLog {
  append(entry: Uint8Array): unknown;
  flush(): Promise<unknown>;
  read(): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
}

/** Opens the log: recovers what the storage holds. */
export type OpenLog = (storage: RenamingStorage) => AnyLog;
export type OpenAsyncLog = (storage: RenamingStorage) => Promise<AnyLog | AsyncLog> | AsyncLog;

/** Throws for what cannot open a log. */
export function refuseNoOpener(open: unknown): void {
  if (typeof open !== 'function') throw new Error(`recoverFrom() takes a function that opens a log, and found ${typeof open}`);
}

/** Throws for what is no log. */
export function opened(given: unknown): AnyLog | AsyncLog {
  const has = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  const lacks = ['append', 'flush', 'read'].filter((name) => typeof has[name] !== 'function');
  if (lacks.length === 0) return given as AnyLog;
  throw new Error(`a log has append(entry), flush() and read(); what was opened lacks ${lacks.join(', ')}`);
}

/** Throws for what are no entries. */
export function read(given: unknown): readonly Uint8Array[] {
  if (!Array.isArray(given)) throw new Error(`read() gives a list of entries, and gave ${typeof given}`);
  const wrong = given.find((entry) => !(entry instanceof Uint8Array));
  if (wrong !== undefined) throw new Error(`read() gives entries as Uint8Array, and gave a ${typeof wrong} among them`);
  return given as readonly Uint8Array[];
}
