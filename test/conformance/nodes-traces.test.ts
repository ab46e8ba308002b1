/** Traces of whole nodes, made by hand: what the trace delivers counts, and everything is compared both ways. */
import { expect } from 'chai';
import type { Difference } from '../../dev/conformance/differences.ts';
import type { NodesStep } from '../../dev/conformance/nodes-inputs.ts';
import { judgeNodes } from '../../dev/conformance/nodes-traces.ts';
import { honestNode, type TestedNode } from '../../dev/conformance/tested-node.ts';
import { Comparison, type RecordedState, type Row } from '../../dev/conformance/verdict.ts';

type More = Partial<Pick<NodesStep, 'stepChange' | 'pending' | 'preload'>>;
type Step = readonly [input: Row, out: Row, post: RecordedState, more?: More];

/** The state in `round`, locked and valid as given: `[round, value]`. */
function at(s: string, { h = 0, r = 0, locked = [-1, null], valid = locked }: Partial<Place> = {}): RecordedState {
  return { h, r, s, lr: locked[0], lv: locked[1], vr: valid[0], vv: valid[1] };
}

interface Place {
  readonly h: number;
  readonly r: number;
  readonly locked: readonly [number, string | null];
  readonly valid: readonly [number, string | null];
}

const none: Row = ['NoConsensusOutput'];
const empty = { votes: [], certs: [] };
const vote = (t: string, src: string, v: string | null, r = 0, h = 0) => ({ t, src, h, r, v });
const gets = (t: string, src: string, v: string | null, r = 0, h = 0): Row => ['VoteDInput', vote(t, src, v, r, h)];
const says = (t: string, src: string, v: string | null, r = 0, h = 0): Row => ['VoteOutput', vote(t, src, v, r, h)];
const proposal = (v: string, { src = 'v2', r = 0, vr = -1, h = 0 } = {}) => ({ src, h, r, v, vr });
const isProposed = (v: string, place = {}): Row => ['ProposalDInput', proposal(v, place)];
const settles = (post: RecordedState): Step => [['StepChangeDInput'], none, post];
const starts = (h = 0, preload: More['preload'] = empty): readonly Step[] => [
  [['StartDInput'], ['TimeoutOutput', 0, 'ProposeTimeout'], at('Propose', { h }), { stepChange: 'Propose', preload }],
  settles(at('Propose', { h })),
];
const asksForValue: readonly Step[] = [
  [
    ['StartDInput'],
    ['GetValueAndScheduleTimeoutOutput', 0, 0, 'ProposeTimeout'],
    at('Propose'),
    { stepChange: 'Propose', preload: empty },
  ],
  settles(at('Propose')),
];
const prevotes = (name: string, input: Row, v: string | null, h = 0): readonly Step[] => [
  [input, says('Prevote', name, v, 0, h), at('Prevote', { h }), { stepChange: 'Prevote' }],
  settles(at('Prevote', { h })),
];
const timesOut = (kind: string): Row => ['TimeoutDInput', `${kind}Timeout`];

/** `v2` proposes in round 0. */
function judged(name: string, steps: readonly Step[], tested: TestedNode = honestNode): Comparison {
  const comparison = new Comparison();
  const recorded = steps.map(
    ([input, out, post, more], i): NodesStep => ({ i, a: 'step', n: name, in: input, out, post, ...more }),
  );
  const validators = ['v1', 'v2', 'v3', 'v4'].map((one) => [one, 1] as const);
  judgeNodes({ nodes: [name], validators, height: 0, steps: recorded }, tested, comparison);
  return comparison;
}

function expectSame(name: string, steps: readonly Step[], ...names: readonly Difference[]): void {
  const { failure, differences } = judged(name, steps);
  expect(failure).to.equal(undefined);
  expect([...differences.keys()]).to.deep.equal(names);
}

const prevotesX = prevotes('v1', isProposed('x'), 'x');

describe('a trace of a node', () => {
  it('delivers the own votes: before that they do not count', () => {
    const steps: readonly Step[] = [
      ...starts(),
      ...prevotesX,
      [gets('Prevote', 'v2', 'x'), none, at('Prevote')],
      [gets('Prevote', 'v3', 'x'), none, at('Prevote')],
    ];
    expectSame('v1', steps);
    const locked = at('Precommit', { locked: [0, 'x'] });
    const own: Step = [gets('Prevote', 'v1', 'x'), says('Precommit', 'v1', 'x'), locked, { stepChange: 'Precommit' }];
    expectSame('v1', [...steps, own, settles(locked)]);
  });

  it('is red for a node that signs nil beside its prevote', () => {
    const twice: TestedNode['step'] = (state, input) => {
      const next = honestNode.step(state, input);
      const outputs = next.outputs.flatMap((output): readonly (typeof output)[] => {
        if (output.type !== 'say' || output.message.type !== 'vote') return [output];
        return [output, { ...output, message: { ...output.message, value: null } }];
      });
      return { state: next.state, outputs };
    };
    const steps = [...starts(), ...prevotesX, [gets('Prevote', 'v1', 'x'), none, at('Prevote')] as const];
    expect(judged('v1', steps).failure).to.equal(undefined);
    expect(judged('v1', steps, { ...honestNode, step: twice }).failure).to.deep.include({ step: 3 });
  });

  it('is red where the node signs more, or less, than the trace', () => {
    const more: readonly Step[] = [...starts(), [isProposed('x'), none, at('Propose')]];
    expect(judged('v1', more).failure?.got).to.include('Prevote');
    const less: readonly Step[] = [...starts(), ...prevotes('v1', isProposed('x', { src: 'v3' }), 'x')];
    expect(judged('v1', less).failure?.expected).to.include('Prevote');
  });

  it('is red where the node rests in another state', () => {
    const steps: readonly Step[] = [...starts(), [gets('Prevote', 'v2', 'x'), none, at('Propose', { valid: [0, 'x'] })]];
    expect(judged('v1', steps).failure?.step).to.equal(2);
  });

  it('is red where the node starts another set of timers', () => {
    const quorum: readonly Step[] = [
      ...starts(),
      ...prevotes('v1', timesOut('Propose'), null),
      [gets('Prevote', 'v2', 'x'), none, at('Prevote')],
      [gets('Prevote', 'v3', 'x'), none, at('Prevote')],
    ];
    const third = gets('Prevote', 'v4', 'x');
    expectSame('v1', [...quorum, [third, ['TimeoutOutput', 0, 'PrevoteTimeout'], at('Prevote')]]);
    expect(judged('v1', [...quorum, [third, ['TimeoutOutput', 0, 'PrecommitTimeout'], at('Prevote')]]).failure?.step).to.equal(6);
  });

  it('starts the prevote timer by a polka certificate', () => {
    const votes = ['v2', 'v3', 'v4'].map((name) => vote('Prevote', name, 'x'));
    const timer: Row = ['TimeoutOutput', 0, 'PrevoteTimeout'];
    expectSame('v1', [
      ...starts(),
      ...prevotes('v1', timesOut('Propose'), null),
      [['CertificateDInput', votes], timer, at('Prevote')],
    ]);
  });

  it('feeds what the node had swallowed when its height began', () => {
    const votes = [vote('Prevote', 'v2', 'x'), vote('Prevote', 'v3', 'x')];
    const locked = at('Precommit', { locked: [0, 'x'] });
    expectSame('v1', [
      ...starts(0, { votes, certs: [] }),
      ...prevotesX,
      [gets('Prevote', 'v1', 'x'), says('Precommit', 'v1', 'x'), locked, { stepChange: 'Precommit' }],
      settles(locked),
    ]);
  });

  it('is followed through all heights', () => {
    const decides: readonly Step[] = [
      [isProposed('x'), says('Prevote', 'v1', 'x'), at('Prevote'), { stepChange: 'Prevote' }],
      settles(at('Prevote')),
      [gets('Precommit', 'v2', 'x'), none, at('Prevote')],
      [gets('Precommit', 'v3', 'x'), none, at('Prevote')],
      [gets('Precommit', 'v4', 'x'), ['DecidedOutput', 0, 'x'], at('Commit'), { stepChange: 'Commit' }],
    ];
    const next = [...starts(), ...decides, ...starts(1), ...prevotes('v1', isProposed('y', { h: 1 }), 'y', 1)];
    expectSame('v1', next);
    const wrong = [...starts(), ...decides, ...starts(1), ...prevotes('v1', isProposed('y', { h: 1 }), null, 1)];
    expect(judged('v1', wrong).failure?.step).to.equal(10);
  });

  it('judges the own value like any other', () => {
    const output: Row = ['ProposalOutput', proposal('invalid')];
    expectSame('v2', [
      ...asksForValue,
      [['ProposeValueDInput', 'invalid'], output, at('Propose')],
      ...prevotes('v2', isProposed('invalid'), null),
    ]);
  });

  it('may deliver the own proposal after the propose timer', () => {
    expectSame('v2', [
      ...asksForValue,
      [['ProposeValueDInput', 'x'], ['ProposalOutput', proposal('x')], at('Propose')],
      ...prevotes('v2', timesOut('Propose'), null),
      [isProposed('x'), none, at('Prevote')],
    ]);
  });
});

describe('a named difference of a node', () => {
  it('is a value that comes after the own propose timer', () => {
    const late: Step = [['ProposeValueDInput', 'x'], ['ProposalOutput', proposal('x')], at('Prevote')];
    expectSame('v2', [...asksForValue, ...prevotes('v2', timesOut('Propose'), null), late], 'valueAfterTimer');
  });

  it('is an invalid proposal that waits for its polka', () => {
    expectSame('v1', [...starts(), ...prevotes('v1', isProposed('invalid', { vr: 0 }), null)], 'invalidAtOnce');
  });

  it('is a timer between a polka and its lock', () => {
    const pending = [['ProposalAndPolkaAndValidCInput', 'x']];
    const polka: readonly Step[] = [
      ...starts(),
      ...prevotesX,
      [gets('Prevote', 'v1', 'x'), none, at('Prevote')],
      [gets('Prevote', 'v2', 'x'), none, at('Prevote')],
      [gets('Prevote', 'v3', 'x'), ['TimeoutOutput', 0, 'PrevoteTimeout'], at('Prevote'), { pending }],
    ];
    const elapsed: Step = [timesOut('Prevote'), says('Precommit', 'v1', null), at('Precommit'), { stepChange: 'Precommit' }];
    expectSame('v1', [...polka, elapsed, settles(at('Precommit', { valid: [0, 'x'] }))], 'timerBeforeLock');
  });

  it('is none where the node does what is not due', () => {
    const eager: TestedNode['step'] = (state, input) => {
      const next = honestNode.step(state, input);
      const isThird = input.type === 'vote' && input.validator === 'v3';
      const message = { type: 'vote', voteType: 'precommit', height: 0, round: 0, value: 'y', validator: 'v1' } as const;
      return isThird ? { state: next.state, outputs: [...next.outputs, { type: 'say', message }] } : next;
    };
    const steps: readonly Step[] = [...starts(), ...prevotesX, [gets('Prevote', 'v3', 'x'), none, at('Prevote')]];
    expect(judged('v1', steps, { ...honestNode, step: eager }).failure?.got).to.include('Precommit');
  });
});
