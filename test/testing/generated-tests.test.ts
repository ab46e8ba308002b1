/** Tests at crash points: their own limits of time, and runs that did not happen as they are written. */
import { expect } from 'chai';
import { event, type Run, type Scenario, scenario } from '../../scenarios/index.ts';
import { type EveryCrashPoint, itAtEveryCrashPoint } from '../../testing/mocha.ts';

const four = () => scenario('four', { A: 1, B: 1, C: 1, D: 1 });

interface Declared {
  readonly name: string;
  readonly test: () => void;
  readonly limitMs: number;
  /** What mocha's own test says. */
  readonly set: readonly number[];
}

/** Declares them by a runner whose tests may take so long unless they say otherwise. */
function declared(
  of: Scenario,
  options: Partial<EveryCrashPoint>,
  judge: (run: Run) => void,
  allowedMs = 2000,
): readonly Declared[] {
  const all: Declared[] = [];
  const it = (name: string, test: () => void | Promise<void>, limitMs = 0) => {
    const set: number[] = [];
    all.push({ name, test: test as () => void, limitMs, set });
    return { timeout: (ms?: number) => (ms === undefined ? allowedMs : set.push(ms)) };
  };
  itAtEveryCrashPoint(of, { node: 'B', heights: [1, 1], sites: ['decided'], ...options, it }, judge);
  return all;
}

describe('a generated test', () => {
  it('may take as long as its number of deaths needs, and not less than the user allows', () => {
    const [one] = declared(four(), {}, () => undefined);
    expect(one?.name).to.equal('dies at each of the crash points of decided (4 deaths)');
    expect(one?.limitMs).to.equal(14_000);
    expect(one?.set).to.deep.equal([14_000]);
    expect(declared(four(), {}, () => undefined, 60_000)[0]?.set).to.deep.equal([]);
    expect(declared(four(), {}, () => undefined, 0)[0]?.set).to.deep.equal([]);
  });

  it('fails where a run did not happen as it is written, whatever the judge says, unless it names the complaint', () => {
    const waiting = four().node('A', (a) => a.expect(event('evidence'), { within: '100ms' }));
    const [one] = declared(waiting, {}, () => undefined);
    expect(() => one?.test()).to.throw(/A: expect evidence did not come within 100 ms[\s\S]*\n {2}alone {4}LAZURITE_REPLAY=t1\./);
    const [allowed] = declared(waiting, { despite: ['A: expect evidence', /never met/] }, () => undefined);
    expect(() => allowed?.test()).to.not.throw();
  });

  it('is not declared of a run, or without a judge', () => {
    const misused =
      (...given: readonly unknown[]) =>
      (): void =>
        (itAtEveryCrashPoint as unknown as (...all: readonly unknown[]) => void)(...given);
    expect(misused(four().until({ time: '1s' }).run(), { node: 'B' }, () => undefined)).to.throw('one that is not run yet');
    expect(misused(four(), { node: 'B' })).to.throw('takes a function last');
  });
});
