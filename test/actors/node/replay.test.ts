/** Replay against the life that wrote the log: the replaying life is given all of its frames or a part. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Ledger } from '../../../actors/node/ledger.ts';
import { endReplay } from '../../../actors/node/replay.ts';
import type { WriteAheadState } from '../../../actors/node/write-ahead.ts';
import type { Effect } from '../../../core/effects.ts';
import { type Lived, lived, replayedBy, writer } from './lived.ts';
import {
  appliedIn,
  countingSigner,
  does,
  encoded,
  framesIn,
  inputsArbitrary,
  type ScriptedInput,
  says,
  setupWith,
  stateWith,
} from './scripted-protocol.ts';

const options = { seed: 7, numRuns: 200 };
const publishedIn = ({ gate }: WriteAheadState, effects: readonly Effect[]): readonly unknown[] => [
  ...effects.flatMap((effect) => (effect.type === 'tell' && effect.to === 'network' ? [effect.message] : [])),
  ...gate.held.flatMap(({ output }) => (output.type === 'publish' ? [{ site: 'publish', to: 'all', ...output }] : [])),
];
const without = ({ messages, ...ledger }: Ledger): unknown => [ledger, messages.length];
describe('replay', () => {
  it('comes to the state, the ledger and the last signature of the life that wrote the log, and carries nothing out', () => {
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        const { frames, states } = lived(setupWith(), inputs);
        const signer = countingSigner();
        const after = replayedBy(setupWith(signer), frames);
        const { state } = states.at(-1) as Lived['states'][number];
        expect(appliedIn(after)).to.deep.equal(appliedIn(state));
        expect(after.ledger).to.deep.equal(state.ledger);
        expect(after.lastSigned).to.deep.equal(state.lastSigned);
        expect(after.position).to.deep.equal(state.position);
        expect([after.owed, after.owedDecision, signer.count]).to.deep.equal([[], undefined, 0]);
      }),
      options,
    );
  });

  it('says all again that was said, sets the armed timers and asks the open questions, each once and in order', () => {
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        const setup = setupWith();
        const after = replayedBy(setup, lived(setup, inputs).frames);
        const { state, effects } = endReplay(setup, after);
        const { messages, timers, requests } = after.ledger;
        expect(effects).to.deep.equal([
          {
            type: 'observe',
            event: 'replay.end',
            detail: { height: 1, frames: after.replayed, applied: appliedIn(after).length },
          },
          ...messages.map((data) => ({
            type: 'tell',
            to: 'network',
            message: { type: 'publish', site: 'publish', to: 'all', data },
          })),
          ...timers.map(({ timer, delay }) => ({ type: 'timer.set', timer, delay })),
          ...requests.map(({ request }) => ({ type: 'host.ask', request })),
        ]);
        expect(state).to.deep.equal({ ...after, mode: 'running' });
      }),
      options,
    );
  });

  it('comes, from any part of the log, to where the life was when all that the part led to had been said', () => {
    fc.assert(
      fc.property(inputsArbitrary, fc.nat(), (inputs, cut) => {
        const { frames, states } = lived(setupWith(), inputs.map(withoutKept));
        const count = 1 + (cut % frames.length);
        const setup = setupWith();
        const after = endReplay(setup, replayedBy(setup, frames.slice(0, count)));
        const live = states.find((one) => one.frames >= count) as Lived['states'][number];
        expect(appliedIn(after.state)).to.deep.equal(appliedIn(live.state));
        expect(without(after.state.ledger)).to.deep.equal(without(live.state.ledger));
        expect(after.state.lastSigned).to.deep.equal(live.state.lastSigned);
        // What the log lacks is framed anew, after what was taken over; all is published.
        const anew = framesIn(after.effects);
        expect(anew.map(({ kind }) => kind)).to.deep.equal(frames.slice(count, live.frames).map(({ kind }) => kind));
        expect(anew.map(({ sequence }) => sequence)).to.deep.equal(anew.map((_, index) => writer.sequence + 1 + index));
        expect(publishedIn(after.state, after.effects).filter((message) => isSaid(message))).to.have.length(
          live.state.ledger.messages.length,
        );
      }),
      options,
    );
  });

  it('publishes what it says anew only when its frame is durable, and what was said before at once', () => {
    const setup = setupWith();
    const { frames } = lived(setup, [does(1, says(2), says(3))]);
    const after = replayedBy(setup, frames.slice(0, 3));
    expect(after.owed).to.deep.equal([{ id: 3, outputs: [] }]);
    const { state, effects } = endReplay(setup, after);
    expect(publishedIn(stateWith(), effects).map((message) => (message as { data?: { id?: number } }).data?.id)).to.deep.equal([
      2,
    ]);
    expect(state.gate.held.map(({ needs }) => needs)).to.deep.equal([writer.sequence + 1]);
    expect(effects.at(-1)).to.deep.include({ type: 'tell', to: 'wal' });
    expect(state.owed).to.deep.equal([]);
  });

  it('takes the logged signature, and never signs a message that the log holds', () => {
    const { frames } = lived(setupWith(), [does(1, says(2), says(3))]);
    const signer = countingSigner();
    signer.sign(encoded('used before'));
    signer.sign(encoded('used before'));
    const setup = setupWith(signer);
    const { effects } = endReplay(setup, replayedBy(setup, frames));
    const data = publishedIn(stateWith(), effects).map((message) => (message as { data?: unknown }).data);
    expect(data).to.deep.equal([
      { type: 'wire', id: 2, signature: [1, 1] },
      { type: 'wire', id: 3, signature: [2, 1] },
    ]);
    expect(signer.count).to.equal(2);
  });

  it('decides again a decision that the log holds, and frames one that it lacks', () => {
    const setup = setupWith();
    const { frames } = lived(setup, [does(1, { type: 'finish', decision: 'x' })]);
    const whole = replayedBy(setup, frames);
    expect([whole.decided, whole.owedDecision]).to.deep.equal([{ decision: 'x' }, undefined]);
    const again = endReplay(setup, whole);
    const decide = { type: 'host.decide', decision: 'x', height: 1 };
    expect(again.effects).to.deep.include(decide);
    expect(framesIn(again.effects)).to.deep.equal([]);
    expect([again.state.decided, again.state.owedDecision]).to.deep.equal([undefined, undefined]);

    const part = replayedBy(setup, frames.slice(0, 2));
    expect([part.decided, part.owedDecision]).to.deep.equal([undefined, { decision: 'x' }]);
    const framed = endReplay(setup, part);
    expect(framesIn(framed.effects)).to.deep.equal([{ kind: 'decided', sequence: writer.sequence + 1, payload: encoded('x') }]);
    expect(framed.effects).to.not.deep.include(decide);
    expect(framed.state.gate.held).to.deep.equal([
      { output: { type: 'decide', decision: 'x', height: 1 }, needs: writer.sequence + 1 },
    ]);
  });

  it('disarms a timer whose elapsing was logged, and closes a question whose answer was', () => {
    const setup = setupWith();
    const { frames } = lived(setup, [
      does(1, { type: 'setTimer', timer: 'a', delay: 5 }, { type: 'ask', key: 'q', request: 'what' }),
      { ...does(2, { type: 'setTimer', timer: 'b', delay: 6 }), timer: 'a' },
      { ...does(3, { type: 'ask', key: 'r', request: 'who' }), answers: 'q' },
    ]);
    const { effects } = endReplay(setup, replayedBy(setup, frames));
    expect(effects.slice(1)).to.deep.equal([
      { type: 'timer.set', timer: 'b', delay: 6 },
      { type: 'host.ask', request: 'who' },
    ]);
  });
});

const isSaid = (message: unknown): boolean => (message as { site?: string }).site === 'publish';

/** Kept inputs are logged where they are resumed; a log that was cut before has them no more, and peers say them again. */
function withoutKept(input: ScriptedInput): ScriptedInput {
  const outputs = input.outputs
    .filter(({ type }) => type !== 'resume')
    .map((output) =>
      output.type === 'say'
        ? {
            ...output,
            message: { ...output.message, outputs: withoutKept({ ...input, outputs: output.message.outputs }).outputs },
          }
        : output,
    );
  return { ...input, outputs };
}
