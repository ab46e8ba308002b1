/** The write-ahead shell against a plain model: what it frames, signs, applies, holds and flushes, for drawn inputs. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { WriteAheadState } from '../../../actors/node/write-ahead.ts';
import type { Effect } from '../../../core/effects.ts';
import { sourceOf } from '../../../wal/index.ts';
import { judgeFile } from '../../../wal/judge.ts';
import { birthPlan, expandStep } from '../../../wal/writer.ts';
import {
  appliedIn,
  countingSigner,
  decoded,
  fed,
  firstWriter,
  flushesIn,
  framesIn,
  inputsArbitrary,
  type ScriptedInput,
  type ScriptedOutput,
  setupWith,
  stateWith,
} from './scripted-protocol.ts';

const options = { seed: 7, numRuns: 200 };
const first = firstWriter.sequence;

/** One step in words: what is applied and carried out, in order, and what is held for which frame. */
function modelOf(inputs: readonly ScriptedInput[]): {
  readonly done: readonly string[];
  readonly applied: readonly string[];
  readonly held: readonly string[];
} {
  const done: string[] = [];
  const applied: string[] = [];
  const held: string[] = [];
  let sequence = first;
  let signatures = 0;
  for (const outside of inputs) {
    const queue: { readonly by: 'input' | 'own'; readonly input: ScriptedInput }[] = [{ by: 'input', input: outside }];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { by, input } = next;
      sequence += 1;
      done.push(`append ${by} ${sequence} ${input.id}`);
      if (by === 'own') {
        signatures += 1;
        held.push(`publish ${input.id} signed ${signatures} needs ${sequence}`);
        done.push(`observe said`);
      }
      applied.push(`${input.type} ${input.id}`);
      for (const output of input.outputs) {
        if (output.type === 'say') queue.push({ by: 'own', input: { type: 'own', ...output.message } });
        else if (output.type === 'resume') {
          // What the protocol does not admit any more is dropped.
          if ((output.input.admission ?? 'log') === 'log') queue.push({ by: 'input', input: output.input });
        } else if (output.type === 'announce') held.push(`publish ${(output.data as { id?: number }).id} needs ${sequence}`);
        else done.push(wordsOf(output));
      }
    }
  }
  return { done, applied, held };
}

function wordsOf(output: ScriptedOutput): string {
  switch (output.type) {
    case 'send':
      return `tell ${JSON.stringify({ type: 'publish', site: 'send', to: output.to, data: output.data })}`;
    case 'setTimer':
      return `timer.set ${output.timer} ${output.delay}`;
    case 'cancelTimer':
      return `timer.cancel ${output.timer}`;
    case 'ask':
      return `host.ask ${String(output.request)}`;
    case 'report':
      return `observe ${output.event}`;
    default:
      throw new Error(`no words for ${output.type}`);
  }
}

/** The same words of what was really done. */
function wordsOfEffect(effect: Effect): string {
  switch (effect.type) {
    case 'disk': {
      const [frame] = framesIn([effect]);
      expect(effect).to.deep.include({ site: 'wal.append', tag: frame?.sequence });
      return `append ${frame?.kind} ${frame?.sequence} ${decoded<ScriptedInput>(frame?.payload as Uint8Array).id}`;
    }
    case 'tell':
      return `tell ${JSON.stringify(effect.message)}`;
    case 'timer.set':
      return `timer.set ${effect.timer} ${effect.delay}`;
    case 'timer.cancel':
      return `timer.cancel ${effect.timer}`;
    case 'host.ask':
      return `host.ask ${String(effect.request)}`;
    case 'observe':
      return `observe ${effect.event}`;
    default:
      return effect.type;
  }
}

const heldIn = ({ gate }: WriteAheadState): readonly string[] =>
  gate.held.map(({ output, needs }) => {
    const { id, signature } = (output as unknown as { data: { id: number; signature?: readonly number[] } }).data;
    return `publish ${id}${signature === undefined ? '' : ` signed ${signature[0]}`} needs ${needs}`;
  });

describe('the write-ahead shell, given any inputs,', () => {
  it('frames, signs, applies and holds in the order of a plain model, whatever follows from the inputs', () => {
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        const setup = setupWith(countingSigner());
        const all: Effect[] = [];
        const end = inputs.reduce((state, input) => {
          const { state: next, effects } = fed(state, input, 'input', setup);
          all.push(...effects.filter((effect) => !flushesIn([effect]).includes(effect)));
          return next;
        }, stateWith());
        const expected = modelOf(inputs);
        expect(all.map(wordsOfEffect)).to.deep.equal(expected.done);
        expect(appliedIn(end)).to.deep.equal(expected.applied);
        expect(heldIn(end)).to.deep.equal(expected.held);
      }),
      options,
    );
  });

  it('writes a file that reads back frame by frame, as long as the writer says', () => {
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        const setup = setupWith();
        const birth = [...birthPlan(1, 2, 0, 5).steps].flatMap((step) => [...expandStep(step, new Map())]);
        const pieces = birth.flatMap((operation) => (operation.type === 'append' ? [operation.bytes] : []));
        const end = inputs.reduce((state, input) => {
          const { state: next, effects } = fed(state, input, 'input', setup);
          for (const effect of effects)
            if (effect.type === 'disk' && effect.operation.type === 'append') {
              expect(effect.operation.file).to.equal(firstWriter.file);
              pieces.push(effect.operation.bytes);
            }
          return next;
        }, stateWith());
        const bytes = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        const { finding, lastSequence } = judgeFile(firstWriter.file, { height: 1, life: 2 }, sourceOf(bytes));
        expect({ finding, lastSequence, length: bytes.length }).to.deep.equal({
          finding: 'clean',
          lastSequence: end.writer?.sequence,
          length: end.writer?.offset,
        });
      }),
      { ...options, numRuns: 50 },
    );
  });

  it('asks for one flush in each step that leaves something to hold, up to the last frame, and for none otherwise', () => {
    fc.assert(
      fc.property(inputsArbitrary, (inputs) => {
        const setup = setupWith();
        inputs.reduce((state, input) => {
          const { state: next, effects } = fed(state, input, 'input', setup);
          const isNew = next.gate.held.length > state.gate.held.length;
          const message = { type: 'flush', file: firstWriter.file, upTo: next.writer?.sequence, signed: next.lastSigned };
          expect(flushesIn(effects)).to.deep.equal(isNew ? [{ type: 'tell', to: 'wal', message }] : []);
          expect(next.flushing).to.equal(isNew ? next.writer?.sequence : state.flushing);
          if (isNew) expect(effects.at(-1)).to.equal(flushesIn(effects)[0]);
          return next;
        }, stateWith());
      }),
      options,
    );
  });
});
