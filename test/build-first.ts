/** Builds what the tests of the command run, once for all of them. `LAZURITE_BUILT=1` says that it was built just now. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

export function mochaGlobalSetup(): void {
  if (process.env['LAZURITE_BUILT'] === '1') return;
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: resolve(import.meta.dirname, '..'), stdio: ['ignore', 2, 2] });
}
