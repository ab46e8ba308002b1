/** Parity: the simulated disk and real files agree, and storages that are wrong in one thing are found, with a small plan. */
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import fc from 'fast-check';
import { parity } from '../../runtime/index.ts';
import { realFolder } from '../../runtime/parity/folders.ts';
import { compareRun } from '../../runtime/parity/recorded-runs.ts';
import type { Storage } from '../../wal/index.ts';

type Reopened = ReturnType<typeof realFolder>;

/** Real files with one operation replaced. */
function withWrong(change: (storage: Storage) => Partial<Storage>): typeof realFolder {
  const wrap = (inner: Reopened): Reopened => {
    const { storage } = inner;
    const changed = change(storage);
    const proxy = new Proxy(storage, {
      get: (target, name) => {
        const own = changed[name as keyof Storage] ?? target[name as keyof Storage];
        return own?.bind(target);
      },
    });
    return { storage: proxy, reopen: () => wrap(inner.reopen()), close: () => inner.close() };
  };
  return (parent) => wrap(realFolder(parent));
}

const options = { plans: 400, runs: 0, seed: 1, folder: tmpdir() };

describe('parity', () => {
  it('finds no difference between the simulated disk and real files', () => {
    const { different, operations, known } = parity(fc, { ...options, plans: 60 });
    expect(different).to.equal(undefined);
    expect(operations).to.be.greaterThan(300);
    expect(Object.keys(known).length).to.be.at.most(1);
  });

  const wrong: Readonly<Record<string, { readonly change: (storage: Storage) => Partial<Storage>; readonly plan: number }>> = {
    'forgets the last byte of a full sector': {
      change: (storage) => ({
        append: (file, bytes) => storage.append(file, bytes.length === 512 ? bytes.subarray(0, 511) : bytes),
      }),
      plan: 2,
    },
    'reads past the end as zeros': {
      change: (storage) => ({
        read: (file, offset = 0, length) => {
          const bytes = storage.read(file, offset, length);
          return length !== undefined && bytes.length < length && length < 100 ? new Uint8Array(length) : bytes;
        },
      }),
      plan: 2,
    },
    'creates over a file that is there': {
      change: (storage) => ({
        create: (file) => {
          if (!storage.list('wal').includes(file.slice('wal/'.length))) storage.create(file);
        },
      }),
      plan: 2,
    },
    'removes in silence what is not there': {
      change: (storage) => ({
        remove: (file) => {
          try {
            storage.remove(file);
          } catch {
            // In silence.
          }
        },
      }),
      plan: 1,
    },
    'writes at the end, whatever the offset': {
      change: (storage) => ({ writeAt: (file, _offset, bytes) => storage.append(file, bytes) }),
      plan: 1,
    },
  };
  for (const [name, { change, plan }] of Object.entries(wrong))
    it(`finds a storage that ${name}, and shrinks the plan to ${plan} operations`, () => {
      const { different } = parity(fc, { ...options, real: withWrong(change) });
      expect(different?.plan).to.have.length(plan);
      expect(different?.simulated).to.not.equal(different?.real);
    });

  it('compares whole runs with kills, node by node, on both', () => {
    const compared = compareRun(3, tmpdir());
    expect(compared.map(({ node }) => node)).to.deep.equal(['A', 'B', 'C', 'D']);
    for (const { first, operations, decisions } of compared) {
      expect(first).to.equal(undefined);
      expect(operations).to.be.greaterThan(50);
      expect(decisions).to.be.greaterThan(4);
    }
  });
});
