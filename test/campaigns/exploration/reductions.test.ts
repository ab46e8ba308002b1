/**
 * The reductions of exploration, against searches that do without them, on three nodes: what every node has said, what it has decided with which
 * certificate, and in which life, is the same in all.
 */
import { expect } from 'chai';
import type { World } from '../../../actors/scheduler/index.ts';
import { type ExploreOptions, explorePlan } from '../../../campaigns/exploration/from-scenario.ts';
import { searchSchedules } from '../../../campaigns/index.ts';
import type { Monitor } from '../../../core/events.ts';
import { scenario } from '../../../scenarios/index.ts';

const { data } = scenario('three', { A: 1, B: 1, C: 1 });

interface Searched {
  readonly outcomes: { readonly count: number; readonly digest: string };
  readonly red: readonly string[];
  readonly transitions: number;
}

function searched(options: Partial<ExploreOptions>): Searched {
  const bounds = { victim: 'B', heights: 1, rounds: 1, deaths: 0, deviations: 0, merge: true, maxStates: 1_000_000 };
  const { isExhausted, violations, transitions, outcomes } = searchSchedules(explorePlan(data, { ...bounds, ...options }));
  expect(isExhausted).to.equal(true);
  return { outcomes, red: violations.map(({ property }) => property).sort(), transitions };
}

function expectSame(reduced: Searched, whole: Searched): void {
  expect(reduced.outcomes).to.deep.equal(whole.outcomes);
  expect(reduced.red).to.deep.equal(whole.red);
  expect(reduced.transitions).to.be.lessThan(whole.transitions);
}

describe('what exploration leaves out leads nowhere else', () => {
  const whole = { merge: false, disks: 'all', everyDeparture: true } as const;

  for (const deviations of [1, 2])
    it(`nobody dies, ${deviations} departure(s): merged with the victim's disk late, and unmerged with all disks late`, () => {
      const reduced = searched({ deviations });
      expectSame(reduced, searched({ deviations, ...whole }));
      expect(reduced.outcomes.count).to.be.greaterThan(searched({ deviations: deviations - 1 }).outcomes.count);
      expect(reduced.red).to.deep.equal([]);
    });

  for (const victim of ['A', 'B'])
    for (const exhibit of [undefined, 'no-wal', 'replay-reasks-value', 'lock-forgotten', 'broadcast-before-flush'])
      it(`${victim} dies at any point, no departure, ${exhibit ?? 'honest'}: merged and unmerged`, () => {
        const options = { victim, deaths: 1, ...(exhibit === undefined ? {} : { exhibit }) };
        const reduced = searched(options);
        expectSame(reduced, searched({ ...options, ...whole }));
        if (exhibit === undefined) expect(reduced.red).to.deep.equal([]);
      });

  for (const exhibit of [undefined, 'no-wal', 'broadcast-before-flush'])
    it(`B dies at any point, one departure, ${exhibit ?? 'honest'}: the victim's disk late, and all disks late`, () => {
      const options = { deaths: 1, deviations: 1, ...(exhibit === undefined ? {} : { exhibit }) };
      const reduced = searched(options);
      expectSame(reduced, searched({ ...options, disks: 'all', everyDeparture: true }));
      if (exhibit !== undefined) expect(reduced.red).to.not.deep.equal([]);
    });

  it('keeps a departure that could come after a step which ends the schedule', () => {
    const bounds = { victim: 'B', heights: 1, rounds: 1, deaths: 0, deviations: 1, merge: true, maxStates: 1_000_000 };
    const [reduced, whole] = [false, true].map((everyDeparture) => {
      // How many messages A, B and C have received at the ends.
      const ends = new Set<string>();
      const receiving: Monitor<readonly number[]> = {
        watches: ['deliver network'],
        start: [0, 0, 0],
        look: (counts, { node }) => counts.map((count, place) => (node === 'ABC'[place] ? count + 1 : count)),
        finish: (counts) => {
          ends.add(`${counts}`);
          return { verdict: 'held', violations: [] };
        },
      };
      const plan = explorePlan(data, { ...bounds, everyDeparture });
      const start = (): World => {
        const world = plan.start();
        return world.fork([...world.memories, [receiving.start]], [...world.rules, receiving as Monitor]);
      };
      searchSchedules({ ...plan, properties: [...plan.properties, 'what happened', 'receiving'], start });
      return [...ends].sort();
    });
    expect(reduced).to.deep.equal(whole);
    expect(whole).to.have.length.greaterThan(1);
  });

  it('lets a monitor that looks at the disk of a victim that is down see the right one', () => {
    /** Objects to few lengths of the log while B is down. */
    const curious: Monitor<boolean> = {
      watches: ['effect transmit'],
      start: false,
      look: (objects, _event, observer) => {
        if (objects || observer.isUp('B')) return objects;
        const bytes = observer.fileNames('B', 'wal').reduce((sum, name) => sum + observer.fileLength('B', `wal/${name}`), 0);
        return bytes % 7 === 2;
      },
      finish: (objects) => ({ verdict: objects ? 'violated' : 'held', violations: [] }),
    };
    const [reduced, whole] = [true, false].map((merge) => {
      const bounds = { victim: 'B', heights: 1, rounds: 1, deaths: 1, deviations: 0, maxStates: 1_000_000 };
      const plan = explorePlan(data, { ...bounds, merge });
      const start = (): World => {
        const world = plan.start();
        return world.fork([...world.memories, [curious.start]], [...world.rules, curious as Monitor]);
      };
      const properties = [...plan.properties, 'what happened', 'curious'];
      const { violations } = searchSchedules({ ...plan, properties, start });
      // The deaths after which it objects.
      return violations.map(({ property, deaths }) => [property, ...deaths]);
    });
    expect(reduced).to.deep.equal(whole);
    expect(whole?.map(([property]) => property)).to.include('curious');
  });
});
