import { join } from 'node:path';
import { expect } from 'chai';
import { transition } from 'xstate';
import { compileChart, jumpTable, roundChart } from '../../actors/tendermint/index.ts';
import { lineOf, recordedFiles, runFile } from '../../dev/conformance/run-file.ts';

const data = join(import.meta.dirname, 'data');

describe('conformance with other engines', () => {
  for (const folder of ['cases', 'traces']) {
    it(`holds for every recorded case of ${folder}`, () => {
      const unknown: string[] = [];
      const results = recordedFiles([join(data, folder)]).flatMap((file) => [...runFile(file, (what) => unknown.push(what))]);
      expect(results.filter(({ result }) => result.type === 'not ok').map(lineOf)).to.deep.equal([]);
      expect(unknown).to.deep.equal([]);
      expect(results.length).to.be.greaterThan(60);
    });
  }
});

describe('the jump table', () => {
  const events = [...new Set(Object.values(jumpTable).flatMap((row) => Object.keys(row)))];

  for (const step of Object.keys(jumpTable)) {
    it(`moves from ${step} as XState's interpreter does`, () => {
      for (const event of events) {
        const [after, actions] = transition(roundChart, roundChart.resolveState({ value: step, context: {} }), { type: event });
        const jump = jumpTable[step]?.[event];
        expect(after.value, event).to.equal(jump?.target ?? step);
        expect(
          actions.map(({ type }) => type),
          event,
        ).to.deep.equal(jump?.actions ?? []);
      }
    });
  }

  it('is compiled from the chart and nothing else', () => {
    expect(compileChart(roundChart)).to.deep.equal(jumpTable);
  });
});
