/** What one step hides: an input that is applied unwritten beside an own message that is written, and votes inside messages of no known kind. */
import { expect } from 'chai';
import { leave, type WriteAheadState } from '../../actors/node/index.ts';
import type { Effect } from '../../core/effects.ts';
import { wrapActor } from '../../museum/wrap.ts';
import { brokenNode, type Run, runScenario, scenario } from '../../scenarios/index.ts';

const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 }).until({ height: 4 }).data;
const silent = scenario('a proposer is silent', { A: 1, B: 1, C: 1, D: 1 }).byzantine('D', 'silent').until({ height: 6 }).data;

/** The frames of inputs of one kind, the first item of their payload, are never appended. */
function inputsUnwritten(name: string, kind: number): string {
  const isSuch = (effect: Effect): boolean => {
    if (effect.type !== 'disk' || effect.operation.type !== 'append') return false;
    const { bytes } = effect.operation;
    return bytes[4] === 3 && bytes[33] === kind;
  };
  return brokenNode(name, {
    spec: (spec) =>
      wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
        const step = receive(state, message, from);
        return { ...step, effects: step.effects.filter((effect) => !isSuch(effect)) };
      }),
  });
}

/** What the gate holds leaves early, in an envelope. */
function inEnvelope(name: string, envelope: (vote: unknown) => object): string {
  return brokenNode(name, {
    spec: (spec) =>
      wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
        const step = receive(state, message, from);
        const held = (step.state as WriteAheadState).gate.held.flatMap(({ output }) =>
          output.type === 'publish' ? [output.data] : [],
        );
        const early = held.map((data) => leave({ type: 'publish', data: envelope(data) as typeof data }));
        return { ...step, effects: [...step.effects, ...early] };
      }),
  });
}

const broken = ({ properties }: Run): readonly string[] =>
  properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);

describe('write-ahead within one step', () => {
  const unwritten = [
    ['proposals', 3],
    ['values', 4],
    ['timeouts', 5],
  ] as const;
  for (const [what, kind] of unwritten)
    it(`finds ${what} that act unwritten, though the vote or proposal that follows in the same step is written`, () => {
      const run = runScenario(silent, { exhibit: inputsUnwritten(`${what}-unwritten`, kind) });
      expect(run.deaths).to.deep.equal([]);
      expect(broken(run)).to.include('write-ahead');
    });

  const envelopes: readonly (readonly [string, (vote: unknown) => object])[] = [
    ['in-a-list', (vote) => ({ type: 'bundle', messages: [vote] })],
    ['in-a-status', (vote) => ({ type: 'status', height: 0, newest: vote })],
    ['two-deep', (vote) => ({ type: 'gossip', parts: { first: [{ type: 'part', vote }] } })],
  ];
  for (const [what, envelope] of envelopes)
    it(`finds votes that leave early ${what.replaceAll('-', ' ')}`, () => {
      expect(broken(runScenario(four, { exhibit: inEnvelope(`votes-${what}`, envelope) }))).to.include('write-ahead');
    });

  it('finds a decision without a quorum in an answer to a peer that is behind', () => {
    const exhibit = inEnvelope('served-too-early', (vote) => {
      const { height, round, value, validator, signature } = vote as Readonly<Record<string, unknown>>;
      return {
        type: 'sync.response',
        blocks: [{ height, round, value, data: new Uint8Array(), votes: [[validator, signature]] }],
      };
    });
    expect(broken(runScenario(four, { exhibit }))).to.include('sound-certificate');
  });

  it('holds for the honest node', () => {
    for (const data of [four, silent]) expect(broken(runScenario(data))).to.deep.equal([]);
  });
});
