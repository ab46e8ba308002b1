/** The jump table that the driver uses has the same transitions as XState's interpreter of the chart. */
import { expect } from 'chai';
import { transition } from 'xstate';
import { compileChart, jumpTable, roundChart } from '../../../actors/tendermint/index.ts';

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
