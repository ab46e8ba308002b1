/** Logs of other engines: what is in them, and what each engine itself does with the damaged ones. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { type ExpectedLog, isExpectedLog } from '../../dev/conformance/log-files.ts';
import { lineOf, recordedFiles, runFile } from '../../dev/conformance/run-file.ts';
import { comparePolicies, engineOf, type PolicyName } from '../../wal/index.ts';

interface EngineSays {
  readonly withCompression?: {
    readonly open: { readonly ok: boolean };
    readonly sizeAfterOpen: number;
    readonly engineTruncate?: { readonly sizeAfter: number } | null;
  };
  readonly repair?: { readonly bytes: number };
}

const files = recordedFiles([join(import.meta.dirname, 'data/wal')]);
const logs = files.map((path) => ({
  path,
  log: JSON.parse(readFileSync(path, 'utf8')) as ExpectedLog & { engineSays: EngineSays },
}));
const single = logs.flatMap(({ path, log }) =>
  log.file === undefined ? [] : [{ log, name: basename(log.file), bytes: readFileSync(join(dirname(path), log.file)) }],
);

describe("other engines' logs", () => {
  it('are read as their own engines read them', () => {
    expect(logs.every(({ log }) => isExpectedLog(log))).to.equal(true);
    const results = files.flatMap((file) => [...runFile(file, () => undefined)]);
    expect(results.filter(({ result }) => result.failure !== undefined).map(lineOf)).to.deep.equal([]);
    expect(results.length).to.be.greaterThan(55);
  });

  it('are told apart by their bytes, where the bytes tell', () => {
    const told = single.filter(({ log }) => log.entries.length > 0);
    expect(told.length).to.be.greaterThan(40);
    for (const { log, name, bytes } of told) expect(engineOf(bytes), name).to.equal(log.engine);
  });

  it('are cut where the engine itself cuts them', () => {
    const keptBy = (policy: PolicyName, { log, name, bytes }: (typeof single)[number]): number | undefined =>
      comparePolicies(log.engine, name, bytes).find((one) => one.policy === policy)?.keptBytes;
    let compared = 0;
    for (const one of single) {
      const { withCompression: malachite, repair } = one.log.engineSays;
      // Of an empty file Malachite writes the header; that is no cut.
      if (malachite?.open.ok === true && one.bytes.length > 0) {
        compared += 1;
        const size = malachite.engineTruncate?.sizeAfter ?? malachite.sizeAfterOpen;
        expect(keptBy('malachite', one), one.name).to.equal(size);
      }
      if (repair !== undefined) {
        compared += 1;
        expect(keptBy('cometbft', one), one.name).to.equal(repair.bytes);
      }
    }
    expect(compared).to.be.greaterThan(50);
  });

  it('lose whole entries to a silent cut that ours does not make', () => {
    const [damaged] = single.filter(({ name }) => name === 'bad-crc-middle.wal');
    const { log, name, bytes } = damaged as (typeof single)[number];
    const [ours, malachite] = comparePolicies(log.engine, name, bytes);
    expect(ours).to.include({ policy: 'lazurite', keptBytes: bytes.length, goesOn: false });
    expect(malachite?.lostEntries).to.be.greaterThan(0);
  });
});
