/** The unit tests of the code that is mutated, as a second judge: of guards, and of what the campaign did not catch. They run in the mutated copy. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';

/** They need nothing that the copy does not have: no command and no real node. */
const files = ['test/actors/node/*.test.ts', 'test/actors/tendermint/*.test.ts', 'test/wal/*.test.ts'];
const withApplications = ['test/wal/recovery.test.ts', 'test/wal/real-files.test.ts'];
const mostMs = 600_000;

export function copyUnitTests(root: string, copy: string): void {
  cpSync(join(root, 'test'), join(copy, 'test'), { recursive: true });
}

/** The first test that fails with this mutant; undefined: none. Without a mutant all must hold. */
export function failingTest(copy: string, mutant: string | undefined): string | undefined {
  const mocha = ['node_modules/mocha/bin/mocha.js', '--bail', '--reporter', 'json'];
  const { LAZURITE_BUILT: _built, ...environment } = process.env;
  const env = {
    ...environment,
    LAZURITE_BUILT: '1',
    ...(mutant === undefined ? {} : { __STRYKER_ACTIVE_MUTANT__: mutant }),
  };
  const ignored = withApplications.flatMap((file) => ['--ignore', file]);
  const { stdout, status } = spawnSync(process.execPath, [...mocha, ...ignored, ...files], {
    cwd: copy,
    env,
    encoding: 'utf8',
    timeout: mostMs,
    killSignal: 'SIGKILL',
    maxBuffer: 100_000_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (status === 0) return undefined;
  const [, failed = 'the tests died or hung'] =
    /"failures": \[\s*\{\s*"title": .*?,\s*"fullTitle": "(.*?)",\n/s.exec(stdout) ?? [];
  return failed;
}
