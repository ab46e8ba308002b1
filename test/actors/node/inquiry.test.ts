/** The inquiry of a node that lost its log, at the doors of those that ask and answer. */
import { expect } from 'chai';
import { answerBytes, type HeightAnswer, type HeightRequest, requestBytes } from '../../../actors/node/abstention.ts';
import type { NetworkMessage } from '../../../actors/node/network.ts';
import type { Effect, WireData } from '../../../core/effects.ts';
import { Door, meshed, opened, ring, signed, tells, timer, transmits } from './door.ts';

function request(asker: string, inquiry = 4): HeightRequest {
  return { type: 'height.request', asker, inquiry, signature: signed(asker, requestBytes({ asker, inquiry })) };
}

function answer(answerer: string, height: number, changes: Partial<HeightAnswer> = {}): HeightAnswer {
  const proof = height > 1 ? `decision of ${height - 1}` : undefined;
  const told = { type: 'height.answer', asker: 'A', inquiry: 4, answerer, height, proof, ...changes } as const;
  return { ...told, signature: signed(answerer, answerBytes(told)) };
}

const abstains = (until: number): readonly unknown[] => [['wal', { type: 'abstain.until', until }]];

describe('the inquiry of a node that lost its log', () => {
  it('asks all peers with its signature, and again at each status those that have not answered', () => {
    const door = new Door(meshed);
    const asks = (to: readonly string[]): Effect => ({ type: 'transmit', site: 'send', to, data: request('A') });
    expect(door.gets({ type: 'open', storedHeight: 0, mustAsk: true } as NetworkMessage, 'supervisor')).to.deep.equal([
      asks(['B', 'C', 'D']),
      timer,
    ]);
    door.gets(answer('C', 3), 'C');
    expect(door.gets({ type: 'timer', timer: 'status' }, 'timer').slice(1)).to.deep.equal([asks(['B', 'D']), timer]);
  });

  it('ends with a quorum of answers, one height above the highest, and asks no more', () => {
    const door = opened(meshed, true);
    expect(door.gets(answer('B', 9), 'B')).to.deep.equal([]);
    expect(tells(door.gets(answer('C', 3), 'C'))).to.deep.equal(abstains(10));
    expect(door.state.inquiry).to.equal(undefined);
    expect(door.gets(answer('D', 20), 'D')).to.deep.equal([]);
    expect(transmits(door.gets({ type: 'timer', timer: 'status' }, 'timer'))).to.have.length(1);
  });

  it('counts no peer twice, and no answer that is unsigned, unproven, of another life, to another node or by itself', () => {
    const useless: readonly (readonly [string, HeightAnswer])[] = [
      ['the second of one peer', answer('B', 4)],
      ['a foreign signature', { ...answer('C', 5), signature: answer('D', 5).signature }],
      ['no signature', { ...answer('C', 5), signature: undefined } as unknown as HeightAnswer],
      ['no name', { ...answer('C', 5), answerer: 7 } as unknown as HeightAnswer],
      ['another height than was signed', { ...answer('C', 5), height: 6 }],
      ['no proof', answer('C', 5, { proof: undefined })],
      ['the proof of a lower height', answer('C', 5, { proof: 'decision of 3' })],
      ['another life', answer('C', 5, { inquiry: 3 })],
      ['another asker', answer('C', 5, { asker: 'D' })],
      ['its own', answer('A', 5)],
      ['a height that is none', answer('C', 0)],
    ];
    for (const [what, data] of useless) {
      const door = opened(meshed, true);
      door.gets(answer('B', 3), 'B');
      expect(door.gets(data, 'C'), what).to.deep.equal([]);
      expect(door.state.inquiry?.answered, what).to.deep.equal(['B']);
      expect(tells(door.gets(answer('D', 2), 'D')), what).to.deep.equal(abstains(data === useless[0]?.[1] ? 5 : 4));
    }
  });

  it('takes no answer when it has not asked', () => {
    const door = opened();
    for (const name of ['B', 'C', 'D']) expect(door.gets(answer(name, 3), name)).to.deep.equal([]);
  });

  it('has the host answer a signed request of the peer itself, and no other', () => {
    const door = opened();
    expect(tells(door.gets(request('B'), 'B'))).to.deep.equal([['host', { type: 'tell.height', to: 'B', inquiry: 4 }]]);
    for (const [what, data, from] of [
      ['in the name of another', request('B'), 'C'],
      ['a foreign signature', { ...request('B'), signature: request('C').signature }, 'B'],
      ['of another life than was signed', { ...request('B'), inquiry: 5 }, 'B'],
      ['no signature', { ...request('B'), signature: undefined }, 'B'],
      ['no number', { ...request('B'), inquiry: '4' }, 'B'],
      ['its own', request('A'), 'B'],
    ] as const)
      expect(door.gets(data as WireData, from), what).to.deep.equal([]);
  });

  it('signs the answer of its host and sends it to the peer that asked, or over a ring to all', () => {
    const told = { type: 'height.told', to: 'C', inquiry: 6, height: 8, proof: 'decision of 7' } as NetworkMessage;
    const data = answer('A', 8, { asker: 'C', inquiry: 6 });
    expect(opened().gets(told, 'host')).to.deep.equal([{ type: 'transmit', site: 'send', to: ['C'], data }]);
    const door = opened(ring);
    expect(door.gets(told, 'host')).to.deep.equal([{ type: 'transmit', site: 'send', to: ['B', 'C'], data }]);
    expect(door.gets(data, 'B')).to.deep.equal([]);
  });

  it('passes signed requests and answers of others on over a ring, once, and asks all neighbours each time', () => {
    const door = opened(ring);
    expect(transmits(door.gets(request('D'), 'B')).map(({ to }) => to)).to.deep.equal([['C']]);
    expect(tells(door.gets(request('D', 5), 'B'))).to.deep.equal([['host', { type: 'tell.height', to: 'D', inquiry: 5 }]]);
    const other = answer('C', 5, { asker: 'D' });
    expect(door.gets(other, 'C')).to.deep.equal([{ type: 'transmit', site: 'relay', to: ['B'], data: other }]);
    expect(door.gets(other, 'B')).to.deep.equal([]);
    expect(door.gets({ ...other, height: 9 } as WireData, 'B')).to.deep.equal([]);
    expect(opened().gets(other, 'C')).to.deep.equal([]);
    const lost = opened(ring, true);
    lost.gets(answer('B', 3), 'B');
    const [, asks] = transmits(lost.gets({ type: 'timer', timer: 'status' }, 'timer'));
    expect(asks?.to).to.deep.equal(['B', 'C']);
  });
});
