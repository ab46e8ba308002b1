/** What signals do to a command that does units: the first lets those under way end, and the next one ends the command, whichever it is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { root } from './command-run.ts';

const code = `
  const { Interruption } = await import(${JSON.stringify(pathToFileURL(join(root, 'apps/cli/interruption.ts')).href)});
  const { signal } = new Interruption(['SIGINT', 'SIGTERM']);
  signal.addEventListener('abort', () => console.log('first'));
  setInterval(() => {}, 1000);
  console.log('ready');
`;

describe('an interruption', function () {
  this.timeout(20_000);
  const orders: readonly (readonly [NodeJS.Signals, NodeJS.Signals])[] = [
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
  ];
  for (const [first, second] of orders)
    it(`is heard once: after ${first}, ${second} ends the process`, async () => {
      const child: ChildProcess = spawn(process.execPath, [
        '--import',
        join(root, 'dev/strip-types.js'),
        '--input-type=module',
        '-e',
        code,
      ]);
      try {
        await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
        child.kill(first);
        const [said] = (await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data')) as [Buffer];
        expect(said.toString()).to.equal('first\n');
        child.kill(second);
        const [, signal] = (await once(child, 'exit', { signal: AbortSignal.timeout(3000) })) as [number | null, string];
        expect(signal).to.equal(second);
      } finally {
        child.kill('SIGKILL');
      }
    });
});
