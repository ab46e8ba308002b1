/** Exploration: its reductions lose no outcome, and broken nodes are found. */
import { expect } from 'chai';
import { explorePlan, scheduleCase } from '../../../campaigns/exploration/from-scenario.ts';
import { drawSchedules, type ExploreResult, searchSchedules } from '../../../campaigns/index.ts';
import { runScenario, scenario } from '../../../scenarios/index.ts';

const three = scenario('three', { A: 1, B: 1, C: 1 }).data;
const bounds = { victim: 'B', heights: 1, rounds: 1, maxStates: 1_000_000 } as const;

/** The protocol of the course, which has no rounds. */
interface RollCall {
  readonly rollcall: { admit(state: unknown, input: { readonly type: string }): string };
  readonly surroundings: unknown;
}

const red = ({ violations }: ExploreResult): readonly string[] => violations.map(({ property }) => property).sort();

describe('explore', () => {
  it('meets with departures what it does not meet without: more states, and still no honest failure', () => {
    const few = searchSchedules(explorePlan(three, { ...bounds, deaths: 0, deviations: 1, merge: true }));
    const none = searchSchedules(explorePlan(three, { ...bounds, deaths: 0, deviations: 0, merge: true }));
    expect(few.states).to.be.greaterThan(5 * none.states);
    expect(red(few)).to.deep.equal([]);
    expect(few.isExhausted).to.equal(true);
  });

  it('finds a voter that forgets, and names the death and the departures that led there', () => {
    const { violations } = searchSchedules(
      explorePlan(three, { ...bounds, deaths: 1, deviations: 0, merge: true, exhibit: 'no-wal' }),
    );
    const found = violations.find(({ property }) => property === 'no-equivocation');
    expect(found?.path.join('; ')).to.match(/B@1\.\d\/[a-z.]+~\d+:(before|after)/);
  });

  it('says so when the bound of states ends it', () => {
    const { isExhausted } = searchSchedules(
      explorePlan(three, { ...bounds, maxStates: 50, deaths: 1, deviations: 2, merge: true }),
    );
    expect(isExhausted).to.equal(false);
  });

  it('comes to an end where a protocol without rounds never would', async () => {
    const { rollcall, surroundings } = (await import(
      new URL('../../../docs/course/rollcall.js', import.meta.url).href
    )) as RollCall;
    const admit: RollCall['rollcall']['admit'] = (state, input) =>
      input.type === 'drawn' ? 'pass' : rollcall.admit(state, input);
    const forgetful = { ...rollcall, name: 'forgetful', admit };
    const { data } = scenario('a roll call', { A: 1, B: 1, C: 1 }).protocol(forgetful as never, surroundings as never);
    const options = { ...bounds, deaths: 1, deviations: 0, merge: true };
    expect(searchSchedules(explorePlan(data, options)).cut).to.be.greaterThan(0);
    const few = searchSchedules(explorePlan(data, { ...options, maxStates: 500 }));
    expect(few).to.include({ states: 500, isExhausted: false });
    const drawn = drawSchedules({ ...explorePlan(data, options), strategy: 'random', depth: 1, runs: 3, seed: 1 });
    expect(drawn.ends + drawn.cut).to.equal(4);
  });

  for (const exhibit of ['no-wal', 'broadcast-before-flush', 'lock-forgotten'])
    for (const victim of ['A', 'B'])
      for (const disks of ['victim', 'all'] as const)
        it(`keeps what it found as a scenario and an order of messages, which fails again alike: ${exhibit}, ${victim}, late disks: ${disks}`, () => {
          const options = { ...bounds, victim, disks, deaths: 1, deviations: 1, merge: true, exhibit, maxStates: 4000 };
          const { violations } = searchSchedules(explorePlan(three, options));
          expect(violations, exhibit).to.not.be.empty;
          for (const violation of violations) {
            const { properties } = runScenario(scheduleCase(three, options, violation), { exhibit });
            const again = properties.find(({ name }) => name === violation.property);
            if (again?.verdict === 'off') continue;
            expect(again, violation.path.join('; ')).to.include({ verdict: 'violated', message: violation.message });
          }
        });

  for (const strategy of ['random', 'pct'] as const) {
    it(`draws schedules (${strategy}): honest ones hold, a voter that forgets is found, the same seed draws the same`, () => {
      const draw = { strategy, depth: 3, runs: 150, seed: 7 };
      const options = { ...bounds, deaths: 1, deviations: 0, merge: false };
      const honest = drawSchedules({ ...explorePlan(three, options), ...draw });
      expect(red(honest)).to.deep.equal([]);
      expect(honest.deaths).to.be.greaterThan(100);
      const broken = (): ExploreResult => drawSchedules({ ...explorePlan(three, { ...options, exhibit: 'no-wal' }), ...draw });
      expect(red(broken())).to.include('no-equivocation');
      expect(broken()).to.deep.equal(broken());
      expect(honest.isExhausted).to.equal(false);
    });
  }
});
