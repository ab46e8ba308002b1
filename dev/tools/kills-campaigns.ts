/**
 * A campaign with a failure that is kept, killed again and again at random instants. After each kill every kept file must be whole, and at the end the
 * failure must be replayed from it. Half of the kills come while the campaign ends, which is when it keeps what it found.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
    for (let done = 0; done < kills; done += 1) {
      const child = begun(folder, red);
      // The end is told by what is printed: keeping follows.
      child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 40));
      const timer = done % 2 === 0 ? setTimeout(() => child.kill('SIGKILL'), Math.random() * wholeMs) : undefined;
      await ended(child);
      clearTimeout(timer);
      const broken = brokenFiles(join(folder, '.lazurite'));
      if (broken.length > 0) return broken.map((file) => `after kill ${done + 1} of a campaign ${file} is not whole`);
    }
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
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
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
