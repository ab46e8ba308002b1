/**
 * The reductions of exploration, against searches that do without them, on three nodes: what every node has said, what it has decided with which
 * certificate, and in which life, is the same in all.
 */
import { expect } from 'chai';
import { type ExploreOptions, explorePlan } from '../../../campaigns/exploration/from-scenario.ts';
import { type ExplorePlan, searchSchedules } from '../../../campaigns/index.ts';
import { decisionIn, signedIn, text } from '../../../checker/tendermint/signed.ts';
import { digestOf, digestOfAll } from '../../../core/digest.ts';
import type { Monitor, Observer, RunEvent, Verdict, Watched } from '../../../core/events.ts';
import { scenario } from '../../../scenarios/index.ts';

const { data } = scenario('three', { A: 1, B: 1, C: 1 });

/** Remembers what a schedule has led to, and tells it when all are through with the first height. */
class Outcomes implements Monitor {
  readonly watches: readonly Watched[] = ['effect transmit', 'disk append', 'effect host.decide'];
  readonly #all: Set<string>;
  #happened: readonly string[];

  constructor(all: Set<string>, happened: readonly string[] = []) {
    this.#all = all;
    this.#happened = happened;
  }

  observe(event: RunEvent): void {
    const said = signedIn(event);
    const decided = decisionIn(event)?.decision;
    if (said?.hasLeft === true && said.message.height === 1)
      this.#note(`${said.node} ${said.message.round} ${text(said.message)}`);
    if (decided?.height === 1) this.#note(`${event.node} life ${event.life} decided ${digestOf(decided)}`);
  }

  #note(what: string): void {
    if (!this.#happened.includes(what)) this.#happened = [...this.#happened, what].sort();
  }

  fork(): Monitor {
    return new Outcomes(this.#all, this.#happened);
  }
  digest(): number {
    return digestOfAll(this.#happened);
  }
  finish(observer: Observer): Verdict {
    const isOver = observer.nodes.every((node) => heightOf(observer, node) > 1);
    if (isOver) this.#all.add(this.#happened.join('; '));
    return { verdict: 'held', violations: [] };
  }
}

function heightOf(observer: Observer, node: string): number {
  const shell = observer.actorState(node, 'consensus') as { readonly position?: { readonly height: number } } | undefined;
  return shell?.position?.height ?? 0;
}

interface Searched {
  readonly outcomes: readonly string[];
  readonly red: readonly string[];
  readonly states: number;
}

function searched(options: Partial<ExploreOptions>): Searched {
  const bounds = { victim: 'B', heights: 1, rounds: 1, deaths: 0, deviations: 0, merge: true, maxStates: 1_000_000 };
  const plan = explorePlan(data, { ...bounds, ...options });
  const all = new Set<string>();
  const watched: ExplorePlan = {
    ...plan,
    properties: [...plan.properties, 'outcomes'],
    start: () => {
      const world = plan.start();
      return world.fork([...world.monitorColumns.map((column) => column.map((monitor) => monitor.fork())), [new Outcomes(all)]]);
    },
  };
  const { isExhausted, violations, states } = searchSchedules(watched);
  expect(isExhausted).to.equal(true);
  return { outcomes: [...all].sort(), red: violations.map(({ property }) => property).sort(), states };
}

function expectSame(reduced: Searched, whole: Searched): void {
  expect(reduced.outcomes).to.deep.equal(whole.outcomes);
  expect(reduced.red).to.deep.equal(whole.red);
  expect(reduced.states).to.be.lessThan(whole.states);
}

describe('what exploration leaves out leads nowhere else', () => {
  const whole = { merge: false, disks: 'all' } as const;

  for (const deviations of [1, 2])
    it(`nobody dies, ${deviations} departure(s): merged with the victim's disk late, and unmerged with all disks late`, () => {
      const reduced = searched({ deviations });
      expectSame(reduced, searched({ deviations, ...whole }));
      expect(reduced.outcomes.length).to.be.greaterThan(searched({ deviations: deviations - 1 }).outcomes.length);
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
      expectSame(reduced, searched({ ...options, disks: 'all' }));
      if (exhibit !== undefined) expect(reduced.red).to.not.deep.equal([]);
    });
});
