/** File paths and names that were replaced are gone from code and documents. CHANGELOG, decisions and track record describe the past. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');

const paths = [
  'checker/ear.ts',
  'checker/pasts.ts',
  'checker/meantime.ts',
  'checker/falls.ts',
  'checker/joined.ts',
  'checker/judge-starts.ts',
  'checker/sample.ts',
  'checker/nemesis.ts',
  'scheduler/works.ts',
  'scheduler/cast.ts',
  'scheduler/chronicle.ts',
  'scheduler/mailroom.ts',
  'scheduler/onlookers.ts',
  'scheduler/witness.ts',
  'scheduler/carry-out.ts',
  'storage/carry-out.ts',
  'actors/record.ts',
  'actors/recent.ts',
  'actors/each.ts',
  'actors/byte-slab.ts',
  'node/shell.ts',
  'cli/shell.ts',
  'tendermint/early.ts',
  'wal/start.ts',
  'wal/boot.ts',
  'wal/boot-store.ts',
  'storage/what-is-left.ts',
  'storage/former-blocks.ts',
  'scenarios/written.ts',
  'scenarios/mistakes.ts',
  'scenarios/stage.ts',
  'cli/written.ts',
  'cli/why.ts',
  'cli/lost.ts',
];
const names = [
  ...['Ear', 'Past', 'Audience', 'Seat', 'Meantimes', 'Meantime', 'Dying', 'Absent', 'Terms', 'Fall', 'Fallen', 'Cast'],
  ...['Works', 'Chronicle', 'Mailroom', 'Onlookers', 'Onlooker', 'WorldWitness', 'Witness', 'Recent', 'carryOut', 'StageOptions'],
];
const past = /^(CHANGELOG\.md|docs\/decisions\/|docs\/track-record\.md|test\/house\/|docs\/api\/)/;

const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n');
const files = listed.filter((file) => /\.(tsx?|js|md|json)$/.test(file) && !past.test(file) && existsSync(join(root, file)));

describe('replaced names', () => {
  const texts = files.map((file): readonly [string, string] => [file, readFileSync(join(root, file), 'utf8')]);

  it('are looked for in all code and documents', () => {
    expect(files.length).to.be.greaterThan(350);
  });

  it('are no paths any more', () => {
    const found = texts.flatMap(([file, text]) => paths.filter((path) => text.includes(path)).map((path) => `${file}: ${path}`));
    expect(found).to.deep.equal([]);
    expect(
      listed.filter((file) => paths.some((path) => file.endsWith(`/${path}`) && existsSync(join(root, file)))),
    ).to.deep.equal([]);
  });

  it('are no identifiers of code any more, but where an old door gives the old name', () => {
    const code = texts.filter(([file]) => /\.tsx?$/.test(file));
    const found = code.flatMap(([file, text]) =>
      names
        .filter((name) => new RegExp(`^(?!\\s*(//|/?\\*)).*(?<!\\bas )(?<!['\\w])${name}\\b(?!')`, 'm').test(text))
        .map((name) => `${file}: ${name}`),
    );
    expect(found).to.deep.equal([]);
  });
});
