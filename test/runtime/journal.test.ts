/** The journal of a campaign: the digest is the same for one process and for shards, and also if the work was interrupted, torn, or done twice. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CampaignPlan, type FuzzCounts, fuzzSeeds, planOf, totalsOf, unitsOf } from '../../campaigns/index.ts';
import { CampaignJournal } from '../../runtime/index.ts';
import { ScenarioError, scenario } from '../../scenarios/index.ts';

const { data } = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
const options = { version: '1', kind: 'fuzz', exhibit: 'no-wal', first: 5, runs: 25 } as const;
const plan: CampaignPlan = planOf(data, options);

/** Computed once: the results of the three units. */
const results = new Map<number, FuzzCounts>();

describe('the journal of a campaign', function () {
  this.timeout(120_000);
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'lazurite-journal-'));
    for (const { from, count } of unitsOf(plan)) {
      const seeds = Array.from({ length: count }, (_none, index) => from + index);
      results.set(from, fuzzSeeds(data, seeds, { exhibit: 'no-wal' }));
    }
  });
  after(() => rmSync(root, { recursive: true }));

  const begun = (name: string, shard = { index: 1, of: 1 }): CampaignJournal =>
    CampaignJournal.create(join(root, name), { plan, data, shard });
  const again = (name: string): CampaignJournal => {
    const journal = CampaignJournal.open(join(root, name));
    journal.close();
    return journal;
  };
  const resultOf = (from: number): FuzzCounts => results.get(from) as FuzzCounts;

  it('has units that cover each seed once, whatever the shards', () => {
    expect(unitsOf(plan)).to.deep.equal([
      { from: 5, count: 10 },
      { from: 15, count: 10 },
      { from: 25, count: 5 },
    ]);
    const shards = [1, 2].flatMap((index) => unitsOf(plan, { index, of: 2 }));
    expect(shards.map(({ from }) => from).sort((a, b) => a - b)).to.deep.equal([5, 15, 25]);
  });

  it('returns the stored results unchanged, and the same digest however they were produced', () => {
    const { digest, missing, counts } = totalsOf(plan, results);
    expect(missing).to.deep.equal([]);
    expect(counts.failures.length).to.be.greaterThan(0);
    const whole = begun('whole');
    for (const from of [25, 5, 15, 5]) whole.add(from, resultOf(from));
    whole.close();
    const read = again('whole');
    expect(read.results).to.deep.equal(new Map([25, 5, 15].map((from) => [from, resultOf(from)])));
    expect(read.start.data).to.deep.equal(JSON.parse(JSON.stringify(data)));
    expect(totalsOf(plan, read.results).digest).to.equal(digest);
    const merged = new Map<number, FuzzCounts>();
    for (const index of [1, 2]) {
      const shard = begun(`shard${index}`, { index, of: 2 });
      for (const { from } of unitsOf(plan, { index, of: 2 })) shard.add(from, resultOf(from));
      shard.close();
      for (const [from, counted] of again(`shard${index}`).results) merged.set(from, counted);
    }
    expect(totalsOf(plan, merged).digest).to.equal(digest);
  });

  it('changes the digest if a unit is missing, a result differs, or the plan differs', () => {
    const { digest } = totalsOf(plan, results);
    const fewer = new Map([...results].slice(1));
    expect(totalsOf(plan, fewer).missing).to.deep.equal([{ from: 5, count: 10 }]);
    const other = new Map(results).set(5, { ...resultOf(5), deaths: resultOf(5).deaths + 1 });
    const digests = [fewer, other].map((changed) => totalsOf(plan, changed).digest);
    expect(new Set([digest, ...digests, totalsOf(planOf(data, { ...options, version: '2' }), results).digest]).size).to.equal(4);
  });

  it('resumes after a torn result, and ignores that result wholly', () => {
    const journal = begun('torn');
    journal.add(5, resultOf(5));
    journal.add(15, resultOf(15));
    journal.close();
    const [segment] = readdirSync(join(root, 'torn', 'wal')).filter((name) => name.endsWith('.wal'));
    const file = join(root, 'torn', 'wal', segment as string);
    truncateSync(file, readFileSync(file).length - 7);
    const resumed = CampaignJournal.open(join(root, 'torn'));
    expect([...resumed.results.keys()]).to.deep.equal([5]);
    for (const from of [15, 25]) resumed.add(from, resultOf(from));
    resumed.close();
    expect(totalsOf(plan, again('torn').results).digest).to.equal(totalsOf(plan, results).digest);
  });

  it('refuses to open a damaged or missing journal, and to create one where one exists', () => {
    begun('damaged').close();
    const [segment] = readdirSync(join(root, 'damaged', 'wal'));
    const file = join(root, 'damaged', 'wal', segment as string);
    writeFileSync(file, readFileSync(file).fill(255, 60, 70));
    expect(() => CampaignJournal.open(join(root, 'damaged'))).to.throw(ScenarioError);
    expect(() => CampaignJournal.open(join(root, 'nowhere'))).to.throw(ScenarioError, 'no such campaign');
    expect(() => begun('damaged')).to.throw(ScenarioError, 'go on with');
  });
});
