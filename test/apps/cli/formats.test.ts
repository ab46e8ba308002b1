/** What other tools read: names and messages that contain a format's own signs. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type Case, formats } from '../../../apps/cli/report-formats.ts';
import { command } from './command-run.ts';

const root = resolve(import.meta.dirname, '../../..');

const awkward: Case = {
  suite: 'two\nlines: 100%, #1 | <a> & "b" \\ c',
  name: 'rings \u0007, \ufffe, half a pair \ud83d and a whole one \ud83d\ude00',
  verdict: 'violated',
  isRight: false,
  message: 'first\r\nsecond: 50%, a|b\u0085',
  file: 'a,b:c.ts',
  ms: 1500,
  token: 't1.x',
};

describe('reports', () => {
  it('TAP: a test point is one line, and what would be a directive is escaped', () => {
    const lines = formats.tap([awkward]).split('\n');
    expect(lines.slice(0, 2)).to.deep.equal(['TAP version 14', '1..1']);
    expect(lines[2]).to.match(/^not ok 1 - two lines: 100%, \\#1 \| <a> & "b" \\\\ c: rings/);
    expect(lines[3]).to.equal('  ---');
    expect(lines.at(-1)).to.equal('  ...');
    const diagnostic = lines.slice(4, -1).join('\n');
    expect(diagnostic).to.not.contain('\u0085');
    expect(parse(diagnostic)).to.deep.equal({ message: awkward.message, replay: 't1.x' });
  });

  it('GitHub: a command is one line, and its properties end where they end', () => {
    const [line = '', totals] = formats.github([awkward]).split('\n');
    const [, properties = '', message] = /^::error (.*?)::(.*)$/.exec(line) ?? [];
    const [file, title, ...others] = properties.split(',');
    expect(file).to.equal('file=a%2Cb%3Ac.ts');
    expect(title).to.match(/^title=two%0Alines%3A 100%25%2C #1 \|/);
    expect(others).to.be.empty;
    expect(message).to.equal('first%0D%0Asecond: 50%25, a|b\\u0085%0Anpx lazurite replay t1.x');
    expect(totals).to.equal('0 of 1 as expected');
  });

  it('GitHub: what stands in no file and names no run says neither', () => {
    const line = formats.github([{ ...awkward, suite: 's', name: 'n', message: 'm', file: '', token: '' }]);
    expect(line).to.match(/^::error title=s%3A n::m\n/);
  });

  it('step summary: a row is one line of five cells', () => {
    const [, , row = '', ...others] = formats.summary([awkward]).split('\n');
    expect(others).to.be.empty;
    expect(row.replaceAll(/\\./g, '').split('|')).to.have.length(7);
    expect(row).to.contain('two<br>lines: 100%, #1 \\| &lt;a> &amp; "b" \\\\ c');
  });

  it('JUnit: no sign that XML 1.0 forbids, and line breaks in attributes are kept', () => {
    const text = formats.junit([awkward]);
    expect(text).to.not.match(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
    expect(text).to.contain('name="rings ?, ?, half a pair ? and a whole one \ud83d\ude00"');
    expect(text).to.contain('<testsuite name="two&#10;lines: 100%, #1 | &lt;a&gt; &amp; &quot;b&quot; \\ c" tests="1"');
    expect(text).to.contain('message="first&#13;&#10;second');
    for (const tag of text.matchAll(/<testcase[^>]*>/g)) expect(tag[0]).to.not.contain('\n');
  });

  it('NDJSON: a case is one line', () => {
    const [line = '', ...others] = formats.ndjson([awkward]).split('\n');
    expect(others).to.be.empty;
    expect(JSON.parse(line)).to.deep.equal({ ...awkward });
  });

  it('are refused before anything runs where there is no such format', () => {
    for (const [flags, words] of [
      [['--reporter', 'toString'], "'toString' is no format; there are junit, tap"],
      [['--out', 'results.xml'], 'write it as junit=FILE'],
    ] as const) {
      const args = [...command, 'run', 'scenarios/library/14-a-partition-that-heals.ts', ...flags];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      expect(stderr).to.contain(words);
      expect(stdout).to.equal('');
      expect(status).to.equal(2);
    }
  });
});
