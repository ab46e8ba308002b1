/** The node's door: what each kind of message from peers and from within leads to, on a mesh and on a ring. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { NetworkMessage } from '../../../actors/node/network.ts';
import type { WireData } from '../../../core/effects.ts';
import { Door, meshed, opened, ring, tells, timer, transmits, vote } from './door.ts';

describe('the door of a node', () => {
  it('is closed until it is opened: no message of a peer has an effect', () => {
    const door = new Door(meshed);
    for (const message of [vote(1), { type: 'proposal' }, { type: 'sync.request', height: 1, count: 1 } as WireData])
      expect(door.gets(message, 'B')).to.deep.equal([]);
    expect(door.state).to.deep.equal({ life: 4, storedHeight: 0, isOpen: false, inquiry: undefined, passed: [] });
    expect(door.gets({ type: 'open', storedHeight: 7, mustAsk: false } as NetworkMessage, 'supervisor')).to.deep.equal([timer]);
    expect(door.gets(vote(1), 'B')).to.have.length(1);
    expect(door.state.storedHeight).to.equal(7);
  });

  it('passes what the protocol takes to consensus, or first to the host when it must be judged', () => {
    const door = opened();
    expect(tells(door.gets(vote(1), 'B'))).to.deep.equal([['consensus', { type: 'input', input: vote(1) }]]);
    expect(tells(door.gets({ type: 'proposal' }, 'B'))).to.deep.equal([['host', { type: 'judge', input: { type: 'proposal' } }]]);
  });

  it('drops what the protocol refuses and what it cannot read, and goes on', () => {
    const door = opened();
    for (const type of ['bad', 'broken']) expect(door.gets({ type }, 'B'), type).to.deep.equal([]);
    expect(door.gets(vote(1), 'B')).to.have.length(1);
  });

  it('takes the words of its own actors from these only: a peer cannot open it, publish or answer for the store', () => {
    const door = new Door(meshed);
    door.gets({ type: 'open', storedHeight: 9, mustAsk: false } as NetworkMessage, 'B');
    expect(door.state.isOpen).to.equal(false);
    const second = opened();
    for (const message of [
      { type: 'publish', site: 'publish', to: 'all', data: vote(1) },
      { type: 'stored', height: 9 },
      { type: 'timer', timer: 'status' },
    ] as NetworkMessage[])
      expect(transmits(second.gets(message, 'B')), message.type).to.deep.equal([]);
    expect(second.state.storedHeight).to.equal(0);
    expect(second.gets({ type: 'nonsense' }, 'consensus')).to.deep.equal([]);
  });

  it('sends what is published to all peers, or to those named, under the site that was given', () => {
    const door = new Door(meshed);
    const publish = (to: 'all' | readonly string[], site: 'publish' | 'send') =>
      door.gets({ type: 'publish', site, to, data: vote(1) } as NetworkMessage, 'consensus');
    expect(publish('all', 'publish')).to.deep.equal([{ type: 'transmit', site: 'publish', to: ['B', 'C', 'D'], data: vote(1) }]);
    expect(publish(['C'], 'send')).to.deep.equal([{ type: 'transmit', site: 'send', to: ['C'], data: vote(1) }]);
    expect(publish('all', 'send')).to.deep.equal([{ type: 'transmit', site: 'send', to: ['B', 'C', 'D'], data: vote(1) }]);
    expect(door.state.passed).to.deep.equal([]);
  });

  it('says the highest stored height at each status, and sets the next one', () => {
    const door = opened();
    for (const height of [3, 5, 4]) door.gets({ type: 'stored', height }, 'host');
    expect(door.gets({ type: 'timer', timer: 'status' }, 'timer')).to.deep.equal([
      { type: 'transmit', site: 'send', to: ['B', 'C', 'D'], data: { type: 'status', height: 5 } },
      timer,
    ]);
  });

  it('has the host serve a sync request, sixteen blocks at most, and drops one that names no numbers', () => {
    const door = opened();
    const ask = (height: unknown, count: unknown) => tells(door.gets({ type: 'sync.request', height, count } as WireData, 'C'));
    expect(ask(3, 5)).to.deep.equal([['host', { type: 'serve', to: 'C', height: 3, count: 5 }]]);
    expect(ask(3, 16)).to.deep.equal([['host', { type: 'serve', to: 'C', height: 3, count: 16 }]]);
    expect(ask(3, 17)).to.deep.equal([['host', { type: 'serve', to: 'C', height: 3, count: 16 }]]);
    for (const [height, count] of [
      ['3', 5],
      [3, undefined],
      [0.5, 5],
      [3, Number.POSITIVE_INFINITY],
    ])
      expect(ask(height, count)).to.deep.equal([]);
  });
});

describe('the door of a node on a ring', () => {
  it('passes a message on once, to all neighbours but the one it came from', () => {
    const door = opened(ring);
    const effects = door.gets(vote(1), 'B');
    expect(tells(effects)).to.have.length(1);
    expect(transmits(effects)).to.deep.equal([{ type: 'transmit', site: 'relay', to: ['C'], data: vote(1) }]);
    expect(door.gets(vote(1), 'C')).to.deep.equal([]);
    expect(transmits(door.gets(vote(1, 2), 'C'))).to.deep.equal([
      { type: 'transmit', site: 'relay', to: ['B'], data: vote(1, 2) },
    ]);
  });

  it('passes nothing on over a mesh, where every peer hears it from its sender', () => {
    const door = opened();
    for (let times = 0; times < 2; times += 1) expect(door.gets(vote(1), 'B').map(({ type }) => type)).to.deep.equal(['tell']);
  });

  it('passes a message on again after a status: a neighbour may have been down', () => {
    const door = opened(ring);
    door.gets(vote(1), 'B');
    door.gets({ type: 'timer', timer: 'status' }, 'timer');
    expect(transmits(door.gets(vote(1), 'C'))).to.have.length(1);
  });

  it('does not pass on what it refuses, what is for one neighbour only, nor what is of a stored height', () => {
    const door = opened(ring);
    door.gets({ type: 'stored', height: 5 }, 'host');
    for (const data of [
      { type: 'bad' },
      { type: 'broken' },
      { type: 'status', height: 9 },
      { type: 'sync.request', height: 9, count: 1 },
      { type: 'sync.response', height: 9 },
      vote(5),
      vote(4),
    ] as WireData[])
      expect(transmits(door.gets(data, 'B')), JSON.stringify(data)).to.deep.equal([]);
    expect(transmits(door.gets(vote(6), 'B'))).to.have.length(1);
    expect(transmits(door.gets({ type: 'without height' }, 'B'))).to.have.length(1);
  });

  it('has nobody to pass on to at the end of a line', () => {
    expect(transmits(opened({ ...ring, peers: ['B'] }).gets(vote(1), 'B'))).to.deep.equal([]);
  });

  it('does not pass on what it has published itself, when it comes round', () => {
    const door = opened(ring);
    door.gets({ type: 'publish', site: 'publish', to: 'all', data: vote(1) }, 'consensus');
    expect(door.gets(vote(1), 'C')).to.deep.equal([]);
    door.gets({ type: 'publish', site: 'send', to: ['B'], data: vote(1, 2) }, 'consensus');
    expect(transmits(door.gets(vote(1, 2), 'B'))).to.have.length(1);
  });

  it('remembers the 512 messages that it passed on last, and no more', () => {
    const door = opened(ring);
    for (let id = 1; id <= 513; id += 1) door.gets(vote(1, id), 'B');
    expect(door.state.passed).to.have.length(512);
    expect(door.gets(vote(1, 2), 'B')).to.deep.equal([]);
    expect(transmits(door.gets(vote(1, 1), 'B'))).to.have.length(1);
  });

  it('passes each message on at most once between two statuses, whatever comes', () => {
    const given = fc.oneof(
      { weight: 5, arbitrary: fc.record({ id: fc.nat({ max: 5 }), from: fc.constantFrom('B', 'C') }) },
      { weight: 1, arbitrary: fc.constant('status' as const) },
    );
    fc.assert(
      fc.property(fc.array(given, { maxLength: 40 }), (all) => {
        const door = opened(ring);
        let passed = new Set<number>();
        for (const one of all) {
          if (one === 'status') {
            door.gets({ type: 'timer', timer: 'status' }, 'timer');
            passed = new Set();
            continue;
          }
          const relayed = transmits(door.gets(vote(1, one.id), one.from));
          expect(relayed).to.have.length(passed.has(one.id) ? 0 : 1);
          for (const { to } of relayed) expect(to).to.deep.equal([one.from === 'B' ? 'C' : 'B']);
          passed.add(one.id);
        }
      }),
      { seed: 7, numRuns: 100 },
    );
  });
});
