/** A height that begins anew within a life, because the application cannot commit its decision: what stays, what is judged, and nodes that must turn red. */
import { expect } from 'chai';
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { enumerateCrashpoints } from '../../campaigns/index.ts';
import type { Effect } from '../../core/effects.ts';
import { wrapActor } from '../../museum/wrap.ts';
import { brokenNode, decides, event, momentOf, type Run, runScenario, type Scenario, scenario } from '../../scenarios/index.ts';
import { mistakesIn } from '../../scenarios/validate.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const four = () =>
  scenario('a height anew', { A: 1, B: 1, C: 1, D: 1 })
    .proposer(3, 0, 'B')
    .application('restarts-height', { nodes: ['B'], heights: 3 });

const violated = (run: Run): readonly string[] =>
  run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);

/** The decisions that a node gave to its application, and the heights that it began anew, in their order. */
function course(run: Run, node: string, upTo: number): readonly string[] {
  return [...run.world.trace.events()].flatMap((one) => {
    if (one.node !== node) return [];
    if (one.type === 'effect' && one.effect.type === 'host.decide' && one.effect.height <= upTo)
      return [`decides ${one.effect.height} ${(one.effect.decision as { readonly value: string }).value}`];
    const moment = momentOf(one);
    return moment?.name === 'height.restart' ? [`restarts ${String(moment.detail['height'])}`] : [];
  });
}

const withBroken = (
  of: Scenario,
  name: string,
  change: (effects: readonly Effect[], state: unknown, type: string) => readonly Effect[],
): Run => {
  const spec = brokenNode(name, {
    spec: (honest) =>
      wrapActor(honest, 'consensus', (receive) => (state, message, from) => {
        const step = receive(state, message, from);
        return { ...step, effects: change(step.effects, state, message.type) };
      }),
  });
  return runScenario({ ...of.data, variants: [{ name, break: spec }] }, { record: true });
};

describe('a height that begins anew within a life', () => {
  it('keeps what was decided, and gives the same decision to the application again', () => {
    const run = four().expect(decides(6)).run();
    expect(run.complaints).to.deep.equal([]);
    const [value = ''] = course(run, 'B', 3).filter((one) => one.startsWith('decides 3'));
    expect(course(run, 'B', 3).slice(2)).to.deep.equal([value, 'restarts 3', value]);
    expect(run.deaths).to.deep.equal([]);
  });

  it('happens once in a life, and again in the next one', () => {
    const run = four()
      .node('B', (b) =>
        b
          .waitUntil(event('height.restart'))
          .crash({ before: 'store.flush' })
          .restart({ after: '50ms' })
          .waitUntil(event('height.restart')),
      )
      .expect(decides(6))
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(course(run, 'B', 3).filter((one) => one === 'restarts 3')).to.have.length(2);
  });

  it('happens to a full node, to one without consensus, and to one that waits before its replay', () => {
    const of = scenario('others', { A: 1, B: 1, C: 1 }).fullNodes('F').syncOnly('G').wal({ replayDelay: '1s' });
    const run = of
      .application('restarts-height', { nodes: ['C', 'F', 'G'], heights: 3 })
      .node('C', (c) =>
        c
          .waitUntil(event('vote.cast', { height: 3 }))
          .crash({ after: 'publish' })
          .restart({ after: '50ms' }),
      )
      .node('A', (a) => a.waitUntil(event('height.restart'), { node: 'C' }))
      .expect(decides(6))
      .run();
    expect(violated(run)).to.deep.equal([]);
    expect(run.complaints).to.deep.equal([]);
    for (const node of ['C', 'F', 'G']) expect(course(run, node, 3), node).to.include('restarts 3');
  });

  it('is green at every crash point around it', () => {
    const { cells } = enumerateCrashpoints(
      crashpointsPlan(four().data, {
        nodes: ['B'],
        heights: '3',
        sites: ['wal.flush', 'publish', 'decided', 'store.append', 'store.flush'],
      }),
    );
    expect(cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
    expect(cells.length).to.be.greaterThan(10);
  }).timeout(60_000);

  it('is red where the log of the height counts for nothing', () => {
    const { data } = four().variants({
      name: 'reset',
      break: 'height-restart-resets-log',
      expect: { fail: ['no-equivocation'] },
    });
    expect(runScenario(data).complaints).to.deep.equal([]);
  });

  it('is red where a node gives a decision twice, and its application has not asked for that', () => {
    const quiet = scenario('no height anew', { A: 1, B: 1, C: 1, D: 1 }).proposer(3, 0, 'B');
    const twice = withBroken(quiet, 'decides-twice', (effects) =>
      effects.flatMap((effect) => (effect.type === 'host.decide' && effect.height === 3 ? [effect, effect] : [effect])),
    );
    expect(violated(twice)).to.include('integrity');
  });

  it('is red where another decision comes, and where one comes again that is stored already', () => {
    const other = withBroken(four(), 'decides-otherwise', (effects, _state, type) =>
      type !== 'restart.height'
        ? effects
        : effects.map((one) =>
            one.type === 'host.decide' ? { ...one, decision: { ...(one.decision as object), value: 'another' } } : one,
          ),
    );
    expect(violated(other)).to.include('integrity');
    const again = withBroken(four(), 'decides-what-is-stored', (effects, state, type) => {
      const { core } = (state as { readonly inner: { readonly core: { readonly decision: unknown; readonly height: number } } })
        .inner;
      return type === 'stored' && core.decision !== undefined
        ? [...effects, { type: 'host.decide', decision: core.decision, height: core.height }]
        : effects;
    });
    expect(violated(again)).to.include('integrity');
  });

  it('is refused where nodes have no heights', () => {
    const application = [{ does: 'restarts-height', nodes: ['A'] }];
    const { mistakes } = mistakesIn({ scenario: 'x', protocol: 'raft', validators: { A: 1, B: 1, C: 1 }, application });
    expect(mistakes.map(({ path, message }) => [path.join('.'), message])).to.deep.equal([
      ['application.0.does', 'nodes of raft have no heights that could begin anew'],
    ]);
  });

  it('is the same in YAML', () => {
    const { data } = four();
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(data);
  });
});
