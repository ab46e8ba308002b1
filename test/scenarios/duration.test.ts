/** Durations: what is written is what is meant, to the microsecond. */
import { expect } from 'chai';
import { durationText, milliseconds } from '../../scenarios/duration.ts';

describe('a duration', () => {
  it('keeps its microseconds, in a text as in a number', () => {
    expect(milliseconds('1.5ms')).to.equal(1.5);
    expect(milliseconds('0.25s')).to.equal(250);
    for (const ms of [0, 0.25, 88.097, 1500, 2000, 61_234.5]) expect(milliseconds(durationText(ms))).to.equal(ms);
  });
});
