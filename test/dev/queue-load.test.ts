/** The simulation of many workers and one server. */
import { expect } from 'chai';
import { overheadOf } from '../../dev/queue-load/simulate.ts';

describe('the simulated load of a queue', () => {
  const load = { workers: 1, unit: 10, serverMs: 1, workerMs: 1, seedMs: [10], units: 10 };

  it('is what one worker spends on units, beside their runs', () => {
    expect(overheadOf(load)).to.be.closeTo(2 / 102, 1e-9);
    expect(overheadOf({ ...load, unit: 100 })).to.be.closeTo(2 / 1002, 1e-9);
  });

  it('grows where the server has more to do than time', () => {
    // A hundred workers ask for a unit each 101 ms, which is all that the server can do; two hundred wait for half of the time.
    expect(overheadOf({ ...load, workers: 50 })).to.be.lessThan(0.03);
    expect(overheadOf({ ...load, workers: 200, units: 40 })).to.be.greaterThan(0.45);
    expect(overheadOf({ ...load, workers: 200, unit: 100, units: 40 })).to.be.lessThan(0.01);
  });
});
