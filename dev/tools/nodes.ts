/** The built command under Node 20, 22 and 24, which come as packages: the library's hashes must be the same. Needs a registry. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'lazurite-nodes-'));

function hashesUnder(major: number): string {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    [
      '--yes',
      '--package',
      `node@${major}`,
      'node',
      join(root, 'dist/apps/cli/main.js'),
      'run',
      join(root, 'scenarios/library'),
      '--json',
      '--no-progress',
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64_000_000 },
  );
  if (status !== 0) throw new Error(`Node ${major} ended with ${status}: ${stderr.slice(0, 2000)}`);
  const { scenarios } = JSON.parse(stdout) as { scenarios: readonly { hash: string }[] };
  return scenarios.map(({ hash }) => hash).join(' ');
}

try {
  const found = [20, 22, 24].map((major) => ({ major, hashes: hashesUnder(major) }));
  const [first] = found;
  for (const { major, hashes } of found) {
    const isSame = hashes === first?.hashes;
    console.log(`Node ${major}: ${hashes.split(' ').length} runs, ${isSame ? 'the same hashes' : 'OTHER HASHES'}`);
    if (!isSame) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
