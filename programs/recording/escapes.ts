/** Notices what a recorder at the fs binding cannot see: native addons, child processes and worker threads that are started, and Node's own SQLite. */
import type { Worker } from 'node:worker_threads';

/** Something whose file calls are not seen here. */
export interface Escape {
  readonly kind: 'addon' | 'child' | 'worker';
  /** In words for the user, such as `the native addon better_sqlite3.node`. */
  readonly what: string;
  /** The environment of a child, as `NAME=value`. */
  readonly environment?: readonly string[];
  readonly threadId?: number;
}

export type OnEscape = (escaped: Escape) => void;

type Anything = (...args: unknown[]) => unknown;

/** Watches from now on; returns how to stop. */
export function watchEscapes(onEscape: OnEscape): () => void {
  const undo: (() => void)[] = [];
  const wrap = (target: Record<string, unknown>, name: string, say: (args: readonly unknown[]) => Escape): void => {
    const original = target[name] as Anything | undefined;
    if (typeof original !== 'function') return;
    const replaced = function (this: unknown, ...args: unknown[]): unknown {
      onEscape(say(args));
      return Reflect.apply(original, this, args);
    };
    target[name] = replaced;
    undo.push(() => {
      // Somebody may have wrapped it again since.
      if (target[name] === replaced) target[name] = original;
    });
  };
  wrap(process as unknown as Record<string, unknown>, 'dlopen', ([, file]) => ({
    kind: 'addon',
    what: `the native addon ${baseName(String(file))}`,
  }));
  const { spawn, spawnSync } = childBindings();
  wrap(spawn, 'spawn', childOf);
  wrap(spawnSync, 'spawn', childOf);
  const onWorker = ({ threadId }: Worker): void => onEscape({ kind: 'worker', what: 'a worker thread', threadId });
  process.on('worker', onWorker);
  undo.push(() => process.off('worker', onWorker));
  return () => {
    for (const one of undo.reverse()) one();
  };
}

/** Whether Node's built-in SQLite, which reads and writes files on its own, has been loaded. */
export function hasBuiltInSqlite(): boolean {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList?: readonly string[] };
  return moduleLoadList?.some((name) => name === 'Internal Binding sqlite') === true;
}

function childBindings(): { readonly spawn: Record<string, unknown>; readonly spawnSync: Record<string, unknown> } {
  const door = process as unknown as { binding(name: string): Record<string, unknown> };
  const { noDeprecation } = process;
  (process as { noDeprecation?: boolean }).noDeprecation = true;
  try {
    const { Process } = door.binding('process_wrap') as { readonly Process: { readonly prototype: Record<string, unknown> } };
    return { spawn: Process.prototype, spawnSync: door.binding('spawn_sync') };
  } finally {
    if (noDeprecation === undefined) delete (process as { noDeprecation?: boolean }).noDeprecation;
    else (process as { noDeprecation?: boolean }).noDeprecation = noDeprecation;
  }
}

function childOf([options]: readonly unknown[]): Escape {
  const { file, envPairs = [] } = (options ?? {}) as { readonly file?: unknown; readonly envPairs?: readonly string[] };
  const name = typeof file === 'string' ? baseName(file) : '';
  return { kind: 'child', what: `the child process ${name}`, environment: envPairs };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
