/** Nodes that lie: what each role says to which peers, and that one of four cannot break agreement. */
import { expect } from 'chai';
import { allRoleNames, type RoleName, roles, rolesOfExtensions } from '../../actors/byzantine/index.ts';
import type { Vote } from '../../actors/tendermint/types.ts';
import { decides, event, type Run, scenario } from '../../scenarios/index.ts';
import { attacks } from './faults-attackers.ts';
import { first, four, type Seen, seen } from './faults-seen.ts';

const liar = 'D';
const honest = ['A', 'B', 'C'] as const;
const ofLiar = { node: liar } as const;
const votes = ['prevote', 'precommit'];

/** D lies from the beginning, and B loses its power beside it. */
function withRole(role: RoleName): Run {
  const story = scenario('liar', four);
  return (rolesOfExtensions.includes(role) ? story.voteExtensions() : story)
    .byzantine(liar, role)
    .fault({ time: '80ms' }, { type: 'crash', nodes: ['B'], restartMs: 300 })
    .expect(decides(12, { within: '60s', nodes: honest }))
    .run();
}

/** What a node heard from the liar itself: type, height, round and value; what was said again counts again. */
function heard(run: Run, by: string, ...types: readonly string[]): readonly (Seen & { readonly place: string })[] {
  return seen(run, 'arrived', { node: by, actor: 'network', from: liar })
    .filter(({ detail }) => types.includes(String(detail['type'])))
    .map((one) => ({ ...one, place: `${one.detail['type']} ${one.detail['height']}.${one.detail['round']}` }));
}

/** By place what a node heard from the liar. */
function values(run: Run, by: string, ...types: readonly string[]): ReadonlyMap<string, unknown> {
  return new Map(heard(run, by, ...types).map(({ place, detail }) => [place, detail['value']]));
}

/** At each place that both heard of, A heard what the liar's node meant, and C, in the other half, something else. */
function expectTwo(run: Run, types: readonly string[], isLie: (value: unknown) => boolean): void {
  const [toA, toC] = [values(run, 'A', ...types), values(run, 'C', ...types)];
  const both = [...toA].filter(([place]) => toC.has(place));
  expect(both).to.have.lengthOf.at.least(2);
  for (const [place, value] of both) {
    expect(String(value), place).to.match(/^v/);
    expect(isLie(toC.get(place)), `${place}: ${toC.get(place)}`).to.equal(true);
  }
}

/** B locks a value at height 3, dies before C has heard of it, and comes back when C has proposed another in round 1. */
function votesAgain(isAmnesiac: boolean): Run {
  const story = scenario('a lock', four)
    .proposer(3, 0, 'A')
    .proposer(3, 1, 'C')
    .partition([['A'], ['D']], { at: event('height.start', { height: 3 }), for: '3s', oneWay: true })
    .partition([['A'], ['C']], { at: event('publish', { type: 'proposal', height: 3 }), for: '3s', oneWay: true })
    .fault({ ...event('publish', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'crash', nodes: ['B'], restartMs: 600 })
    .expect(decides(6, { within: '60s', nodes: ['A', 'C', 'D'] }));
  return (isAmnesiac ? story.byzantine('B', 'amnesia') : story).run();
}

/** What both halves heard at each place: the own value of the node, and the other. */
function expectBoth(run: Run, types: readonly string[]): void {
  for (const name of ['A', 'C']) {
    const places = new Map<string, Set<unknown>>();
    for (const { place, detail } of heard(run, name, ...types))
      places.set(place, (places.get(place) ?? new Set()).add(detail['value']));
    const two = [...places.values()].filter((said) => said.size === 2);
    expect(two, name).to.have.lengthOf.at.least(2);
  }
}

const expectations: Readonly<Record<RoleName, (run: Run) => void>> = {
  ...attacks,
  'both-proposals': (run) => expectBoth(run, ['proposal']),
  'both-votes': (run) => expectBoth(run, votes),
  'precommit-nil': (run) => {
    expect(new Set(values(run, 'A', 'precommit').values())).to.deep.equal(new Set([null]));
    expect([...values(run, 'A', 'prevote').values()].some((value) => String(value).startsWith('v'))).to.equal(true);
  },
  'random-votes': (run) => {
    const said = [...values(run, 'A', ...votes).values()];
    expect(said.filter((value) => value === null)).to.have.lengthOf.at.least(4);
    expect(said.filter((value) => String(value).startsWith('v'))).to.have.lengthOf.at.least(4);
    expect([...values(run, 'C', ...votes)], 'the same before all').to.include.deep.members(
      [...values(run, 'A', ...votes)].slice(0, 4),
    );
  },
  'two-faced': (run) => {
    expectTwo(run, ['proposal'], (value) => String(value).startsWith('lie-'));
    const lies = values(run, 'C', 'proposal');
    const along = [...values(run, 'C', 'prevote')].filter(([place]) => lies.has(place.replace('prevote', 'proposal')));
    expect(along).to.have.lengthOf.at.least(2);
    for (const [place, value] of along) expect(value, place).to.equal(lies.get(place.replace('prevote', 'proposal')));
    const others = [...values(run, 'C', 'prevote')].filter(([place]) => !lies.has(place.replace('prevote', 'proposal')));
    expect(
      others.some(([, value]) => String(value).startsWith('v')),
      'it votes honestly for the proposals of others',
    ).to.equal(true);
  },
  'two-proposals': (run) => expectTwo(run, ['proposal'], (value) => String(value).startsWith('lie-')),
  'two-votes': (run) => expectTwo(run, votes, (value) => value === null),
  silent: (run) => {
    for (const name of honest) expect(heard(run, name, 'proposal', ...votes)).to.deep.equal([]);
    expect(seen(run, 'publish', ofLiar)).to.deep.equal([]);
    expect(seen(run, 'vote.cast', ofLiar)).to.have.lengthOf.at.least(10);
    expect(seen(run, 'decided', ofLiar), 'it hears').to.have.lengthOf.at.least(5);
  },
  'prevote-nil': (run) => {
    const meant = seen(run, 'vote.cast', { ...ofLiar, type: 'prevote' }).filter(({ detail }) => detail['value'] !== null);
    expect(meant).to.have.lengthOf.at.least(5);
    expect(new Set(values(run, 'A', 'prevote').values())).to.deep.equal(new Set([null]));
    expect([...values(run, 'A', 'precommit').values()].some((value) => String(value).startsWith('v'))).to.equal(true);
  },
  'votes-without-proposal': (run) => {
    const proposed = new Set(
      seen(run, 'publish')
        .filter(({ detail }) => detail['type'] === 'proposal')
        .map(({ detail }) => detail['value']),
    );
    for (const type of votes) {
      const said = [...values(run, 'A', type).values()];
      expect(said).to.have.lengthOf.at.least(5);
      for (const value of said) expect(value !== null && !proposed.has(value), `${type} ${value}`).to.equal(true);
    }
  },
  late: (run) => {
    const asked = seen(run, 'arrived', { ...ofLiar, actor: 'network', from: 'consensus' }).filter(
      ({ detail }) => (detail['message'] as { readonly site?: string }).site === 'publish',
    );
    const said = seen(run, 'publish', ofLiar);
    expect(said).to.have.lengthOf.at.least(10);
    for (const [place, { time }] of said.entries()) expect(time - Number(asked[place]?.time)).to.equal(500_000);
  },
  'old-messages': (run) => {
    const said = heard(run, 'A', ...votes).map(({ detail }) => detail['message'] as Vote);
    const heights = said.map(({ height }) => height);
    const old = said.filter(({ height }, place) => height < Math.max(...heights.slice(0, place)));
    expect(old).to.have.lengthOf.at.least(10);
    for (const vote of old) expect(said.indexOf(vote)).to.be.below(said.lastIndexOf(vote));
  },
  amnesia: (run) => {
    const lockOf = (locked: Seen): unknown => {
      const state = run.at(locked.index).state(locked.node, 'consensus') as { inner: { core: { locked?: unknown } } };
      return state.inner.core.locked;
    };
    for (const locked of seen(run, 'locked', ofLiar).slice(0, 3)) expect(lockOf(locked)).to.equal(undefined);
    expect(lockOf(first(run, 'locked', { node: 'A' }))).to.not.equal(undefined);
    const second = { node: 'B', type: 'prevote', height: 3, round: 1 };
    const another = first(votesAgain(true), 'proposal.local', { node: 'C', height: 3, round: 1 }).detail['value'];
    expect(first(votesAgain(true), 'locked', { node: 'B', height: 3 }).detail['value']).to.not.equal(another);
    expect(first(votesAgain(true), 'vote.cast', second).detail['value']).to.equal(another);
    expect(first(votesAgain(false), 'vote.cast', second).detail['value'], 'an honest one').to.equal(null);
  },
};

describe('byzantine roles', () => {
  for (const role of allRoleNames)
    it(`${role}: ${roles[role].says}; with a crash of another node beside it agreement holds`, () => {
      const run = withRole(role);
      expect(run.complaints).to.deep.equal([]);
      expect(run.world.observer.isFaulty(liar)).to.equal(true);
      for (const name of honest) expect(run.world.observer.isFaulty(name)).to.equal(false);
      expectations[role](run);
    });

  it('two of four that lie are past the bound: the run is judged and ends, whatever comes', () => {
    const run = scenario('too many liars', four)
      .byzantine('C', 'two-votes')
      .byzantine('D', 'two-proposals')
      .until({ time: '20s' })
      .run();
    expect(run.verdict).to.not.equal('undecided');
  });
});
