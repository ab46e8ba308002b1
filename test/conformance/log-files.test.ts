/** Logs of other engines: what is in them, and what each engine itself does with the damaged ones. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { type ExpectedLog, isExpectedLog } from '../../dev/conformance/log-files.ts';
import { lineOf, recordedFiles, runFile } from '../../dev/conformance/run-file.ts';
import { comparePolicies, engineOf, type PolicyName, type PolicyOutcome } from '../../wal/index.ts';

interface EngineSays {
  readonly withCompression?: {
    readonly open: { readonly ok: boolean };
    readonly sizeAfterOpen: number;
    readonly entriesRead?: number;
    readonly iterError?: object | null;
    readonly engineTruncate?: { readonly sizeAfter: number } | null;
    readonly decodeErrors?: readonly { readonly index: number }[];
  };
  readonly repair?: { readonly bytes: number };
  readonly searchForEndHeight?:
    | readonly {
        readonly height: string;
        readonly ignoreCorruption: boolean;
        readonly found: boolean;
        readonly replayError?: string;
      }[]
    | null;
}

const files = recordedFiles([join(import.meta.dirname, 'data/wal')]);
const logs = files.map((path) => ({
  path,
  log: JSON.parse(readFileSync(path, 'utf8')) as ExpectedLog & { engineSays: EngineSays },
}));
const single = logs.flatMap(({ path, log }) =>
  log.file === undefined ? [] : [{ log, name: basename(log.file), bytes: readFileSync(join(dirname(path), log.file)) }],
);

function outcomeOf(policy: PolicyName, { log, name, bytes }: (typeof single)[number]): PolicyOutcome {
  const found = comparePolicies(log.engine, name, bytes).find((one) => one.policy === policy);
  if (found === undefined) throw new Error(`no policy is called ${policy}`);
  return found;
}

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
    let compared = 0;
    for (const one of single) {
      const { withCompression: malachite, repair } = one.log.engineSays;
      // Malachite writes the header of an empty file; that is no cut.
      if (malachite?.open.ok === true && one.bytes.length > 0) {
        compared += 1;
        const size = malachite.engineTruncate?.sizeAfter ?? malachite.sizeAfterOpen;
        expect(outcomeOf('malachite', one).keptBytes, one.name).to.equal(size);
      }
      if (repair !== undefined) {
        compared += 1;
        expect(outcomeOf('cometbft', one).keptBytes, one.name).to.equal(repair.bytes);
      }
    }
    expect(compared).to.be.greaterThan(50);
  });

  it('stop Malachite where its own code did not open, read or decode them', () => {
    const met = { refused: 0, cut: 0, undecodable: 0, read: 0 };
    for (const one of single) {
      const { withCompression: says } = one.log.engineSays;
      if (says === undefined) continue;
      const { goesOn, keptEntries, words } = outcomeOf('malachite', one);
      const isUndecodable = (says.decodeErrors ?? []).length > 0;
      expect(goesOn, one.name).to.equal(says.open.ok && !says.iterError && !isUndecodable);
      expect(keptEntries, one.name).to.equal(says.entriesRead ?? 0);
      if (!says.open.ok) expect(words, one.name).to.match(/^refuses to open it: /);
      if (says.iterError) expect(words, one.name).to.match(/^cut at byte \d+ when a checksum fails, and /);
      if (isUndecodable) expect(words, one.name).to.match(/stops at the entry at byte \d+, which it cannot decode/);
      met[!says.open.ok ? 'refused' : says.iterError ? 'cut' : isUndecodable ? 'undecodable' : 'read'] += 1;
    }
    for (const count of Object.values(met)) expect(count).to.be.greaterThan(1);
  });

  it("are repaired by CometBFT only where the replay of its last height fails, as its own code's did", () => {
    const met = { repaired: 0, unnoticed: 0 };
    for (const one of single) {
      const searches = (one.log.engineSays.searchForEndHeight ?? []).filter(
        ({ found, ignoreCorruption }) => found && ignoreCorruption,
      );
      const last = searches.at(-1);
      if (last === undefined || one.log.verdict.status === 'clean') continue;
      const { words } = outcomeOf('cometbft', one);
      const isRepaired = last.replayError !== undefined;
      if (isRepaired) expect(words, one.name).to.match(/^repaired: /);
      else
        expect(words, one.name).to.match(
          new RegExp(`^not noticed: only what follows the end of height ${last.height} is replayed`),
        );
      met[isRepaired ? 'repaired' : 'unnoticed'] += 1;
    }
    expect(met.repaired).to.be.greaterThan(5);
    expect(met.unnoticed).to.be.greaterThan(2);
  });

  it('lose whole entries to a silent cut that ours does not make', () => {
    const [damaged] = single.filter(({ name }) => name === 'bad-crc-middle.wal');
    const { log, name, bytes } = damaged as (typeof single)[number];
    const [ours, malachite] = comparePolicies(log.engine, name, bytes);
    expect(ours).to.include({ policy: 'lazurite', keptBytes: bytes.length, goesOn: false });
    expect(malachite?.lostEntries).to.be.greaterThan(0);
  });
});
