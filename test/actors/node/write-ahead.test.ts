/** The write-ahead shell by its own functions, one rule a test. What follows from any inputs is in write-ahead-model.test.ts. */
import { expect } from 'chai';
import { closedGate, flushed } from '../../../actors/node/gate.ts';
import { emptyLedger } from '../../../actors/node/ledger.ts';
import { type Draft, draftOf, feedAll } from '../../../actors/node/write-ahead.ts';
import type { Effect } from '../../../core/effects.ts';
import {
  appliedIn,
  asInput,
  countingSigner,
  decoded,
  does,
  fed,
  firstWriter,
  flushesIn,
  framesIn,
  type ScriptedInput,
  says,
  scriptedDefinition,
  setupWith,
  stateWith,
} from './scripted-protocol.ts';

const first = firstWriter.sequence;

/** What leaves towards peers or the host. */
const leaving = (effects: readonly Effect[]): readonly Effect[] =>
  effects.filter((effect) => effect.type === 'host.decide' || (effect.type === 'tell' && effect.to === 'network'));

describe('the write-ahead shell', () => {
  it('has framed every input before it is applied', () => {
    const framed: string[] = [];
    const setup = setupWith();
    const holder: { draft?: Draft } = {};
    const definition: typeof scriptedDefinition = {
      ...scriptedDefinition,
      step: (state, input) => {
        const [last] = framesIn(holder.draft?.effects ?? []).slice(-1);
        framed.push(`${last?.kind} ${decoded<ScriptedInput>(last?.payload as Uint8Array).id}`);
        return scriptedDefinition.step(state, input);
      },
    };
    holder.draft = draftOf({ ...setup, definition }, stateWith());
    const input = asInput(does(1, says(2), { type: 'resume', input: does(3) }));
    feedAll(holder.draft, [{ type: 'input', input, kind: 'input' }]);
    expect(framed).to.deep.equal(['input 1', 'own 2', 'input 3']);
  });

  it('publishes an own message, with the one signature that was framed, only when its own frame is durable', () => {
    const signer = countingSigner();
    const { state, effects } = fed(stateWith(), does(1, says(2)), 'input', setupWith(signer));
    expect(signer.count).to.equal(1);
    expect(leaving(effects)).to.deep.equal([]);
    const [, own] = framesIn(effects);
    const { signature } = decoded<ScriptedInput>(own?.payload as Uint8Array);
    expect(flushed(state.gate, firstWriter.life, first + 1).released).to.deep.equal([]);
    expect(flushed(state.gate, firstWriter.life, first + 2).released).to.deep.equal([
      { type: 'publish', data: { type: 'wire', id: 2, signature } },
    ]);
    expect(state.ledger.messages).to.deep.equal([{ type: 'wire', id: 2, signature }]);
    expect(state.lastSigned).to.deep.equal({ height: 1, round: 0, kind: 2 });
  });

  it('notes an own message at the height and round of the node', () => {
    const message = { id: 4, outputs: [] };
    const { state } = fed(stateWith(), { ...does(1, { type: 'say', message }), round: 2 });
    expect(state.lastSigned).to.deep.equal({ height: 1, round: 2, kind: 4 });
    expect(state.position).to.deep.equal({ height: 1, round: 2 });
  });

  it('frames a decision after all that led to it, and holds it until that frame is durable', () => {
    const { state, effects } = fed(stateWith(), does(1, { type: 'finish', decision: 'x' }));
    expect(framesIn(effects).map(({ kind, sequence }) => [kind, sequence])).to.deep.equal([
      ['input', first + 1],
      ['decided', first + 2],
    ]);
    expect(decoded(framesIn(effects)[1]?.payload as Uint8Array)).to.equal('x');
    expect(leaving(effects)).to.deep.equal([]);
    expect(state.gate.held).to.deep.equal([{ output: { type: 'decide', decision: 'x', height: 1 }, needs: first + 2 }]);
  });

  it('does not frame what passes unlogged; what it announces is published, and not noted a second time', () => {
    const news = { type: 'announce', data: { type: 'news' } } as const;
    const { state, effects } = fed(stateWith(), does(1, news), 'unlogged');
    expect(framesIn(effects)).to.deep.equal([]);
    expect(appliedIn(state)).to.deep.equal(['do 1']);
    expect(state.ledger.messages).to.deep.equal([]);
    expect(effects).to.deep.equal([
      { type: 'tell', to: 'network', message: { type: 'publish', site: 'publish', to: 'all', data: news.data } },
    ]);
    expect(fed(stateWith(), does(1, news)).state.ledger.messages).to.deep.equal([news.data]);
  });

  it('drops a kept input that the protocol does not admit any more, and frames one that it admits', () => {
    for (const [admission, applied] of [
      ['drop', ['do 1']],
      ['pass', ['do 1']],
      ['log', ['do 1', 'do 2']],
    ] as const) {
      const { state, effects } = fed(stateWith(), does(1, { type: 'resume', input: { ...does(2), admission } }));
      expect(appliedIn(state), admission).to.deep.equal(applied);
      expect(framesIn(effects), admission).to.have.length(applied.length);
    }
  });

  it('keeps the ledger: timers armed and disarmed, questions asked and answered', () => {
    const steps: readonly (readonly [ScriptedInput, timers: readonly string[], questions: readonly string[]])[] = [
      [does(1, { type: 'setTimer', timer: 'a', delay: 5 }, { type: 'ask', key: 'q', request: 'what' }), ['a'], ['q']],
      [does(2, { type: 'setTimer', timer: 'b', delay: 6 }, { type: 'ask', key: 'r', request: 'who' }), ['a', 'b'], ['q', 'r']],
      [{ ...does(3), answers: 'q' }, ['a', 'b'], ['r']],
      [{ ...does(4), timer: 'a' }, ['b'], ['r']],
      [does(5, { type: 'cancelTimer', timer: 'b' }), [], ['r']],
    ];
    steps.reduce((state, [input, timers, questions]) => {
      const { state: next } = fed(state, input);
      expect(next.ledger.timers.map(({ timer }) => timer)).to.deep.equal(timers);
      expect(next.ledger.requests.map(({ key }) => key)).to.deep.equal(questions);
      return next;
    }, stateWith());
    const [input] = steps[0] as (typeof steps)[number];
    expect(fed(stateWith(), input).state.ledger).to.deep.equal({
      timers: [{ timer: 'a', delay: 5 }],
      requests: [{ key: 'q', request: 'what' }],
      messages: [],
    });
  });

  it('disarms a timer that has elapsed before the input arms it again', () => {
    const state = stateWith({ ledger: { ...emptyLedger, timers: [{ timer: 'a', delay: 1 }] } });
    const again = { ...does(1, { type: 'setTimer', timer: 'a', delay: 9 }), timer: 'a' };
    expect(fed(state, again).state.ledger.timers).to.deep.equal([{ timer: 'a', delay: 9 }]);
  });

  it('frames, holds and flushes nothing in a node without a log', () => {
    const follower = stateWith({ writer: undefined, gate: closedGate(-1, Number.MAX_SAFE_INTEGER) });
    const news = { type: 'announce', data: { type: 'news' } } as const;
    const { state, effects } = fed(follower, does(1, news, { type: 'finish', decision: 'x' }));
    expect(framesIn(effects)).to.deep.equal([]);
    expect(flushesIn(effects)).to.deep.equal([]);
    expect(leaving(effects).map(({ type }) => type)).to.deep.equal(['tell', 'host.decide']);
    expect(state.writer).to.equal(undefined);
    expect(state.gate.held).to.deep.equal([]);
  });

  it('asks for a flush again only when something is held that none covers', () => {
    const held = fed(stateWith(), does(1, says(2))).state;
    expect(held.flushing).to.equal(first + 2);
    const quiet = fed(held, does(3));
    expect(flushesIn(quiet.effects)).to.deep.equal([]);
    expect(quiet.state.flushing).to.equal(first + 2);
    const again = fed(quiet.state, does(4, says(5)));
    expect(flushesIn(again.effects)).to.have.length(1);
    expect(again.state.flushing).to.equal(first + 5);
  });

  it('leaves the state before the step as it was, and keeps what a step does not touch', () => {
    const before = stateWith({ replayed: 4, mode: 'storing', decided: { decision: 'd' }, owedDecision: { decision: 'o' } });
    const copy = structuredClone(before);
    const { state } = fed(before, does(1, says(2)));
    expect(before).to.deep.equal(copy);
    const { replayed, mode, decided, owedDecision, owed } = state;
    expect({ replayed, mode, decided, owedDecision, owed }).to.deep.equal({
      replayed: 4,
      mode: 'storing',
      decided: { decision: 'd' },
      owedDecision: { decision: 'o' },
      owed: [],
    });
    expect(state.position).to.equal(before.position);
  });
});
