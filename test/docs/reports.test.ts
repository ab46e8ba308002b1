/** docs/reports.md: every report has a source, its scenario or broken node exists, and the verdict is the one on the page. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import { exhibits } from '../../museum/index.ts';
import { runScenario } from '../../scenarios/index.ts';

interface Row {
  readonly source: string;
  readonly mechanism: string;
  readonly told: string;
  readonly verdict: string;
}

const rows = readFileSync('docs/reports.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (report|---) \|/.test(line))
  .map((line): Row => {
    const [source = '', mechanism = '', told = '', verdict = ''] = line.slice(2, -2).split(' | ');
    return { source, mechanism, told: told.replaceAll('`', ''), verdict };
  });

const isExhibit = ({ told }: Row): boolean => !told.includes('/') && told !== '-';

describe('the public reports', () => {
  it('are at least forty that something tells, each once with its source and its mechanism', () => {
    expect(rows.filter(({ told }) => told !== '-').length).to.be.at.least(40);
    for (const { source, mechanism, verdict } of rows) {
      const [, repository, number, link] = /^\[(\S+) (\d+)\]\((\S+)\)$/.exec(source) ?? [];
      expect(link, source).to.equal(`https://github.com/${repository}/issues/${number}`);
      expect(mechanism, source).to.match(/^[A-Z].{20,}\.$/);
      expect(verdict, source).to.match(/^(held|red: [a-z-]+|cannot be said: .{10,})$/);
    }
    expect(new Set(rows.map(({ source }) => source)).size).to.equal(rows.length);
  });

  it('name broken nodes that there are, and properties that are expected to catch them', () => {
    for (const row of rows.filter(isExhibit)) {
      const exhibit = exhibits.find(({ name }) => name === row.told);
      expect(exhibit, row.told).to.not.equal(undefined);
      expect(row.verdict, row.source).to.match(/^red: /);
      expect(exhibit?.expected, `${row.source}: ${row.told}`).to.include(row.verdict.slice('red: '.length));
    }
  });

  it('name tests that there are', () => {
    const tests = rows.filter(({ told }) => told.startsWith('test/'));
    expect(tests).to.not.be.empty;
    for (const { told } of tests) expect(existsSync(told), told).to.equal(true);
  });

  it('say what cannot be said yet in place of a scenario, and only there', () => {
    for (const { source, told, verdict } of rows) expect(told === '-', source).to.equal(verdict.startsWith('cannot be said'));
  });

  for (const file of new Set(rows.filter(({ told }) => told.startsWith('scenarios/')).map(({ told }) => told)))
    it(`${file} is held by the honest node`, async () => {
      expect(rows.filter(({ told }) => told === file).map(({ verdict }) => verdict)).to.satisfy((all: string[]) =>
        all.every((verdict) => verdict === 'held'),
      );
      const { data } = await loadScenario(file);
      const run = runScenario(data);
      expect(run.complaints).to.deep.equal([]);
      expect(run.verdict).to.equal('held');
    });
});
