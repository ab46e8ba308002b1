/** The package as it is published: every door leads somewhere, and what is named is there. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

interface Door {
  readonly 'lazurite-source': string;
  readonly types: string;
  readonly default: string;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly files: readonly string[];
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Door | string>>;
};
const build = JSON.parse(readFileSync('dev/tsconfig.build.json', 'utf8')) as { readonly include: readonly string[] };

describe('the package', () => {
  const doors = Object.entries(manifest.exports).filter((entry): entry is [string, Door] => typeof entry[1] === 'object');

  it('has a source for each of its doors, built where the door says', () => {
    expect(doors.map(([name]) => name)).to.include.members([
      '.',
      './wal',
      './scenarios',
      './checker',
      './chai',
      './mocha',
      './yaml',
    ]);
    for (const [name, door] of doors) {
      const source = door['lazurite-source'];
      expect(existsSync(source), `${name}: ${source}`).to.equal(true);
      const built = source.replace(/^\.\//, './dist/');
      expect(door.default).to.equal(built.replace(/\.ts$/, '.js'));
      expect(door.types).to.equal(built.replace(/\.ts$/, '.d.ts'));
      expect(
        build.include.some((place) => source.startsWith(place.replace('../', './'))),
        `${name} is built`,
      ).to.equal(true);
    }
  });

  it('publishes what it says, and nothing of its tests', () => {
    for (const name of manifest.files)
      if (name !== 'dist' && !name.startsWith('!')) expect(existsSync(name), name).to.equal(true);
    expect(manifest.files).to.include.members(['dist', 'scenarios/library', 'scenarios/yaml', 'scenarios/scenario.schema.json']);
    const fileSystem = 'programs/recording/fuse/recording-fs.c';
    expect(readFileSync(`dist/${fileSystem}`, 'utf8'), 'compiled on request').to.equal(readFileSync(fileSystem, 'utf8'));
    for (const name of build.include) expect(name).to.not.match(/^\.\.\/(test|dev|docs)$/);
  });
});
