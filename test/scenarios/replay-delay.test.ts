/** Value sync goes first: what a node does before a delayed replay, what may be judged then, and broken nodes that must turn red. */
import { expect } from 'chai';
import { crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import { enumerateCrashpoints } from '../../campaigns/index.ts';
import type { Message } from '../../core/effects.ts';
import { wrapActor } from '../../museum/wrap.ts';
import { brokenNode, event, momentOf, type Run, runScenario, type Scenario, scenario } from '../../scenarios/index.ts';
import { scenarioSource } from '../../scenarios/print.ts';
import { mistakesIn } from '../../scenarios/validate.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const four = () => scenario('replay delay', { A: 1, B: 1, C: 1, D: 1 }).wal({ replayDelay: '600ms' });
/** B dies with its prevote sent. The others decide the height without it. */
const alone = () =>
  four()
    .node('B', (b) =>
      b
        .waitUntil(event('vote.cast', { type: 'prevote', height: 2 }))
        .crash({ after: 'publish' })
        .restart({ after: '300ms' }),
    )
    .until({ time: '3s' });
/** The same of B and C, so that nobody decides while they are down. */
const both = () =>
  alone().node('C', (c) =>
    c
      .waitUntil(event('height.start', { height: 2 }))
      .kill()
      .restart({ after: '300ms' }),
  );

const violated = (run: Run): readonly string[] =>
  run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
const messageOf = (run: Run, name: string): string => run.properties.find((one) => one.name === name)?.message ?? '';
const withBroken = (of: Scenario, name: Parameters<typeof brokenNode>[0]): Run =>
  runScenario({ ...of.data, variants: [{ name: 'broken', break: brokenNode(name, brokenNodes[name] ?? {}) }] }, { record: true });

/** What B reports of its replays, with the time since it came back, ms. */
function told(run: Run): readonly string[] {
  let since = 0;
  return [...run.world.trace.events()].flatMap((one) => {
    if (one.node === 'B' && one.type === 'restart') since = one.time;
    const moment = momentOf(one);
    return moment?.node === 'B' && moment.name.startsWith('replay.')
      ? [`${moment.name} ${String(moment.detail['height'])} after ${Math.round((one.time - since) / 100_000) * 100}`]
      : [];
  });
}

const brokenNodes: Readonly<Record<string, Parameters<typeof brokenNode>[1]>> = {
  'votes-before-replay': {
    parts: (parts) => ({ ...parts, definition: { ...parts.definition, syncOnly: (config) => config } }),
  },
  'log-left-unread': {
    spec: (spec) =>
      wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
        const { delayed } = state as { readonly delayed?: object };
        if (message.type !== 'replay.due' || delayed === undefined) return receive(state, message, from);
        return receive(
          { ...(state as object), delayed: undefined },
          { type: 'recovered', ...delayed, frames: 0 } as Message,
          from,
        );
      }),
  },
  'waits-unasked': {
    parts: (parts) => ({ ...parts, wal: { ...parts.wal, replayDelayMs: 600 } }),
  },
  'waits-for-ever': {
    spec: (spec) =>
      wrapActor(
        spec,
        'wal',
        (receive) => (state, message, from) =>
          message.type === 'timer' ? { state, effects: [] } : receive(state, message, from),
      ),
  },
};

describe('a start that lets value sync go first', () => {
  it('takes the decision of its peers, and does not replay the log of that height', () => {
    const run = alone().run();
    expect(run.complaints).to.deep.equal([]);
    expect(told(run)).to.deep.equal(['replay.delayed 2 after 0', 'replay.skipped 2 after 100']);
    expect(run.heights).to.be.greaterThan(20);
  });

  it('replays when the time is over, if nobody has decided, and sends nothing before', () => {
    const run = both().run();
    expect(run.complaints).to.deep.equal([]);
    expect(told(run)).to.deep.equal(['replay.delayed 2 after 0', 'replay.begin 2 after 600', 'replay.end 2 after 600']);
    const restart = [...run.world.trace.events()].find(({ type, node }) => type === 'restart' && node === 'B')?.time ?? 0;
    const early = [...run.world.trace.events()].filter(
      (one) => momentOf(one)?.name === 'publish' && one.node === 'B' && one.time > restart && one.time < restart + 600_000,
    );
    expect(early).to.deep.equal([]);
    expect(run.heights).to.be.greaterThan(5);
  });

  it('does not wait where there is nothing to replay', () => {
    const run = scenario('fresh', { A: 1 }).wal({ replayDelay: '5s' }).until({ time: '1s' }).run();
    expect(run.heights).to.be.greaterThan(5);
  });

  it('is green at every crash point, also of the wait', () => {
    for (const { data } of [alone(), both()]) {
      const { cells } = enumerateCrashpoints(
        crashpointsPlan(data, {
          nodes: ['B'],
          heights: '2',
          sites: ['timer.set', 'timer.cancel', 'decided', 'store.flush', 'replay.frame'],
        }),
      );
      expect(cells.filter(({ verdict }) => verdict !== 'held')).to.deep.equal([]);
      expect(cells.length).to.be.greaterThan(5);
    }
  });

  it('is red where the node votes while it waits', () => {
    expect(violated(withBroken(both(), 'votes-before-replay'))).to.include('write-ahead');
  });

  it('is red where the log is not read after the wait', () => {
    const run = withBroken(both(), 'log-left-unread');
    expect(violated(run)).to.include('replay-equivalence');
    expect(messageOf(run, 'replay-equivalence')).to.match(/^B wrote to the log of height 2, and had not replayed the \d frames/);
  });

  it('is red where a node waits though the scenario has no such delay: it applies what it never wrote', () => {
    const { replayDelayMs: _none, ...data } = alone().data;
    const run = withBroken({ data } as Scenario, 'waits-unasked');
    expect(violated(run)).to.include('write-ahead');
    expect(messageOf(run, 'write-ahead')).to.match(/^B sent decision\(.*\) after it had applied .*, which was never written$/);
  });

  it('is red where the wait never ends', () => {
    expect(violated(withBroken(both().until({ time: '20s' }), 'waits-for-ever'))).to.include('termination');
  });

  it('owes the log nothing more when the block is stored, also if the node stops before the next height has a log', () => {
    const run = scenario('a disk that fails at the wrong moment', { D: 3, F: 1 })
      .seed(0)
      .wal({ replayDelay: '1s' })
      .fault({ time: '50ms' }, { type: 'crash', nodes: ['F'], restartMs: 90 })
      .fault({ time: '200ms' }, { type: 'fsync-fails', node: 'F', fileSystem: 'ext4', file: 'wal', restartMs: 100 })
      .until({ time: '800ms' })
      .run();
    expect(run.complaints).to.deep.equal([]);
  });

  it('is the same in YAML and in TypeScript, and is refused where it could do nothing', () => {
    const { data } = four();
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(data);
    expect(scenarioSource(data)).to.contain("replayDelay: '600ms'");
    const texts = (written: object): readonly string[] =>
      mistakesIn({ scenario: 'x', validators: { A: 1, B: 1, C: 1 }, ...written }).mistakes.map(({ message }) => message);
    expect(texts({ wal: { replayDelay: '1s' } })).to.deep.equal([]);
    expect(texts({ wal: { replayDelay: 0 } })[0]).to.contain('no node waits');
    expect(texts({ protocol: 'raft', wal: { replayDelay: '1s' } }).join(' ')).to.contain('no value sync');
  });
});
