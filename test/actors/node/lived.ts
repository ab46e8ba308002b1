/** A life that writes a log, and the replay of its frames by another life. */
import { expect } from 'chai';
import { closedGate } from '../../../actors/node/gate.ts';
import type { ReplayFrameMessage } from '../../../actors/node/messages.ts';
import { replayFrame } from '../../../actors/node/replay.ts';
import { draftOf, feedAll, finished, type WriteAheadSetup, type WriteAheadState } from '../../../actors/node/write-ahead.ts';
import { birthPlan, type LogWriter } from '../../../wal/index.ts';
import { asInput, type Frame, framesIn, type ScriptedInput, stateWith } from './scripted-protocol.ts';

/** The file of the next life, after ten frames that were taken over. */
export const writer: LogWriter = birthPlan(1, 3, 10, 6).writer;

/** At height 1, before the first frame. */
export function replaying(changes: Partial<WriteAheadState> = {}): WriteAheadState {
  return stateWith({ mode: 'replaying', writer, gate: closedGate(writer.life, writer.sequence), ...changes });
}

export interface Lived {
  readonly frames: readonly Frame[];
  /** After each input and all that followed from it, with the frames up to there. */
  readonly states: readonly { readonly state: WriteAheadState; readonly frames: number }[];
}

/** A life: the start of a height, and inputs. Its signatures are those of `setup`. */
export function lived(setup: WriteAheadSetup, inputs: readonly ScriptedInput[]): Lived {
  const frames: Frame[] = [];
  let state = stateWith();
  const states: Lived['states'][number][] = [];
  const begin = setup.definition.begin(setup.config, 1);
  for (const [index, input] of [begin, ...inputs.map(asInput)].entries()) {
    const draft = draftOf(setup, state);
    feedAll(draft, [{ type: 'input', input, kind: index === 0 ? 'start' : 'input' }]);
    const step = finished(draft, state);
    state = step.state;
    frames.push(...framesIn(step.effects));
    states.push({ state, frames: frames.length });
  }
  return { frames, states };
}

export const asMessage = (frame: Frame): ReplayFrameMessage => ({ type: 'replay.frame', ...frame });

/** Replays frames; none may have an effect. */
export function replayedBy(
  setup: WriteAheadSetup,
  frames: readonly Frame[],
  from: WriteAheadState = replaying(),
): WriteAheadState {
  return frames.reduce((state, frame) => {
    const step = replayFrame(setup, state, asMessage(frame));
    expect(step.effects).to.deep.equal([]);
    expect(step.state.replayed).to.equal(state.replayed + 1);
    return step.state;
  }, from);
}
