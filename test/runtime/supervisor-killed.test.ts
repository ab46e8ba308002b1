/** The nodes of a cluster end with the process that started them, also when it is killed and cannot stop them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { command } from '../apps/cli/command-run.ts';
import { fastFolder } from './nodes.ts';

/** The processes that were started with a path in the folder; Linux lists them in `/proc`. */
function processesIn(folder: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${folder}/node.cjs`);
    } catch {
      return false;
    }
  });
}

describe('the nodes of a cluster whose supervisor is killed', function () {
  this.timeout(300_000);
  let isOver = false;
  afterEach(() => {
    isOver = true;
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isOver && !isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('end too', async function () {
    if (!existsSync('/proc/self/cmdline')) this.skip();
    const folder = join(mkdtempSync(join(fastFolder, 'lazurite-test-')), 'kept');
    const supervisor = spawn(
      process.execPath,
      [...command, 'cluster', '--kill', 'none', '--until', 'h:100000', '--keep', folder, '--no-progress'],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => supervisor.once('exit', resolve));
    await until(() => supervisor.exitCode !== null || processesIn(folder).length === 4);
    expect(processesIn(folder)).to.have.length(4);
    supervisor.kill('SIGKILL');
    await ended;
    await until(() => processesIn(folder).length === 0);
    rmSync(join(folder, '..'), { recursive: true });
  });
});
