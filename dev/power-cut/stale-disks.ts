/**
 * File systems that a killed run left mounted. The name of their folder holds the id of the process that made it and the time of its start. No other
 * process has both. What belongs to one that has ended is removed, and nothing else is touched.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mountPoint = 'mounted';

/** A folder for a file system of this process: its image, and where it is mounted. */
export function newDiskHome(): { readonly home: string; readonly image: string; readonly path: string } {
  const home = mkdtempSync(join(tmpdir(), `lazurite-cut-${process.pid}-${startOf(process.pid) ?? 0}-`));
  return { home, image: join(home, 'image'), path: join(home, mountPoint) };
}

/** Removes what processes that have ended did not remove; returns the folders. Throws if one cannot be unmounted. */
export function removeStaleDisks(): readonly string[] {
  const removed: string[] = [];
  // Nobody else can have mounted one.
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return removed;
  for (const name of readdirSync(tmpdir())) {
    const [, pid, start] = /^lazurite-cut-(\d+)-(\d+)-\w{6}$/.exec(name) ?? [];
    if (pid === undefined || start === undefined || startOf(Number(pid)) === start) continue;
    const home = join(tmpdir(), name);
    const mounted = join(home, mountPoint);
    if (isMounted(mounted)) unmount(mounted);
    rmSync(home, { recursive: true, force: true });
    removed.push(home);
  }
  return removed;
}

/** Repeats while something still has a file open there. */
export function unmount(path: string): void {
  for (let tries = 1; ; tries += 1) {
    const { status, stderr } = spawnSync('umount', [path], { encoding: 'utf8' });
    if (status === 0) return;
    if (tries === 100) throw new Error(`${path} cannot be unmounted: ${stderr.trim()}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
}

function isMounted(path: string): boolean {
  const lines = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return lines.some((line) => line.split(' ')[1] === path);
}

/** When a process started, in ticks since the machine did; undefined if there is none. */
function startOf(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
