/** The command `npm run bench` with arguments that are wrong: exit code 2, before anything is measured. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { parseBenchArguments } from '../../../dev/bench/arguments.ts';
import { BenchUsageError } from '../../../dev/bench/errors.ts';

const root = resolve(import.meta.dirname, '../../..');
const command = ['--import', join(root, 'dev/strip-types.js'), '--conditions=lazurite-source', join(root, 'dev/bench/main.ts')];

const bench = (...args: readonly string[]) => spawnSync(process.execPath, [...command, ...args], { cwd: root, encoding: 'utf8' });

const rowNames = ['heights 4', 'explore'];

describe('the arguments of the bench', () => {
  for (const [args, message] of [
    [['--row', 'explore,'], "--row: there is no row ''; the rows are: heights 4, explore"],
    [['--row', ''], "--row: there is no row ''"],
    [['--row', 'heights', '4'], "Unexpected argument '4'"],
    [['--against', 'HEAD', '--row', 'explor'], "--row: there is no row 'explor'"],
    [['--against'], "'--against <value>'"],
    [['--against', 'HEAD', '--limit', 'ten'], "--limit: expected a number of 1 or more, such as 1.05; found 'ten'"],
    [['--against', 'HEAD', '--limit', ''], '--limit: expected a number of 1 or more'],
    [['--against', 'HEAD', '--limit', '0.9'], '--limit: expected a number of 1 or more'],
    [['--against', 'HEAD', '--limit', 'Infinity'], '--limit: expected a number of 1 or more'],
    [['--limit', '1.05'], '--limit: needs --against COMMIT'],
    [['--fast'], "Unknown option '--fast'"],
    [['explore'], "Unexpected argument 'explore'"],
  ] as const)
    it(`${JSON.stringify(args)} are refused`, () => {
      expect(() => parseBenchArguments(args, rowNames)).to.throw(BenchUsageError, message);
    });

  it('--row can be repeated and takes a comma list', () => {
    const { rows } = parseBenchArguments(['--row', 'a, b c', '--row', 'd'], ['a', 'b c', 'd', 'e']);
    expect(rows).to.deep.equal(['a', 'b c', 'd']);
  });

  it('without --row and --limit all rows are measured, and the limit is 1.1', () => {
    expect(parseBenchArguments(['--against', 'HEAD'], ['a'])).to.deep.equal({
      json: false,
      list: false,
      rows: undefined,
      against: 'HEAD',
      limit: 1.1,
    });
  });
});

describe('the bench', () => {
  for (const [args, message] of [
    [['--row', 'explor'], "--row: there is no row 'explor'; the rows are: heights 4, "],
    [['--against', 'HEAD', '--limit', '0'], '--limit: expected a number of 1 or more'],
    [['--against', 'no-such-commit'], '--against no-such-commit: there is no such commit'],
    [['--against=--hard'], "--against: expected a commit, found '--hard'"],
  ] as const)
    it(`ends with exit code 2 and one line after ${args.join(' ')}`, () => {
      const { status, stdout, stderr } = bench(...args);
      expect(stderr).to.contain(message);
      expect(stderr.trim().split('\n')).to.have.length(1);
      expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
    });

  it('lists its rows', () => {
    const { status, stdout } = bench('--list');
    expect(status).to.equal(0);
    expect(stdout.split('\n')).to.include.members(['heights 4', 'driver 100', 'append 64', 'page']);
  });

  it('measures only the named rows', () => {
    const { status, stdout, stderr } = bench('--json', '--row', 'append,append 64');
    expect(status).to.equal(0);
    const { rows } = JSON.parse(stdout) as { readonly rows: readonly { readonly name: string; readonly unit: string }[] };
    expect(rows.map(({ name, unit }) => `${name} ${unit}`)).to.deep.equal(['append us', 'append 64 us']);
    expect(stderr).to.contain('measuring append 64, 3 times');
  });
});
