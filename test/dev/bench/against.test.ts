/** `npm run bench -- --against COMMIT` in a small repository whose bench prints the figures of a file. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../../..');
const command = ['--import', join(root, 'dev/strip-types.js'), '--conditions=lazurite-source', join(root, 'dev/bench/main.ts')];

/** Prints the rows of figures.json, or those named if the bench is a new one; notes each pass in a file and checks that it is alone. */
const benchSource = `
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
const { old, wait, fails, rows } = JSON.parse(readFileSync('figures.json', 'utf8'));
const args = process.argv.slice(2);
const named = old ? [] : args.flatMap((arg, index) => (args[index - 1] === '--row' ? [arg] : []));
if (args.includes('--list')) console.log([...new Set(rows.map(({ name }) => name))].join('\\n'));
else {
  if (existsSync(process.env.RUNNING)) throw new Error('another pass is running');
  writeFileSync(process.env.RUNNING, '');
  appendFileSync(process.env.PASSES, JSON.stringify({ version: rows[0].value, named }) + '\\n');
  if (wait) setInterval(() => {}, 1000);
  else {
    rmSync(process.env.RUNNING);
    if (fails) throw new Error('the disk is full');
    console.log(JSON.stringify({ rows: rows.filter(({ name }) => named.length === 0 || named.includes(name)) }));
  }
}
`;

interface Figures {
  /** The bench knows no `--row` and no `--list`. */
  readonly old?: boolean;
  readonly wait?: boolean;
  readonly fails?: boolean;
  readonly rows: readonly { readonly name: string; readonly unit: string; readonly value: unknown }[];
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let repository: string;
let temporary: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lazurite-against-test-'));
  repository = join(folder, 'repository');
  temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  mkdirSync(join(repository, 'bench'), { recursive: true });
  git('init', '--quiet');
  writeFileSync(
    join(repository, 'package.json'),
    JSON.stringify({ name: 'small', version: '1.0.0', type: 'module', scripts: { bench: 'node bench/main.js' } }),
  );
  writeFileSync(
    join(repository, 'package-lock.json'),
    JSON.stringify({
      name: 'small',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'small', version: '1.0.0' } },
    }),
  );
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function git(...args: readonly string[]): string {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...author, ...args], { cwd: repository, encoding: 'utf8' });
}

/** Commits a version with these figures. */
function version(figures: Figures): void {
  const source = figures.old === true ? benchSource.replaceAll("'--list'", "'--' + 'list'") : benchSource;
  writeFileSync(join(repository, 'bench/main.js'), source);
  writeFileSync(join(repository, 'figures.json'), JSON.stringify(figures));
  git('add', '--all');
  git('commit', '--quiet', '--message', 'a version');
}

function compare(args: readonly string[], watch?: (child: ChildProcess, stderr: string) => void): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, TMPDIR: temporary, PASSES: join(folder, 'passes'), RUNNING: join(folder, 'running') };
    const running = spawn(process.execPath, [...command, ...args], { cwd: repository, env });
    child = running;
    let stdout = '';
    let stderr = '';
    running.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    running.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      watch?.(running, stderr);
    });
    running.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

const passes = (): readonly { readonly version: number; readonly named: readonly string[] }[] =>
  readFileSync(join(folder, 'passes'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Nothing of the comparison is left: no work tree, no temporary file. */
function expectClean(): void {
  expect(git('worktree', 'list').trim().split('\n')).to.have.length(1);
  expect(readdirSync(temporary)).to.deep.equal([]);
}

const heights = (value: unknown) => ({ name: 'heights 4', unit: 'heights/s', value });
const explore = (value: number) => ({ name: 'explore', unit: 'states/s', value });

describe('the bench against another version', function () {
  this.timeout(180_000);

  it('measures both in turns, first this one against itself, and fails a row that is worse', async () => {
    version({ old: true, rows: [heights(100), explore(10), { name: 'memory', unit: 'MB', value: 5 }] });
    version({ rows: [heights(50), explore(11), { name: 'shrink', unit: 'ms', value: 5 }] });
    const { status, stdout, stderr } = await compare(['--against', 'HEAD~1', '--row', 'heights 4,memory,shrink']);
    expect(stderr).to.contain('pass 20 of 20');
    expect(status).to.equal(1);
    const turns = passes().map((pass) => pass.version);
    expect(turns.slice(0, 10)).to.deep.equal(Array(10).fill(50));
    expect(turns.slice(10)).to.deep.equal([50, 100, 100, 50, 50, 100, 100, 50, 50, 100]);
    expect(stdout.indexOf('against itself')).to.equal('this version '.length);
    expect(stdout).to.match(/heights 4 +heights\/s +100 +50 +2\.000 2\.000 2\.000 2\.000 2\.000 +2\.000 +5 of 5, past the limit/);
    expect(stdout).to.contain('only in this version: shrink (ms)\n');
    expect(stdout).to.match(/only in [0-9a-f]{7}: memory \(MB\)\n/);
    expect(stdout).to.match(/1 of 1 row failed, limit 1\.1: heights 4 \(heights\/s\) by 2\.000\n$/);
    expect(stdout).not.to.contain('explore');
    // The other version has no --row, so both are measured whole.
    for (const { named } of passes()) expect(named).to.deep.equal([]);
    expectClean();
  });

  it('measures only named rows that both versions have, and prints JSON', async () => {
    version({ rows: [heights(100), explore(10)] });
    version({ rows: [heights(50), explore(9.5), { name: 'shrink', unit: 'ms', value: 5 }] });
    const { status, stdout } = await compare(['--against', 'HEAD~1', '--row', 'explore,shrink', '--json']);
    expect(status).to.equal(0);
    const { against, limit, itself, comparison } = JSON.parse(stdout);
    expect(against).to.equal(git('rev-parse', 'HEAD~1').trim());
    expect(limit).to.equal(1.1);
    expect(itself.rows).to.have.length(1);
    expect(comparison.rows).to.have.length(1);
    expect(comparison.rows[0]).to.include({ name: 'explore', unit: 'states/s', here: 9.5, there: 10, worse: 5, failed: false });
    expect(comparison.onlyHere).to.deep.equal(['shrink']);
    for (const { named } of passes()) expect(named).to.deep.equal(['explore']);
    expectClean();
  });

  it('gives no verdict when nothing is in both versions', async () => {
    version({ rows: [explore(10)] });
    version({ rows: [heights(50)] });
    const { status, stderr } = await compare(['--against', 'HEAD~1', '--row', 'heights 4']);
    expect(status).to.equal(3);
    expect(stderr).to.contain('no measured row is in both this version and');
    expectClean();
  });

  for (const [what, figures, message] of [
    ['fails', { fails: true, rows: [heights(100)] }, 'the disk is full'],
    ['prints a value that is no number', { rows: [heights(null)] }, 'printed something other than rows with values above 0'],
  ] as const)
    it(`gives no verdict when a bench ${what}`, async () => {
      version({ rows: [heights(100)] });
      version(figures);
      const { status, stdout, stderr } = await compare(['--against', 'HEAD~1']);
      expect({ status, stdout }).to.deep.equal({ status: 3, stdout: '' });
      expect(stderr).to.contain(message);
      expectClean();
    });

  it('gives no verdict when npm ci fails', async () => {
    writeFileSync(
      join(repository, 'package.json'),
      JSON.stringify({
        name: 'small',
        version: '1.0.0',
        scripts: { bench: 'node bench/main.js' },
        dependencies: { absent: '1.0.0' },
      }),
    );
    version({ rows: [heights(100)] });
    const { status, stderr } = await compare(['--against', 'HEAD']);
    expect(status).to.equal(3);
    expect(stderr).to.contain('npm ci');
    expectClean();
  });

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`stops the pass and removes the work tree at ${signal}`, async () => {
      version({ wait: true, rows: [heights(100)] });
      let isSent = false;
      const ended = await compare(['--against', 'HEAD'], (running, stderr) => {
        if (isSent || !stderr.includes('pass 1 of 20')) return;
        isSent = true;
        running.kill(signal);
      });
      expect(ended.status).to.equal(status);
      expect(ended.stderr).to.contain(`stopped by ${signal}`);
      expectClean();
    });

  it('refuses a commit that has no bench, with exit code 2', async () => {
    writeFileSync(join(repository, 'package.json'), '{}');
    version({ rows: [heights(100)] });
    const { status, stderr } = await compare(['--against', 'HEAD']);
    expect(status).to.equal(2);
    expect(stderr).to.contain("this commit has no script 'bench'");
    expectClean();
  });
});
