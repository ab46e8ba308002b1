import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');

/** Lowest first; the first prefix that fits counts. What stands on one floor may import from it and below. */
const floors: readonly (readonly [string, number])[] = [
  ['actors/scheduler/', 1],
  ['actors/node/', 2],
  ['actors/tendermint/', 3],
  ['actors/byzantine/', 3],
  ['actors/raft/', 3],
  ['actors/', 0],
  ['wal/', 1],
  ['network-sim/', 1],
  ['scenarios/', 4],
  ['checker/', 4],
  ['museum/', 4],
  ['cli/', 5],
  ['lab/', 5],
];

const floorOf = (file: string): number | undefined => floors.find(([prefix]) => file.startsWith(prefix))?.[1];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isTypeOnly: boolean;
}

const files = [...new Set(floors.map(([prefix]) => prefix.split('/')[0] as string))].flatMap(sources);

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8');
  return [...text.matchAll(/^(?:import|export) (type )?[^;'"]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm)].map((found) => ({
    from,
    to: relative(root, resolve(root, dirname(from), found[2] ?? found[3] ?? '')),
    isTypeOnly: found[1] !== undefined,
  }));
});

describe('the floors of the house', () => {
  it('were read', () => {
    expect(imports.length).to.be.greaterThan(50);
  });

  it('are never climbed by an import', () => {
    const climbing = imports.filter(({ from, to }) => (floorOf(to) ?? 9) > (floorOf(from) ?? 9));
    expect(climbing.map(({ from, to }) => `${from} imports ${to}`)).to.deep.equal([]);
  });

  it('keep a node free of any protocol, and protocols to the definition of a node', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        /^actors\/(tendermint|byzantine|raft)\//.test(from) &&
        to.startsWith('actors/node/') &&
        to !== 'actors/node/definition.ts',
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).to.deep.equal([]);
  });

  it('keep the checker apart from what it judges: shell, gate, log writer, recovery, protocols', () => {
    const judged = /^(actors\/(node|tendermint|byzantine|raft)\/|wal\/(?!storage\/))/;
    const wrong = imports.filter(({ from, to }) =>
      from.startsWith('checker/properties/') || from === 'checker/twin.ts'
        ? judged.test(to) && to !== 'actors/node/definition.ts'
        : false,
    );
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).to.deep.equal([]);
  });

  it('hold no exhibit: nothing honest knows a broken node by name', () => {
    const exhibits = [
      'no-wal',
      'no-fsync',
      'broadcast-before-flush',
      'timeouts-unlogged',
      'certificates-unlogged',
      'corruption-cut-as-torn',
      'life-reused',
    ];
    const honest = files.filter((file) => /^(actors|wal|network-sim|checker)\//.test(file));
    const found = honest.filter((file) => exhibits.some((name) => readFileSync(join(root, file), 'utf8').includes(name)));
    expect(found).to.deep.equal([]);
  });
});
