/** `nodeLogic`: actors are held against the nodes of the simulator, which get the same inputs. */
import { expect } from 'chai';
import { createActor, initialTransition, transition } from 'xstate';
import { type InputMessage, keyedHashSigner, type RecoveredMessage, type WriteAheadState } from '../../actors/node/index.ts';
import type { PublishMessage, SegmentMessage } from '../../actors/node/messages.ts';
import type { TimerMessage } from '../../actors/scheduler/index.ts';
import { nodeLogic } from '../../actors/xstate.ts';
import { differingFields } from '../../checker/deep-equal.ts';
import { type RaftInput, type Run, raft, scenario } from '../../index.ts';
import { protocolNamed } from '../../scenarios/protocols.ts';
import { type CounterInput, counter } from './counter/counter.ts';

interface Did {
  readonly say: unknown[];
  readonly ask: unknown[];
  readonly setTimer: unknown[];
  readonly finish: unknown[];
  readonly report: unknown[];
  /** What peers were sent: own messages and what was announced, then what left at once. */
  readonly publish: unknown[];
  readonly send: unknown[];
}

const idle = (): Did => ({ say: [], ask: [], setTimer: [], finish: [], report: [], publish: [], send: [] });

/** What a node of a simulated run did, and what an actor does that is given the same inputs. */
function bothOf(run: Run, name: string): { readonly simulated: Did; readonly actor: Did; readonly isSameState: boolean } {
  const protocol = protocolNamed(run.data.protocol);
  const config = protocol.configuration(run.data, name);
  const definition = protocol.definition(config);
  const actor = createActor(nodeLogic(definition, config, keyedHashSigner(name, 0x5eed).sign));
  const did = idle();
  actor.on('say', ({ data }) => {
    did.say.push(data);
    did.publish.push(data);
  });
  actor.on('announce', ({ data }) => did.publish.push(data));
  actor.on('send', ({ data }) => did.send.push(data));
  actor.on('report', ({ event, detail }) => did.report.push([event, detail]));
  actor.on('ask', ({ request }) => did.ask.push(request));
  actor.on('setTimer', ({ timer, delay }) => did.setTimer.push([timer, delay]));
  actor.on('finish', ({ decision }) => did.finish.push(decision));
  actor.start();
  const simulated = idle();
  for (const event of run.world.trace.events()) {
    if (event.node === name && event.type === 'deliver' && event.actor === 'network') {
      const { type, site, data } = event.message as PublishMessage;
      if (type === 'publish' && event.from === 'consensus') simulated[site].push(data);
    }
    if (event.node !== name || !('actor' in event) || event.actor !== 'consensus') continue;
    if (event.type === 'deliver') {
      const message = event.message as InputMessage | TimerMessage | SegmentMessage | RecoveredMessage;
      if (message.type === 'input') actor.send({ type: 'input', input: message.input });
      else if (message.type === 'timer') actor.send({ type: 'input', input: definition.elapsed(message.timer) });
      else if (message.type === 'segment' || message.type === 'recovered')
        actor.send({ type: 'input', input: definition.begin(config, message.height) });
    } else if (event.type === 'effect') {
      const { effect } = event;
      if (effect.type === 'observe' && effect.event === 'said') simulated.say.push(definition.asWire(effect.detail['input']));
      else if (effect.type === 'observe') simulated.report.push([effect.event, effect.detail]);
      else if (effect.type === 'host.ask') simulated.ask.push(effect.request);
      else if (effect.type === 'timer.set') simulated.setTimer.push([effect.timer, effect.delay]);
      else if (effect.type === 'host.decide') simulated.finish.push(effect.decision);
    }
  }
  const { inner, gate } = run.world.state(name, 'consensus') as WriteAheadState;
  // What the run's end cut off: it waits for a flush.
  for (const { output } of gate.held)
    if (output.type === 'publish') simulated.publish.push(output.data);
    else if (output.type === 'decide') simulated.finish.push(output.decision);
  return {
    simulated,
    actor: did,
    isSameState: differingFields(actor.getSnapshot().context.state as object, inner, definition.leftOut).length === 0,
  };
}

describe('a node as actor logic', () => {
  const four = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
  const runs: readonly Run[] = [
    // D dies for good: its rounds end by timeouts.
    four
      .fault({ time: '1s' }, { type: 'crash', nodes: ['D'] })
      .until({ time: '8s' })
      .run({ record: true }),
    // A comes late: it syncs, and keeps what came early.
    four
      .partition([['A'], ['B', 'C', 'D']], { for: '2s' })
      .until({ time: '6s' })
      .run({ record: true }),
    // The first leader is cut off, and follows the second later.
    scenario('three', { A: 1, B: 1, C: 1 })
      .protocol('raft')
      .partition([['A'], ['B', 'C']], { for: '1s' })
      .until({ time: '3s' })
      .run({ record: true }),
  ];
  for (const [index, run] of runs.entries())
    for (const name of ['A', 'B', 'C'])
      it(`does what ${name} does in run ${index + 1}, a run of ${run.data.protocol ?? 'tendermint'}`, () => {
        const { simulated, actor, isSameState } = bothOf(run, name);
        expect(actor).to.deep.equal(simulated);
        expect(isSameState).to.equal(true);
        expect(Object.values(actor).flat().length).to.be.greaterThan(20);
      });

  const members = ['A', 'B', 'C'];
  const raftActor = (self: string) => createActor(nodeLogic(raft, { self, members }, keyedHashSigner(self, 1).sign)).start();
  const candidacy = (candidate: string): RaftInput => ({
    type: 'vote',
    term: 1,
    voter: candidate,
    candidate,
    lastIndex: 0,
    lastTerm: 0,
    signature: '',
  });

  it('has counted its own vote before the next input: of two candidates of one term it votes for the first', () => {
    const actor = raftActor('C');
    const said: unknown[] = [];
    actor.on('say', ({ message }) => said.push(message.type === 'vote' ? message.candidate : message.type));
    for (const name of ['A', 'B']) actor.send({ type: 'input', input: candidacy(name) });
    expect(said).to.deep.equal(['A']);
  });

  it('drops a repetition: the state is the same, and there is no output', () => {
    const actor = raftActor('C');
    actor.send({ type: 'input', input: candidacy('A') });
    const { state } = actor.getSnapshot().context;
    actor.send({ type: 'input', input: candidacy('A') });
    expect(actor.getSnapshot().context).to.deep.equal({ state, outputs: [] });
    expect(actor.getSnapshot().context.state).to.equal(state);
  });

  it('emits its outputs in their order, after its snapshot has them', () => {
    const actor = raftActor('C');
    const emitted: unknown[] = [];
    actor.on('*', (output) => emitted.push([output, actor.getSnapshot().context.outputs.indexOf(output)]));
    actor.send({ type: 'input', input: candidacy('A') });
    const { outputs } = actor.getSnapshot().context;
    expect(outputs.map(({ type }) => type)).to.deep.equal(['setTimer', 'say']);
    expect(emitted).to.deep.equal(outputs.map((output, index) => [output, index]));
  });

  it('is pure: the same input in the same snapshot gives the same, and changes neither', () => {
    const logic = nodeLogic(raft, { self: 'C', members }, keyedHashSigner('C', 1).sign);
    const [before] = initialTransition(logic);
    const kept = structuredClone(before);
    const event = { type: 'input', input: candidacy('A') } as const;
    const [[first], [second]] = [transition(logic, before, event), transition(logic, before, event)];
    expect(second).to.deep.equal(first);
    expect(first.context.state.votedFor).to.equal('A');
    expect(before).to.deep.equal(kept);
  });

  it('feeds back what it kept for later only if that would be logged now, as the simulated node does', () => {
    const config = { self: 'A', names: ['A', 'B'] };
    const actor = createActor(nodeLogic(counter, config, keyedHashSigner('A', 1).sign)).start();
    const add = (height: number): CounterInput => ({ type: 'add', height, from: 'B', amount: height, signature: '' });
    for (const input of [counter.begin(config, 1), add(2), add(3), counter.begin(config, 2)])
      actor.send({ type: 'input', input });
    expect(actor.getSnapshot().context.state).to.deep.include({ height: 2, numbers: { B: 2 }, early: [] });
  });

  it('ends without an error when it is stopped, and keeps its last outputs', () => {
    const actor = raftActor('C');
    actor.send({ type: 'input', input: candidacy('A') });
    const { context } = actor.getSnapshot();
    const ended: string[] = [];
    actor.subscribe({ complete: () => ended.push('complete'), error: () => ended.push('error') });
    actor.stop();
    expect(ended).to.deep.equal(['complete']);
    expect(actor.getSnapshot().context).to.equal(context);
  });
});
