/** Which event led to a delivery of real nodes, where a record does not say it; and what the page makes of messages that never came. */
import { expect } from 'chai';
import { CutMonitor } from '../../apps/page/record/cut-monitor.ts';
import { Recorder, RunWatcher } from '../../apps/page/record/recorder.ts';
import type { Effect, Message } from '../../core/effects.ts';
import type { RunEvent } from '../../core/events.ts';
import { EventCauses } from '../../runtime/cluster/event-causes.ts';
import { scenario } from '../../scenarios/index.ts';

const vote = (value: string): Message => ({ type: 'vote', value }) as Message;
const toB = (data: Message): Effect => ({ type: 'transmit', site: 'publish', to: ['B'], data }) as Effect;

describe('the cause of a delivery between real nodes', () => {
  const sent = (...values: readonly string[]): EventCauses => {
    const causes = new EventCauses();
    for (const [index, value] of values.entries()) causes.executed('A', 'network', toB(vote(value)), 10 + index);
    return causes;
  };
  const heard = (causes: EventCauses, ...values: readonly string[]): readonly number[] =>
    values.map((value) => causes.of('B', 'network', vote(value), 'A'));

  it('is the sending in the order of the connection', () => {
    expect(heard(sent('x', 'y', 'x'), 'x', 'y', 'x')).to.deep.equal([10, 11, 12]);
  });

  it('skips what was lost', () => {
    expect(heard(sent('x', 'y', 'x', 'z'), 'y', 'x', 'z')).to.deep.equal([11, 12, 13]);
  });

  it('is the newest equal sending for what comes twice or late', () => {
    expect(heard(sent('x', 'y', 'z'), 'x', 'x', 'z', 'y')).to.deep.equal([10, 10, 12, 11]);
  });

  it('is unknown for what nobody has sent', () => {
    expect(heard(sent('x'), 'y')).to.deep.equal([-1]);
    expect(new EventCauses().of('B', 'network', vote('x'), 'C')).to.equal(-1);
  });

  it('is forgotten only far behind what was delivered', () => {
    const causes = new EventCauses();
    for (let index = 0; index < 20_000; index += 1) {
      causes.executed('A', 'network', toB(vote(String(index))), index);
      if (index % 2 === 0) expect(causes.of('B', 'network', vote(String(index)), 'A')).to.equal(index);
    }
  });

  it('is within a node the step, question, timer or operation, and nothing of an earlier life', () => {
    const causes = new EventCauses();
    const tell = { type: 'tell', to: 'wal', message: { type: 'append' } } as Effect;
    causes.boot('B', 'supervisor', 3);
    expect(causes.of('B', 'supervisor', { type: 'boot' }, 'scheduler')).to.equal(3);
    causes.asked('B', 'consensus', [tell, tell], 5);
    causes.asked('B', 'consensus', [tell], 6);
    const next = (): number => causes.of('B', 'wal', { type: 'append' }, 'consensus');
    expect([next(), next(), next()]).to.deep.equal([5, 5, 6]);
    causes.executed('B', 'consensus', { type: 'timer.set', timer: 'propose/0', delay: 1 } as Effect, 7);
    causes.executed('B', 'consensus', { type: 'timer.set', timer: 'propose/0', delay: 2 } as Effect, 8);
    expect(causes.of('B', 'consensus', { type: 'timer', timer: 'propose/0' } as Message, 'timer')).to.equal(8);
    causes.answered('B', 'wal', { type: 'disk.answer' }, 9);
    causes.asked('B', 'consensus', [tell], 10);
    causes.boot('B', 'supervisor', 11);
    expect(causes.of('B', 'wal', { type: 'disk.answer' }, 'disk')).to.equal(-1);
    expect(next()).to.equal(-1);
  });
});

describe('real nodes that are cut off', () => {
  it('have no link to any other until they are back', () => {
    const cuts = new CutMonitor();
    const fault = (index: number, node: string, kind: string): void =>
      cuts.observe({ type: 'fault', index, node, kind, detail: {}, time: 0, life: 0, cause: -1 }, { nodes: ['A', 'B', 'C'] });
    fault(4, 'B', 'cut off');
    fault(6, 'B', 'paused');
    fault(7, 'B', 'back');
    expect(cuts.seen.map(({ event, links }) => [event, links.map((link) => link.join(''))])).to.deep.equal([
      [4, ['AB', 'BA', 'BC', 'CB']],
      [7, []],
    ]);
  });
});

describe('a message of real nodes that never comes', () => {
  const { data } = scenario('by hand', { A: 1, B: 1 });
  const place = { life: 1, time: 0 };
  const send = (index: number, value: string): RunEvent =>
    ({
      ...place,
      index,
      node: 'A',
      cause: -1,
      type: 'effect',
      actor: 'network',
      effect: toB(vote(value)),
      point: undefined,
    }) as RunEvent;
  const hear = (index: number, cause: number, value: string): RunEvent =>
    ({ ...place, index, node: 'B', cause, type: 'deliver', actor: 'network', from: 'A', message: vote(value) }) as RunEvent;
  const lostRows = (isReal: boolean): readonly number[] =>
    new Recorder(
      {
        data,
        exhibit: null,
        variant: null,
        seed: 0,
        hash: '',
        verdict: 'held',
        asExpected: true,
        nodes: ['A', 'B'],
        faulty: [],
        events: [send(0, 'x'), send(1, 'y'), send(2, 'z'), hear(3, 1, 'y'), hear(4, 2, 'z'), send(5, 'v')],
        eventCount: 6,
        properties: [],
        ...(isReal ? { isReal: true as const } : {}),
      },
      new RunWatcher(data),
    )
      .recorded()
      .record.messages.map(({ lost }) => lost);

  it('is lost when a later one of its link has come, and on its way until then', () => {
    expect(lostRows(true)).to.deep.equal([3, -1, -1, -1]);
  });

  it('stays on its way in a simulation, whose links may be slow', () => {
    expect(lostRows(false)).to.deep.equal([-1, -1, -1, -1]);
  });
});
