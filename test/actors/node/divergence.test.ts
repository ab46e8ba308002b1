/** Replay of a log that does not belong to the node: it stops at the first frame that differs, and changes nothing. */
import { expect } from 'chai';
import { replayFrame } from '../../../actors/node/replay.ts';
import type { WriteAheadSetup, WriteAheadState } from '../../../actors/node/write-ahead.ts';
import { asMessage, lived, replayedBy, replaying } from './lived.ts';
import { countingSigner, does, encoded, type Frame, says, setupWith } from './scripted-protocol.ts';

const stoppedBy = (setup: WriteAheadSetup, state: WriteAheadState, frame: Frame): string => {
  const step = replayFrame(setup, state, asMessage(frame));
  expect(step.state).to.equal(state);
  expect(step.effects).to.have.length(1);
  const [effect] = step.effects;
  return effect?.type === 'stop' ? effect.reason : 'did not stop';
};

describe('a replay that diverges', () => {
  it('stops at an own message that is another than the derived one, or that nothing led to, and at one out of order', () => {
    const setup = setupWith();
    const [begin, input, second, third] = lived(setup, [does(1, says(2), says(3))]).frames as [Frame, Frame, Frame, Frame];
    const before = replayedBy(setup, [begin, input]);
    const other = encoded({ type: 'own', id: 9, outputs: [], signature: [1, 1] });
    expect(stoppedBy(setup, before, { ...second, payload: other })).to.equal(
      `replay divergence at frame ${second.sequence}: the logged own message is another than the derived one`,
    );
    expect(stoppedBy(setup, before, third)).to.match(/another than the derived one$/);
    expect(stoppedBy(setup, replayedBy(setup, [begin]), second)).to.equal(
      `replay divergence at frame ${second.sequence}: the log holds an own message that replay does not derive`,
    );
    expect(stoppedBy(setup, replayedBy(setup, [second, third], before), third)).to.match(/replay does not derive$/);
  });

  it('stops at an own message that is longer or shorter than the derived one by one byte, or differs in one', () => {
    const setup = setupWith();
    const [begin, input, own] = lived(setup, [does(1, says(2))]).frames as [Frame, Frame, Frame];
    const before = replayedBy(setup, [begin, input]);
    // JSON allows white space: these decode to the same message.
    const spaced = new TextEncoder().encode(` ${new TextDecoder().decode(own.payload)}`);
    const longer = new TextEncoder().encode(`${new TextDecoder().decode(own.payload)} `);
    for (const payload of [spaced, longer]) expect(stoppedBy(setup, before, { ...own, payload })).to.match(/another than/);
    replayedBy(setup, [own], before);
  });

  it('stops at a decision that is another than the derived one, or that nothing led to', () => {
    const setup = setupWith();
    const [begin, input, decision] = lived(setup, [does(1, { type: 'finish', decision: 'x' })]).frames as [Frame, Frame, Frame];
    const before = replayedBy(setup, [begin, input]);
    expect(stoppedBy(setup, before, { ...decision, payload: encoded('y') })).to.equal(
      `replay divergence at frame ${decision.sequence}: the logged decision is another than the derived one`,
    );
    expect(stoppedBy(setup, replayedBy(setup, [begin]), decision)).to.equal(
      `replay divergence at frame ${decision.sequence}: the log holds a decision that replay does not derive`,
    );
    expect(stoppedBy(setup, replayedBy(setup, [decision], before), decision)).to.match(/replay does not derive$/);
  });

  it('stops at a height that began under another configuration, or at another height', () => {
    const [begin] = lived(setupWith(), []).frames as [Frame];
    expect(stoppedBy(setupWith(countingSigner(), 2), replaying(), begin)).to.match(
      new RegExp(`began under another configuration \\(frame ${begin.sequence}\\); start the node with`),
    );
    const elsewhere = replaying({ position: { height: 2, round: 0 } });
    expect(stoppedBy(setupWith(), elsewhere, begin)).to.match(/another configuration/);
    expect(replayedBy(setupWith(), [begin]).position).to.deep.equal({ height: 1, round: 0 });
  });
});
