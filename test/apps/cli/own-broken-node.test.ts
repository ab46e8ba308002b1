/** Broken nodes of your own, as the guide shows one: in a variant, with `--break`, by its token, and by name in a test. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { brokenNode, formatToken, parseToken, runScenario, scenario } from '../../../scenarios/index.ts';
import { command } from './command-run.ts';

const root = resolve(import.meta.dirname, '../../..');
const guide = readFileSync(join(root, 'docs/guide/your-own-broken-node.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1] ?? '';

describe('a broken node of your own', function () {
  this.timeout(300_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-broken-'));
    writeFileSync(join(folder, 'says-both.js'), block('js'));
    writeFileSync(join(folder, 'story.yaml'), block('yaml'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const lazurite = (...args: readonly string[]) =>
    spawnSync(process.execPath, [...command, ...args], { cwd: folder, encoding: 'utf8' });

  it('is what the guide shows, in about twenty lines: the honest variant holds, the broken one is red', async () => {
    expect(block('js').trim().split('\n').length).to.be.at.most(21);
    const { data } = await loadScenario(join(folder, 'story.yaml'));
    expect(runScenario(data, { variant: 'honest' }).verdict).to.equal('held');
    const broken = runScenario(data, { variant: 'broken' });
    expect(broken.complaints).to.deep.equal([]);
    expect(broken.verdict).to.equal('violated');
    expect(broken.exhibit).to.equal('./says-both.js');
  });

  it('is taken by fuzz, and what fuzz finds is replayed by its token', () => {
    const fuzz = lazurite(...'fuzz story.yaml --break ./says-both.js --runs 1 --seed 1 --no-progress'.split(' '));
    expect(fuzz.status, fuzz.stdout + fuzz.stderr).to.equal(1);
    expect(fuzz.stdout).to.contain('no-equivocation');
    const replay = lazurite('replay', 'last');
    expect(replay.status, replay.stdout + replay.stderr).to.equal(1);
  });

  it('has a name in a token, whatever its path', () => {
    const name = { scenario: 'ABCDEF01', seed: 1, variant: undefined, exhibit: './my nodes/Says-Both.ts', what: undefined };
    expect(parseToken(formatToken(name))).to.deep.equal(name);
    const known = { ...name, exhibit: 'no-wal' };
    expect(formatToken(known)).to.contain('.no-wal.');
    expect(parseToken(formatToken(known))).to.deep.equal(known);
  });

  it('is refused with its file where there is none', () => {
    writeFileSync(join(folder, 'nothing.js'), 'export default 5;\n');
    const told = (file: string): string => {
      writeFileSync(join(folder, 'wrong.yaml'), block('yaml').replace('./says-both.js', file));
      const { status, stderr } = lazurite('check', 'wrong.yaml');
      expect(status).to.equal(2);
      return stderr;
    };
    expect(told('./nothing.js')).to.contain('nothing.js: its default export is no broken node');
    expect(told('./gone.js')).to.contain('gone.js: there is no such file');
  });

  it('has a name in a test, and replaces something', () => {
    const name = brokenNode('says-nothing', {
      parts: (parts) => ({ ...parts, definition: { ...parts.definition, asWire: () => ({ type: 'nothing' }) } }),
    });
    const run = scenario('four', { A: 1, B: 1, C: 1, D: 1 })
      .variants({ name: 'broken', break: name })
      .until({ time: '3s' })
      .run();
    expect(run.exhibit).to.equal('says-nothing');
    expect(run.heights).to.equal(0);
    expect(() => brokenNode('Says both', {})).to.throw('no name');
    expect(() => brokenNode('says-both', {})).to.throw('replaces nothing');
  });
});
