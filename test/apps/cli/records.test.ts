/** Records of runs (`run --record FILE`): each has an id of its own, which changes nothing else. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { command } from './command-run.ts';

const root = resolve(import.meta.dirname, '../../..');
const story = join(root, 'scenarios/library/03-a-voter-votes-the-same-again.ts');

interface Recorded {
  readonly id?: unknown;
  readonly hash: string;
}

describe('the record of a run', function () {
  this.timeout(120_000);
  let folder: string;
  let first: Recorded;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-records-'));
    expect(lazurite('run', story, '--record', 'first.json').stderr).to.match(/written: first\.json, record [\w-]{21}\n/);
    first = read('first.json');
  });
  after(() => rmSync(folder, { recursive: true }));

  function lazurite(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    const env = { ...process.env, NODE_OPTIONS: '' };
    return spawnSync(process.execPath, [...command, ...args], { cwd: folder, encoding: 'utf8', env });
  }
  const read = (name: string): Recorded => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded;
  const write = (name: string, record: object): void => writeFileSync(join(folder, name), JSON.stringify(record));

  it('has an id by which two records of the same run differ, and by nothing else', () => {
    expect(lazurite('run', story, '--record', 'second.json').status).to.equal(0);
    const { id, ...rest } = read('second.json');
    const { id: firstId, ...firstRest } = first;
    expect(id).to.be.a('string').and.not.equal(firstId);
    expect(rest).to.deep.equal(firstRest);
  });

  it('is refused under a name that other commands would not read', () => {
    const { status, stderr } = lazurite('run', story, '--record', 'first.run');
    expect(status).to.equal(2);
    expect(stderr).to.contain('--record first.run: give a file whose name ends in .json');
  });

  it('shows its id where it is replayed, to people and to machines', () => {
    expect(lazurite('replay', 'first.json').stdout).to.contain(`record ${String(first.id)}`);
    const { ok, id, hash } = JSON.parse(lazurite('replay', 'first.json', '--json').stdout) as Recorded & { readonly ok: boolean };
    expect({ ok, id, hash }).to.deep.equal({ ok: true, id: first.id, hash: first.hash });
  });

  it('shows its id where it is viewed, on the terminal and in the page', () => {
    expect(lazurite('view', 'first.json', '--html', 'first.html').stdout).to.contain(`record ${String(first.id)}`);
    const [, packed = ''] = /id="data">([^<]+)</.exec(readFileSync(join(folder, 'first.html'), 'utf8')) ?? [];
    const data = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as { readonly records: readonly Recorded[] };
    expect(data.records[0]).to.include({ id: first.id, hash: first.hash });
  });

  it('is read without an id too, as older versions wrote it', () => {
    const { id: _unnamed, ...older } = first;
    write('older.json', older);
    const replayed = lazurite('replay', 'older.json');
    expect(replayed.status, replayed.stderr).to.equal(0);
    expect(replayed.stdout).to.not.contain('record');
    expect(lazurite('view', 'older.json', '--html', 'older.html').stdout).to.match(/hash \w+\n$/);
  });

  for (const id of [5, '', 'line\nbreak', '\u001b[31mred', 'a'.repeat(65)])
    it(`is refused with the id ${JSON.stringify(id).slice(0, 20)}, which could not be printed as it is`, () => {
      write('wrong.json', { ...first, id });
      const { status, stderr } = lazurite('replay', 'wrong.json');
      expect(status).to.equal(2);
      expect(stderr).to.match(/^wrong\.json: .*id: the id of a record is/);
    });

  it('has an id that kept failures lack: the same failure is the same file', () => {
    const kept = (): readonly string[] => {
      const death = ['--node', 'A', '--heights', '2', '--site', 'publish', '--break', 'no-wal'];
      expect(lazurite('crashpoints', story, ...death).status).to.equal(1);
      const failures = join(folder, '.lazurite/failures');
      const files = readdirSync(failures).map((name) => `${name}: ${readFileSync(join(failures, name), 'utf8')}`);
      rmSync(failures, { recursive: true });
      return files;
    };
    const [one, ...more] = kept();
    expect([one, ...more]).to.deep.equal(kept());
    const [, name = '', text = ''] = /^(\w+)\.json: ([\s\S]*)$/.exec(one ?? '') ?? [];
    expect(JSON.parse(text))
      .to.include({ token: `f.${name}`, hash: name })
      .and.not.have.property('id');
  });
});
