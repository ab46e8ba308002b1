/** Each property, event, site, mark, fault, role, command, flag and export of the package has its entry in the reference. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { fieldsWithoutEntry, nameLists, namesWithoutEntry } from '../../dev/tools/reference/names.ts';
import { command } from '../apps/cli/command-run.ts';
import { exportedNames } from './exported-names.ts';

const root = resolve(import.meta.dirname, '../..');
const pageOf = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8');

describe('the reference', function () {
  this.timeout(60_000);

  for (const { what, page, ...list } of nameLists) {
    it(`has an entry for each ${what}`, () => {
      expect(list.names).to.not.have.length(0);
      expect(namesWithoutEntry(list, pageOf(`reference/${page}`))).to.deep.equal([]);
    });

    it(`finds a gap: a new ${what}, and one whose entry is gone`, () => {
      const text = pageOf(`reference/${page}`);
      expect(namesWithoutEntry({ ...list, names: [...list.names, 'planted'] }, text)).to.deep.equal(['planted']);
      const [first = ''] = list.names;
      const without = text.split('\n').filter((line) => !/^(\||###? )/.test(line) || !line.includes(`\`${first}\``));
      expect(namesWithoutEntry(list, without.join('\n'))).to.include(first);
    });
  }

  it('names each field of an event in the row of that event', () => {
    const text = pageOf('reference/events-and-sites.md');
    expect(fieldsWithoutEntry(text)).to.deep.equal([]);
    expect(fieldsWithoutEntry(text.replace('`lostBytes`', ''))).to.deep.equal(['crash: lostBytes']);
  });

  it('has a section for each command, with all of its flags', () => {
    const { stdout } = spawnSync(process.execPath, [...command, 'completion', 'fish'], { encoding: 'utf8' });
    const commands = [...stdout.matchAll(/__fish_use_subcommand -a (\S+)/g)].map(([, name = '']) => name);
    const flags = [...stdout.matchAll(/__fish_seen_subcommand_from (\S+)' -l (\S+)/g)].map(([, of = '', flag = '']) => ({
      of,
      flag,
    }));
    expect(commands).to.include.members(['run', 'crashpoints', 'wal']);
    expect(flags.length).to.be.greaterThan(100);
    // A flag of `campaign` may be one of `campaign start`.
    const missing = (text: string): readonly string[] => {
      const sections = text.split(/^## lazurite /m);
      const of = (name: string): string => sections.filter((one) => new RegExp(`^${name}[ \\n]`).test(one)).join('');
      return [
        ...commands.filter((name) => of(name) === ''),
        ...flags
          .filter(({ of: name, flag }) => !new RegExp(`--${flag}(?![\\w-])`).test(of(name)))
          .map((one) => `${one.of} --${one.flag}`),
      ];
    };
    const page = pageOf('reference/commands.md');
    expect(missing(page)).to.deep.equal([]);
    expect(missing(page.replaceAll('--must-reach', '--reach'))).to.deep.equal(['fuzz --must-reach']);
  });

  it('has a section for each export of each entry point', async () => {
    const doors = await exportedNames();
    expect(doors.length).to.be.greaterThan(8);
    for (const { page, names } of doors) {
      const sections = new Set([...pageOf(`api/${page}`).matchAll(/^## (\S+)$/gm)].map(([, name]) => name));
      expect(
        names.filter((name) => !sections.has(name)),
        page,
      ).to.deep.equal([]);
      expect(names, page).to.not.have.length(0);
    }
  });
});
