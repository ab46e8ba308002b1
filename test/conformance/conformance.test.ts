/** Recorded cases of Malachite's engine and of its specification: all are as recorded, and how much of them was compared. */
import { join } from 'node:path';
import { expect } from 'chai';
import { differences } from '../../dev/conformance/differences.ts';
import { lineOf, type NamedResult, recordedFiles, runFile } from '../../dev/conformance/run-file.ts';
import { Summary } from '../../dev/conformance/summary.ts';

const data = join(import.meta.dirname, 'data');

function run(folder: string): {
  readonly results: readonly NamedResult[];
  readonly summary: Summary;
  readonly unknown: string[];
} {
  const unknown: string[] = [];
  const summary = new Summary();
  const results = recordedFiles([join(data, folder)]).flatMap((file) => [...runFile(file, (what) => unknown.push(what))]);
  for (const result of results) summary.add(result);
  return { results, summary, unknown };
}

/** What was compared at least. A runner that compares less is no longer the check that it was. */
const atLeast: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  cases: { outputs: 5281, states: 11_473, timers: 1869, entries: 1160, evidence: 2201, tallies: 2715 },
  traces: { outputs: 1256, states: 1203, timers: 129, evidence: 666, tallies: 2204 },
};

/** How often a named difference is met at most: each is a row of the tables in docs/formats/conformance.md. */
const atMost: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  cases: { changedMind: 2, pointlessTimer: 17 },
  traces: {
    afterDecision: 20,
    equivocationCounts: 10,
    invalidPolkaAnyStep: 10,
    proposalAnyRound: 1,
    skipLeavesRound: 7,
    timerBeforeLock: 25,
    timerRepeated: 1,
    unstartedSteps: 29,
  },
};

describe('conformance with other engines', () => {
  for (const folder of ['cases', 'traces']) {
    describe(folder, () => {
      const { results, summary, unknown } = run(folder);

      it('holds for every recorded case', () => {
        expect(results.filter(({ result }) => result.failure !== undefined).map(lineOf)).to.deep.equal([]);
        expect(unknown).to.deep.equal([]);
        expect(results.length).to.be.at.least(folder === 'cases' ? 456 : 64);
      });

      it('compares as much as it did', () => {
        for (const [kind, number] of Object.entries(atLeast[folder] ?? {}))
          expect(summary.compared.get(kind), kind).to.be.at.least(number);
      });

      it('meets named differences no more often than it did', () => {
        for (const [name, number] of summary.differences) expect(number, name).to.be.at.most(atMost[folder]?.[name] ?? 0);
        for (const name of Object.keys(atMost[folder] ?? {})) expect(differences).to.have.property(name);
      });

      it('prints what was compared, and each difference by its name', () => {
        const text = summary.lines.join('\n');
        for (const [name, number] of summary.differences) expect(text).to.include(`differs ${number}: ${differences[name]}`);
        expect(text).to.match(/^compared: \d+ outputs, \d+ states, \d+ timers, \d+ entries/m);
        expect(text).to.match(/ ok, \d+ ok with a named difference, 0 known, 0 not ok$/);
      });
    });
  }
});
