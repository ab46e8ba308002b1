/** `campaign`: interrupted, resumed, in shards, or in one piece: one digest. And what it refuses. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Command } from 'commander';
import { campaignCommand } from '../../../apps/cli/campaign.ts';
import { ScenarioError } from '../../../scenarios/index.ts';

const plain = { good: String, bad: String, dim: String };

interface Told {
  readonly exit: number;
  readonly ok: boolean;
  readonly digest: string;
  readonly units: { readonly done: number; readonly missing: number };
  readonly counts: { readonly runs: number; readonly failures: readonly unknown[] };
}

async function campaign(...args: readonly string[]): Promise<Told> {
  const lines: string[] = [];
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const program = new Command().exitOverride();
    campaignCommand(program, (line) => lines.push(line), plain);
    await program.parseAsync(['node', 'lazurite', 'campaign', ...args, '--json']);
    return { ...JSON.parse(lines.join('\n')), exit: Number(process.exitCode) };
  } finally {
    process.exitCode = before;
  }
}

describe('the command campaign', function () {
  this.timeout(240_000);
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'lazurite-campaign-'));
  });
  after(() => rmSync(root, { recursive: true }));

  const at = (name: string): string => join(root, name);
  const start = (name: string, ...more: readonly string[]): Promise<Told> =>
    campaign('start', '--runs', '12', '--seed', '3', '--jobs', '1', '--journal', at(name), ...more);

  it('comes to the same digest in one piece, interrupted and resumed, and in shards', async () => {
    const whole = await start('whole');
    expect([whole.exit, whole.ok, whole.counts.runs, whole.units.missing]).to.deep.equal([0, true, 12, 0]);
    const begun = await start('begun', '--units', '1');
    expect([begun.exit, begun.units]).to.deep.equal([3, { done: 1, missing: 1 }]);
    const resumed = await campaign('resume', at('begun'), '--jobs', '1');
    expect([resumed.exit, resumed.digest]).to.deep.equal([0, whole.digest]);
    for (const index of [1, 2]) expect((await start(`shard${index}`, '--shard', `${index}/2`)).exit).to.equal(3);
    const report = await campaign('report', at('shard2'), at('shard1'));
    expect([report.exit, report.digest]).to.deep.equal([0, whole.digest]);
    expect(report.counts).to.deep.equal(whole.counts);
  });

  it('is red for a broken node, and its journal is no shard of another campaign', async () => {
    const broken = await start('broken', '--break', 'no-wal', '--units', '1');
    expect(broken.exit).to.equal(1);
    expect(broken.counts.failures.length).to.be.greaterThan(0);
    let refused: unknown;
    await campaign('report', at('whole'), at('broken')).catch((error: unknown) => {
      refused = error;
    });
    expect(refused).to.be.instanceOf(ScenarioError);
    expect((refused as Error).message).to.contain('is another campaign');
  });
});
