/** Votes that are extended: what a node sends again after a death, what a proposer has of the commit before, and what must turn red. */
import { expect } from 'chai';
import type { Vote } from '../../actors/tendermint/index.ts';
import { wrapActor } from '../../museum/wrap.ts';
import { brokenNode, event, type Run, runScenario, type Scenario, scenario } from '../../scenarios/index.ts';
import { scenarioSource } from '../../scenarios/print.ts';
import { mistakesIn } from '../../scenarios/validate.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const four = { A: 1, B: 1, C: 1, D: 1 } as const;
const plain = () => scenario('extended votes', four);
/** B dies when its precommit of height 3 has left. A is down, so that nobody decides before B comes back. */
const voterDies = () =>
  plain()
    .voteExtensions()
    .node('A', (a) =>
      a
        .waitUntil(event('height.start', { height: 3 }))
        .crash()
        .restart({ after: '1500ms' }),
    )
    .node('B', (b) =>
      b
        .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }))
        .crash({ after: 'publish' })
        .restart({ after: '100ms' }),
    )
    .until({ height: 5 });
/** B is the proposer of height 3 and dies when its log of that height has nothing in it. */
const proposerDies = () =>
  plain()
    .proposer(3, 0, 'B')
    .proposer(3, 1, 'B')
    .node('B', (b) =>
      b
        .waitUntil(event('height.start', { height: 3 }))
        .crash()
        .restart({ after: '100ms' }),
    )
    .until({ height: 5 });

const redIn = (run: Run): readonly string[] =>
  run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
const messageOf = (run: Run): string => run.properties.find(({ name }) => name === 'vote-extension')?.message ?? '';
const withBroken = (of: Scenario, name: Parameters<typeof brokenNode>[0]): Run =>
  runScenario({ ...of.data, variants: [{ name: 'broken', break: brokenNode(name, brokenNodes[name] ?? {}) }] });

const asText = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** The precommits for a value that a node sends by themselves at a height, oldest first. */
function precommits(run: Run, node: string, height: number): readonly Vote[] {
  return [...run.world.trace.events()].flatMap((one) => {
    if (one.type !== 'effect' || one.node !== node || one.effect.type !== 'transmit') return [];
    const vote = one.effect.data as unknown as Vote;
    return vote.type === 'vote' && vote.voteType === 'precommit' && vote.height === height && vote.value !== null ? [vote] : [];
  });
}

const brokenNodes: Readonly<Record<string, Parameters<typeof brokenNode>[1]>> = {
  'extension-not-in-frame': {
    parts: (parts) => {
      const { definition } = parts;
      return {
        ...parts,
        definition: {
          ...definition,
          encode: (input) => {
            const { extension: _extension, ...vote } = input as { readonly extension?: unknown };
            return definition.encode(vote as typeof input);
          },
        },
      };
    },
  },
  'extension-left-out': {
    parts: (parts) => ({
      ...parts,
      definition: {
        ...parts.definition,
        asWire: (input) => {
          const { extension: _extension, ...vote } = parts.definition.asWire(input) as { readonly extension?: unknown };
          return vote as ReturnType<typeof parts.definition.asWire>;
        },
      },
    }),
  },
  'value-without-extensions': {
    parts: (parts) => {
      const { application } = parts;
      return {
        ...parts,
        application: { ...application, answer: (state, request, nonce) => application.answer(state, request, nonce) },
      };
    },
  },
  'host-answers-early': {
    parts: (parts) => {
      const { answersFromState: _early, ...application } = parts.application;
      return { ...parts, application };
    },
  },
  'block-read-without': {
    spec: (spec) =>
      wrapActor(spec, 'host', (receive) => (state, message, from) => {
        if (message.type !== 'restored') return receive(state, message, from);
        const blocks: readonly Uint8Array[] = [];
        return receive(state, { ...message, blocks } as typeof message, from);
      }),
  },
};

describe('votes that are extended', () => {
  it('keeps the extension of a precommit over a death, though the application would make another one', () => {
    const run = voterDies().run();
    const sent = precommits(run, 'B', 3);
    expect(sent.length).to.be.at.least(2);
    expect(new Set(sent.map(({ extension }) => asText(extension?.[0] ?? new Uint8Array())))).to.deep.equal(new Set(['x3.0-B.4']));
    expect(redIn(run)).to.deep.equal([]);
  });

  it('gives a proposer that comes back the extensions of the commit before, though its log has nothing to replay', () => {
    const run = proposerDies().voteExtensions().run();
    const asked = run.returns.find(({ node }) => node === 'B');
    expect(asked).to.not.equal(undefined);
    expect(redIn(run)).to.deep.equal([]);
    expect(run.complaints).to.deep.equal([]);
  });

  it('extends no vote before the first height with extensions', () => {
    const run = plain().voteExtensions({ from: 3 }).until({ height: 5 }).run();
    expect(precommits(run, 'A', 2).every(({ extension }) => extension === undefined)).to.equal(true);
    expect(precommits(run, 'A', 3).every(({ extension }) => extension !== undefined)).to.equal(true);
    expect(redIn(run)).to.deep.equal([]);
  });

  it('judges the property only where votes are extended', () => {
    const names = (story: Scenario): readonly string[] =>
      story
        .until({ height: 3 })
        .run()
        .properties.map(({ name }) => name);
    expect(names(plain())).to.not.include('vote-extension');
    expect(names(plain().voteExtensions())).to.include('vote-extension');
  });

  it('brings the extensions of a certificate by value sync, too', () => {
    const story = plain()
      .voteExtensions()
      .node('B', (b) =>
        b
          .waitUntil(event('height.start', { height: 2 }))
          .crash()
          .restart({ after: '2s' }),
      )
      .until({ height: 30 });
    expect(redIn(story.run())).to.deep.equal([]);
  });

  it('goes on with a slow application, and with one that verifies slowly', () => {
    for (const request of ['extend', 'verify'] as const) {
      const run = plain()
        .voteExtensions()
        .application('slow', { by: '40ms', of: [request] })
        .until({ height: 4 })
        .run();
      expect(redIn(run), request).to.deep.equal([]);
      expect(run.heights, request).to.be.at.least(3);
    }
  });

  it('is red where the frame of a precommit lacks its extension', () => {
    expect(redIn(withBroken(voterDies(), 'extension-not-in-frame'))).to.include.members(['write-ahead', 'vote-extension']);
  });

  it('is red where a precommit leaves without its extension', () => {
    const run = withBroken(plain().voteExtensions().until({ time: '500ms' }), 'extension-left-out');
    expect(messageOf(run)).to.match(/sent a precommit\(.*\) of . at height 1, round 0 without an extension/);
  });

  it('is red where a value does not contain the extensions of the commit before', () => {
    const run = withBroken(plain().voteExtensions().until({ time: '500ms' }), 'value-without-extensions');
    expect(messageOf(run)).to.match(/proposed at height 2 with no extensions as the extensions of the commit before/);
  });

  it('is red where the application answers before the stored blocks are read', () => {
    const run = withBroken(proposerDies().voteExtensions(), 'host-answers-early');
    expect(messageOf(run)).to.match(/B proposed at height 3 with no extensions/);
  });

  it('is red where a node that comes back does not read the extensions of its newest block', () => {
    const run = withBroken(proposerDies().voteExtensions(), 'block-read-without');
    expect(redIn(run)).to.include('vote-extension');
  });

  it('is the same in TypeScript and in YAML', () => {
    const { data } = plain().voteExtensions({ from: 3 }).until({ height: 5 });
    const text = formatScenario(data);
    expect(text).to.match(/voteExtensions:\s+from: 3/);
    expect(parseScenario(text, 'x.yaml')).to.deep.equal(data);
    expect(scenarioSource(data)).to.contain('.voteExtensions({ from: 3 })');
    expect(scenarioSource(plain().voteExtensions().data)).to.contain('.voteExtensions()');
  });

  it('says what changes nothing: lies and slow answers about extensions where there are none, and another protocol', () => {
    const why = (written: object): readonly string[] =>
      mistakesIn({ scenario: 'x', validators: { A: 1, B: 1, C: 1, D: 1 }, ...written }).mistakes.map(({ message }) => message);
    const changesNothing = /votes are not extended in this scenario/;
    expect(why({ byzantine: { D: 'false-extensions' } })[0]).to.match(changesNothing);
    expect(why({ application: [{ does: 'slow', by: '1ms', of: ['extend'] }] })[0]).to.match(changesNothing);
    expect(why({ voteExtensions: {}, byzantine: { D: 'false-extensions' } })).to.deep.equal([]);
    expect(why({ voteExtensions: {}, protocol: 'raft' })[0]).to.match(/no precommits that could be extended/);
  });
});

describe('an application whose values name its state', () => {
  it('is not asked before it knows that state: a proposer that comes back with nothing to replay proposes a value on it', () => {
    const run = proposerDies()
      .application('executes-otherwise', { nodes: ['D'], heights: 9 })
      .run();
    const values = [...run.world.trace.events()].flatMap((one) => {
      if (one.type !== 'effect' || one.node !== 'B' || one.life === 0 || one.effect.type !== 'transmit') return [];
      const { type, value } = one.effect.data as unknown as { readonly type: string; readonly value?: string };
      return type === 'proposal' && value?.startsWith('v3.') === true ? [value] : [];
    });
    expect(values.length).to.be.at.least(1);
    for (const value of values) expect(value).to.not.match(/~00000000$/);
  });
});
