/** Notices what a recorder at the fs binding cannot see: native addons, child processes and worker threads that are started, and Node's own SQLite. */

/** Called with words for the user, such as `native addon better_sqlite3.node`. */
export type OnEscape = (what: string) => void;

type Anything = (...args: unknown[]) => unknown;

/** Watches from now on; returns how to stop. */
export function watchEscapes(onEscape: OnEscape): () => void {
  const undo: (() => void)[] = [];
  const wrap = (target: Record<string, unknown>, name: string, say: (args: readonly unknown[]) => string): void => {
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
  wrap(process as unknown as Record<string, unknown>, 'dlopen', ([, file]) => `the native addon ${baseName(String(file))}`);
  const { spawn, spawnSync } = childBindings();
  wrap(spawn, 'spawn', ([options]) => `the child process ${fileOf(options)}`);
  wrap(spawnSync, 'spawn', ([options]) => `the child process ${fileOf(options)}`);
  const onWorker = (): void => onEscape('a worker thread');
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

function fileOf(options: unknown): string {
  const { file } = (options ?? {}) as { readonly file?: unknown };
  return typeof file === 'string' ? baseName(file) : '';
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
