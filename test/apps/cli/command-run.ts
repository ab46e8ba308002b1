/** The command in a process of its own, as it is built: `build-first.ts` builds it before any test. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root: string = resolve(import.meta.dirname, '../../..');

/** The part between `node` and the arguments of the command. */
export const command: readonly string[] = [join(root, 'dist/apps/cli/main.js')];

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function lazuriteIn(
  folder: string,
  args: readonly string[],
  { preload = [], env = {} }: { readonly preload?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Ended {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...preload, ...command, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    maxBuffer: 256 * 1024 * 1024,
    timeout: 300_000,
  });
  return { status, signal, stdout, stderr };
}
