/** The order by cause, on worlds of a few entries: what is under way is given, and what each delivery leads to. */
import { expect } from 'chai';
import { CausalOrder, pairOf, wordsOf } from '../../../actors/scheduler/causal-order.ts';
import type { Entry } from '../../../actors/scheduler/event-heap.ts';
import { deepOrder, disk, disksWait, entry, inner, nothingWaits, restart, timer, wire, worldOf } from './entries.ts';

describe('the depth of an entry', () => {
  it('is one more for each message on the wire that led to it, and the same within a node', () => {
    const [start, first, written, second, local, third] = [
      inner('supervisor', 0),
      wire('A', 1),
      disk(1, 0),
      wire('B', 2),
      inner('network', 1),
      wire('B', 3),
    ];
    const leadsTo = new Map<Entry, readonly Entry[]>([
      [start, [first, written]],
      [first, [second, local]],
      [local, [third]],
    ]);
    const world = worldOf([start], (delivered) => leadsTo.get(delivered) ?? []);
    const order = new CausalOrder();
    expect(order.depthOf(world, start)).to.equal(0);
    order.deliver(world, start);
    expect([first, written].map((one) => order.depthOf(world, one))).to.deep.equal([1, 0]);
    order.deliver(world, first);
    expect([second, local].map((one) => order.depthOf(world, one))).to.deep.equal([2, 1]);
    order.deliver(world, local);
    expect(order.depthOf(world, third)).to.equal(2);
    expect(world.underWay).to.have.members([written, second, third]);
  });

  it('is, for a timer or a restart, that of the first message on the wire, and 0 without one', () => {
    const [late, early, elapsing, back] = [wire('A', 1), wire('B', 2), timer('t', 0), restart(3)];
    const world = worldOf([late, early, elapsing, back]);
    const order = deepOrder(
      new Map([
        [late, 7],
        [early, 4],
      ]),
    );
    expect([elapsing, back].map((one) => order.depthOf(world, one))).to.deep.equal([4, 4]);
    expect(order.depthOf(worldOf([elapsing, inner('wal', 0)]), elapsing)).to.equal(0);
  });

  it('follows from a timer as from the first message on the wire', () => {
    const [pending, elapsing, sent] = [wire('A', 1), timer('t', 0), wire('A', 2)];
    const world = worldOf([pending, elapsing], (delivered) => (delivered === elapsing ? [sent] : []));
    const order = deepOrder(new Map([[pending, 3]]));
    order.deliver(world, elapsing);
    expect(order.depthOf(world, sent)).to.equal(4);
    expect(order.depthOf(world, pending)).to.equal(3);
  });
});

describe('answers for two actors of one node', () => {
  it('come in one order, whichever was asked for first: two equal states may differ in that', () => {
    for (const waits of [nothingWaits, disksWait]) {
      const [one, other] = [disk(1, 0), disk(3, 0)];
      const [later, earlier] = [disk(3, 0), disk(1, 0)];
      const order = new CausalOrder();
      const actorsOf = (entries: readonly Entry[]): readonly unknown[] => {
        const world = worldOf(entries);
        const found = waits === disksWait ? order.choices(world, waits) : [order.next(world, waits)];
        return found.map((entry) => entry?.delivery.type === 'disk' && entry.delivery.actor);
      };
      expect(actorsOf([one, other])).to.deep.equal(actorsOf([later, earlier]));
    }
  });
});

describe('what is no choice', () => {
  it('is done by itself: messages within nodes first, then answers of disks, by place and then in order', () => {
    const all = [disk(1, 0), inner('wal', 1), inner('host', 1), inner('wal', 0), disk(1, 1), inner('host', 1), wire('A', 1)];
    const [answerA, walB, hostB, walA, answerB, hostLater, onWire] = all as [Entry, Entry, Entry, Entry, Entry, Entry, Entry];
    const waiting = [timer('t', 0), restart(2)];
    const world = worldOf([...all, ...waiting].reverse());
    const done: Entry[] = [];
    const order = new CausalOrder();
    order.settle(world, nothingWaits, (next) => {
      done.push(next);
      order.deliver(world, next);
    });
    expect(done).to.deep.equal([walA, hostB, hostLater, walB, answerA, answerB]);
    expect(world.underWay).to.have.members([onWire, ...waiting]);
    expect(order.next(world, nothingWaits)).to.equal(undefined);
  });

  it('includes what a step leads to, and leaves to choice what waits', () => {
    const [start, follows, answer] = [inner('wal', 0), inner('host', 0), disk(1, 0)];
    const world = worldOf([start, answer], (delivered) => (delivered === start ? [follows] : []));
    const order = new CausalOrder();
    const done: Entry[] = [];
    order.settle(world, disksWait, (next) => {
      done.push(next);
      order.deliver(world, next);
    });
    expect(done).to.deep.equal([start, follows]);
    expect(world.underWay).to.deep.equal([answer]);
  });
});

describe('the choices', () => {
  const choicesOf = (entries: readonly Entry[], depths: ReadonlyMap<Entry, number>, waits = nothingWaits): readonly Entry[] => {
    const world = worldOf(entries);
    return deepOrder(depths).choices(world, waits);
  };

  it('are the oldest message of each pair, the least deep first', () => {
    const [deep, shallow, later, other] = [wire('A', 1), wire('C', 0), wire('C', 0), wire('B', 0)];
    const depths = new Map([
      [deep, 3],
      [shallow, 1],
      [later, 1],
      [other, 2],
    ]);
    expect(choicesOf([later, deep, other, shallow], depths)).to.deep.equal([shallow, other, deep]);
  });

  it('are in order of place where depths are equal: by receiver, then by sender', () => {
    const all = [wire('C', 1), wire('A', 1), wire('D', 0), wire('B', 0)];
    const [toBfromC, toBfromA, toAfromD, toAfromB] = all as [Entry, Entry, Entry, Entry];
    expect(choicesOf(all, new Map(all.map((one) => [one, 2])))).to.deep.equal([toAfromB, toAfromD, toBfromA, toBfromC]);
  });

  it('begin with the oldest answer of each disk that may be late, one for each actor that waits for it', () => {
    const [vote, older, newer, ofHost] = [wire('A', 0), disk(1, 2), disk(1, 2), disk(3, 2)];
    const depths = new Map([
      [vote, 1],
      [older, 5],
      [newer, 5],
      [ofHost, 5],
    ]);
    expect(choicesOf([vote, newer, ofHost, older], depths, disksWait)).to.deep.equal([older, ofHost, vote]);
    // Those of different nodes are ordered by place, at any depth.
    const elsewhere = disk(1, 1);
    expect(choicesOf([older, elsewhere], new Map([...depths, [elsewhere, 9]]), disksWait)).to.deep.equal([elsewhere, older]);
    // Disks that are never late are no choice.
    expect(choicesOf([vote, newer, ofHost, older], depths)).to.deep.equal([vote]);
  });

  it('have what elapses first only when nothing else is under way, and a restart always', () => {
    const [soon, later, back] = [timer('t', 3, { time: 6 }), timer('t', 0, { time: 9 }), restart(2, { time: 8 })];
    expect(choicesOf([later, back, soon], new Map())).to.deep.equal([soon]);
    const vote = wire('A', 1);
    expect(choicesOf([later, back, soon, vote], new Map([[vote, 1]]))).to.deep.equal([vote, back]);
    expect(choicesOf([later, soon, vote], new Map([[vote, 1]]))).to.deep.equal([vote]);
    const sooner = restart(1, { time: 7 });
    expect(choicesOf([back, sooner, vote], new Map([[vote, 1]]))).to.deep.equal([vote, sooner]);
  });

  it('are, of what elapses at one instant, by place, and not by arrival', () => {
    const [b, a] = [timer('t', 1, { time: 6 }), timer('t', 0, { time: 6 })];
    expect(choicesOf([b, a], new Map())).to.deep.equal([a]);
    const [second, first] = [timer('u', 0, { time: 6 }), timer('t', 0, { time: 6 })];
    expect(choicesOf([second, first], new Map())).to.deep.equal([first]);
  });
});

describe('the words of a choice', () => {
  it('name sender, receiver and kind', () => {
    const world = worldOf([]);
    const prevote = entry({ type: 'message', actor: 4, message: { type: 'vote', voteType: 'prevote' } as never, from: 'A' }, 1);
    expect([prevote, wire('A', 2), disk(1, 1), timer('propose', 3), restart(0)].map((one) => wordsOf(one, world))).to.deep.equal([
      'prevote A -> B first',
      'vote A -> C first',
      'the disk of B answers first',
      'timer propose of D first',
      'A comes back first',
    ]);
  });

  it('are of one pair when sender, receiver and the actor that waits for a disk are the same', () => {
    const [one, same, ...others] = [
      wire('A', 1),
      wire('A', 1),
      wire('A', 2),
      wire('B', 1),
      disk(1, 1),
      disk(2, 1),
      timer('t', 1),
    ];
    expect(pairOf(one as Entry)).to.equal(pairOf(same as Entry));
    expect(new Set([one as Entry, ...others].map(pairOf)).size).to.equal(6);
  });
});

describe('a departure that may as well come after the first choice', () => {
  const isRedundant = (depths: ReadonlyMap<Entry, number>, chosen: Entry, waits = disksWait): boolean => {
    const world = worldOf([...depths.keys()]);
    const order = deepOrder(depths);
    const choices = order.choices(world, waits);
    return order.isRedundant(world, choices, choices.indexOf(chosen));
  };

  it('is a message to another node than that of the first choice, be that a message or an answer of a disk', () => {
    const [toA, toB, alsoToA] = [wire('D', 0), wire('D', 1), wire('C', 0)];
    const onWire = new Map([toA, toB, alsoToA].map((one) => [one, 3]));
    expect([toB, alsoToA].map((one) => isRedundant(onWire, one))).to.deep.equal([true, false]);
    const answer = disk(1, 1);
    expect([toA, toB].map((one) => isRedundant(new Map([...onWire, [answer, 3]]), one))).to.deep.equal([true, false]);
  });

  it('is an answer of a disk after one of another node', () => {
    const [first, other, sameNode] = [disk(1, 0), disk(1, 1), disk(2, 0)];
    const answers = new Map([first, other, sameNode].map((one) => [one, 3]));
    expect([other, sameNode].map((one) => isRedundant(answers, one))).to.deep.equal([true, false]);
  });

  it('is a restart before a message to another node, where the front of the wire stays what it is', () => {
    const [toA, toB, toC] = [wire('D', 0), wire('D', 1), wire('D', 2)];
    const [backA, backC] = [restart(0), restart(2)];
    const isRedundantWith = (depths: readonly (readonly [Entry, number])[], back: Entry): boolean =>
      isRedundant(new Map([...depths, [back, 3]]), back);
    expect(
      isRedundantWith(
        [
          [toA, 3],
          [toB, 3],
        ],
        backC,
      ),
    ).to.equal(true);
    expect(
      isRedundantWith(
        [
          [toA, 3],
          [toC, 3],
        ],
        backC,
      ),
    ).to.equal(true);
    expect(
      isRedundantWith(
        [
          [toA, 3],
          [toB, 4],
        ],
        backC,
      ),
    ).to.equal(false);
    expect(
      isRedundantWith(
        [
          [toA, 3],
          [toB, 3],
        ],
        backA,
      ),
    ).to.equal(false);
  });
});
