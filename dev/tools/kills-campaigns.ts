/**
 * Kills a campaign that keeps a failure, again and again. Half of the kills come at random instants, and half at the first change in the folder of kept
 * failures, or within a millisecond of it. The folder is empty at each start, because a failure that is kept already is not written again. After each
 * kill every kept file must be whole, and at the end a failure must be replayed from its file.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const command = [
  ...['--import', join(root, 'dev/strip-types.js'), '--conditions=lazurite-source'],
  join(root, 'apps/cli/main.ts'),
];
const red = [
  'crashpoints',
  join(root, 'scenarios/library/02-the-proposer-proposes-again.ts'),
  ...['--node', 'C', '--site', 'publish', '--heights', '1', '--break', 'no-fsync', '--jobs', '1'],
];

/** Returns what went wrong, in words; nothing: all is well. */
export async function killCampaigns(kills: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-killed-campaigns-'));
  try {
    const started = performance.now();
    const whole = await ended(begun(folder, red));
    const wholeMs = performance.now() - started;
    if (whole !== 1) return [`the campaign ends with exit code ${whole} where nobody kills it, and 1 is expected`];
    const kept = join(folder, '.lazurite/failures');
    for (let done = 0; done < kills; done += 1) {
      rmSync(kept, { recursive: true });
      mkdirSync(kept);
      const child = begun(folder, red);
      const kill = (): boolean => child.kill('SIGKILL');
      const watcher = watch(kept, () => (Math.random() < 0.5 ? kill() : setTimeout(kill, Math.random())));
      const timer = done % 2 === 0 ? setTimeout(kill, Math.random() * wholeMs) : undefined;
      await ended(child);
      watcher.close();
      clearTimeout(timer);
      const broken = brokenFiles(kept);
      if (broken.length > 0) return broken.map((file) => `after kill ${done + 1} of a campaign ${file} is not whole`);
    }
    await ended(begun(folder, red));
    const replayed = await ended(begun(folder, ['replay', 'last']));
    return replayed === 1 ? [] : [`the kept failure is not replayed: exit code ${replayed}, and 1 is expected`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function begun(cwd: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...command, ...args], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
}

function ended(child: ChildProcess): Promise<number | null> {
  child.stdout?.resume();
  return new Promise((done) => {
    child.on('close', (status) => done(status));
  });
}

function brokenFiles(folder: string): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.filter((name) => !isJson(readFileSync(join(folder, name), 'utf8')));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
