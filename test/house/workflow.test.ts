/** The workflow of GitHub Actions: its own scripts, run here with few seeds, come to one report; and they fail when a run is red. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { root } from '../apps/cli/command-run.ts';

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
}
interface Job {
  readonly needs?: string;
  readonly steps: readonly Step[];
  readonly strategy?: { readonly matrix: { readonly shard: readonly number[] } };
}

const workflow = parse(readFileSync(join(root, '.github/workflows/campaign.yml'), 'utf8')) as {
  readonly env: { readonly SHARDS: number };
  readonly jobs: Readonly<Record<'corpus' | 'shard' | 'report', Job>>;
};
const { corpus, shard, report } = workflow.jobs;

describe('the workflow of campaigns', function () {
  this.timeout(240_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-workflow-'));
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(join(root, 'dist/apps/cli/main.js'), join(folder, 'node_modules/.bin/lazurite'));
    writeFileSync(join(folder, 'package.json'), '{}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const script = ({ steps }: Job, change: (text: string) => string, env: Readonly<Record<string, string>>): number | null => {
    const text = steps.find(({ name, run }) => name !== undefined && run !== undefined)?.run ?? '';
    const summary = { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    // As GitHub runs them.
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', change(text)];
    return spawnSync('bash', args, { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', ...env, ...summary } }).status;
  };
  const same = (text: string): string => text;
  const few = { RUNS: '6', SEED: '5', SHARDS: '2' };

  it('begins with the corpus, has as many shards as it says, and ends with one report', () => {
    expect(corpus.steps.map(({ run }) => run)).to.include('npm run corpus');
    expect([shard.needs, report.needs]).to.deep.equal(['corpus', 'shard']);
    const numbers = Array.from({ length: workflow.env.SHARDS }, (_none, index) => index + 1);
    expect(shard.strategy?.matrix.shard).to.deep.equal(numbers);
  });

  it('is green where all held, and its summary says what was run', () => {
    const sized = (text: string): string => text.replace('--no-progress', '--unit 2 --no-progress');
    for (const index of [1, 2]) expect(script(shard, sized, { ...few, SHARD: String(index) })).to.equal(0);
    expect(script(report, same, few)).to.equal(0);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).to.match(/^6 runs, .* 0 red, .* 3 units done, 0 missing/);
  });

  it('is red in its report where a run is red or a shard is missing, and a shard fails where it cannot run', () => {
    const broken = (text: string): string => text.replace('--no-progress', '--unit 2 --break no-wal --no-progress');
    expect(script(shard, broken, { ...few, SHARD: '1' })).to.equal(0);
    expect(script(report, same, few)).to.equal(1);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).to.match(/1 missing; digest .*\n\n\| property \| cause \| seeds \|/);
    expect(script(shard, same, { ...few, RUNS: 'many', SHARD: '2' })).to.equal(1);
  });
});
