/** The processes of a cluster: started, killed, paused, waited for. The program is bundled once: a source tree takes seconds to load, a bundle a tenth. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeHome } from './node-home.ts';

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningNode {
  readonly life: number;
  readonly ended: Promise<ProcessEnd>;
  signal(name: NodeJS.Signals): void;
}

/** Writes the program into the folder; returns its path. */
export async function bundleNode(folder: string): Promise<string> {
  const { build } = await import('esbuild');
  const own = fileURLToPath(import.meta.url);
  const outfile = join(folder, 'node.cjs');
  await build({
    // Built, this code is in a file beside the command.
    entryPoints: [join(own, own.endsWith('.ts') ? '../../node/process-unit.ts' : '../../../runtime/node/process-unit.js')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

/** `dies`: SITE:PHASE:NTH:SHARE. What the process says goes into a file beside its record. */
export function startNode(
  program: string,
  home: NodeHome,
  life: number,
  { exhibit, dies }: { readonly exhibit?: string | undefined; readonly dies?: string | undefined },
): RunningNode {
  const log = openSync(`${home.recordOf(life)}.log`, 'a');
  const args = [
    program,
    '--config',
    home.file,
    '--record',
    home.recordOf(life),
    '--life',
    String(life),
    ...(exhibit === undefined ? [] : ['--break', exhibit]),
    ...(dies === undefined ? [] : ['--dies', dies]),
  ];
  const child: ChildProcess = spawn(process.execPath, args, {
    // Nothing is written to the pipe. It closes when this process ends, however it ends, and the node ends then.
    stdio: ['pipe', log, log],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  closeSync(log);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  return {
    life,
    ended,
    signal: (name) => {
      // Without a pid, kill would signal this process's own group.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) child.kill(name);
    },
  };
}
