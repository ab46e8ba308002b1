/** `--watch`: the same command again whenever a file beside the scenarios changes, each time in a process of its own. */

import { spawn } from 'node:child_process';
import { existsSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { say } from '../output/standard-error.ts';

/** Editors write a file in several steps; milliseconds to wait for the last of them. */
const settleMs = 120;

export function watchAndRun(paths: readonly string[]): void {
  const args = process.argv.slice(1).filter((argument) => argument !== '--watch');
  let running = false;
  let isStale = false;
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    if (running) {
      isStale = true;
      return;
    }
    running = true;
    const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: 'inherit' });
    child.on('exit', () => {
      running = false;
      say('watching for changes; Ctrl-C ends it');
      if (!isStale) return;
      isStale = false;
      run();
    });
  };
  const folders = new Set(
    (paths.length === 0 ? ['.'] : paths).filter(existsSync).map((path) => (statSync(path).isDirectory() ? path : dirname(path))),
  );
  for (const folder of folders)
    watch(folder, () => {
      clearTimeout(timer);
      timer = setTimeout(run, settleMs);
    });
  run();
}
