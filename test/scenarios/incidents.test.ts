/** A run names each node that stopped, abstains, began anew or cannot catch up, with the reason: in the result, in words and as JSON. */
import { expect } from 'chai';
import { runText } from '../../apps/cli/print-run.ts';
import { runJson } from '../../apps/cli/run-json.ts';
import { runUnit } from '../../apps/cli/run-unit.ts';
import { paintFor } from '../../apps/cli/terminal.ts';
import { event, type Run, type ScenarioData, scenario } from '../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };

type Told = readonly (readonly [string, string, string | undefined, boolean])[];

function told({ incidents }: Run): Told {
  return incidents.map(({ node, kind, code, isOver }) => [node, kind, code, isOver]);
}

/** B loses its disk at height 3. */
function wiped(onCorrupt: 'halt' | 'abstain') {
  return scenario('B is wiped', four)
    .wal({ onCorrupt })
    .node('B', (b) =>
      b
        .waitUntil(event('vote.cast', { height: 3 }))
        .crash()
        .wipe()
        .restart({ after: '10ms' }),
    );
}

async function textAndJson(data: ScenarioData): Promise<{ readonly text: string; readonly json: readonly object[] }> {
  const done = (await runUnit({ file: 'x', data }))();
  const [one] = runJson([done], { isInterrupted: false, lost: [], mistakes: [] }).scenarios as readonly {
    readonly incidents: readonly object[];
  }[];
  return {
    text: runText(
      done.run,
      paintFor(() => 'never'),
    ),
    json: one?.incidents ?? [],
  };
}

describe('the incidents of a run', () => {
  it('name a validator that halts, with its reason, in words and as JSON', async () => {
    const { data } = wiped('halt').until({ time: '2s' });
    const { text, json } = await textAndJson(data);
    expect(text).to.match(/B stopped \(NOT_INITIALIZED\): wal\/: the folder holds no log\. .* It stays down\./);
    expect(json).to.have.length(1);
    expect(json[0]).to.include({ node: 'B', kind: 'stopped', code: 'NOT_INITIALIZED', isOver: false });
  });

  it('name a validator that abstains, from which height on and until when, and whether it votes again', async () => {
    expect(told(wiped('abstain').run({ record: false }))).to.deep.equal([['B', 'abstains', 'NOT_INITIALIZED', true]]);
    const early = wiped('abstain').until({ time: '120ms' });
    expect(told(early.run({ record: false }))).to.deep.equal([['B', 'abstains', 'NOT_INITIALIZED', false]]);
    const { text } = await textAndJson(wiped('abstain').data);
    expect(text).to.match(/B abstains \(NOT_INITIALIZED\): .* from height 1 on, until height \d+ is decided\. It votes again\./);
  });

  it('name an abstention once, though the node dies again before it is over', () => {
    const run = scenario('B is wiped, and dies again', four)
      .wal({ onCorrupt: 'abstain' })
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { height: 3 }))
          .crash()
          .wipe()
          .restart({ after: '10ms' })
          .waitUntil(event('abstain.until'))
          .kill()
          .restart({ after: '10ms' })
          .expect(event('abstain.end')),
      )
      .run({ record: false });
    expect(run.complaints).to.deep.equal([]);
    expect(told(run)).to.deep.equal([['B', 'abstains', 'NOT_INITIALIZED', true]]);
  });

  it('name each stop of a disk that fails, and that the node was started again', () => {
    const run = scenario('the disk of B is full', four)
      .fault(
        { ...event('publish', { type: 'precommit', height: 4 }), node: 'B' },
        { type: 'write-fails', node: 'B', code: 'ENOSPC', written: 20, file: 'wal', restartMs: 20 },
      )
      .run({ record: false });
    expect(told(run)).to.deep.equal([['B', 'stopped', 'LOG_FAILED', true]]);
  });

  it('are none where nodes only die and come back', () => {
    const run = scenario('B dies', four)
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { height: 3 }))
          .crash()
          .restart({ after: '10ms' }),
      )
      .run({ record: false });
    expect(told(run)).to.deep.equal([]);
  });
});

describe('a node without a key', () => {
  const fullNode = (onCorrupt: 'halt' | 'abstain') =>
    scenario('full nodes', { A: 1, B: 1, C: 1 }).fullNodes('D').wal({ onCorrupt });

  for (const onCorrupt of ['halt', 'abstain'] as const)
    it(`begins anew in an empty folder, and says so (${onCorrupt})`, () => {
      for (const isCrash of [false, true]) {
        const run = fullNode(onCorrupt)
          .node('D', (d) => {
            const up = d.waitUntil(event('height.start', { height: 3 }));
            return (isCrash ? up.crash() : up.kill())
              .wipe()
              .restart({ after: '300ms' })
              .expect(event('store.anew', { reason: 'NOT_INITIALIZED' }), { within: '100ms' })
              .expect(event('decided', { height: 10 }), { within: '5s' });
          })
          .run({ record: false });
        expect(run.complaints).to.deep.equal([]);
        expect(run.verdict).to.equal('held');
        expect(told(run)).to.deep.equal([['D', 'began anew', 'NOT_INITIALIZED', true]]);
      }
    });

  it('begins anew again where it died while it began, at each operation and in each way', () => {
    for (const site of ['store.create', 'store.open'] as const)
      for (let nth = 1; nth <= (site === 'store.create' ? 4 : 2); nth += 1)
        for (const when of [
          { before: site, nth },
          { after: site, nth },
          { after: site, nth, image: 'all' },
        ] as const) {
          const run = fullNode('halt')
            .node('D', (d) =>
              d
                .waitUntil(event('height.start', { height: 3 }))
                .kill()
                .wipe()
                .restart({ after: '50ms' })
                .crash(when)
                .restart({ after: '50ms' })
                .expect(event('decided', { height: 10 }), { within: '5s' }),
            )
            .run({ record: false });
          expect(run.complaints, JSON.stringify(when)).to.deep.equal([]);
          expect(told(run).every(([, kind]) => kind === 'began anew')).to.equal(true);
        }
  });

  it('begins anew where its block store is missing, and twice where it is lost twice', () => {
    const run = fullNode('halt')
      .fault({ ...event('decided', { height: 4 }), node: 'D' }, { type: 'missing', node: 'D', file: 'blocks' })
      .fault({ ...event('decided', { height: 20 }), node: 'D' }, { type: 'wipe', node: 'D' })
      .until({ time: '3s' })
      .run({ record: false });
    expect(run.complaints).to.deep.equal([]);
    expect(told(run).map(([, kind]) => kind)).to.deep.equal(['began anew', 'began anew']);
  });

  it('halts on a damaged block store, and begins anew only where the policy is to go on', () => {
    const damaged = (onCorrupt: 'halt' | 'abstain'): Run =>
      fullNode(onCorrupt)
        .fault(
          { ...event('decided', { height: 8 }), node: 'D' },
          { type: 'bit-flip', node: 'D', frame: 'middle', file: 'blocks' },
        )
        .until({ time: '3s' })
        .run({ record: false });
    expect(told(damaged('halt'))).to.deep.equal([['D', 'stopped', 'CORRUPT', false]]);
    expect(told(damaged('abstain'))).to.deep.equal([['D', 'began anew', 'CORRUPT', true]]);
    expect(damaged('abstain').verdict).to.equal('held');
  });
});

describe('blocks that are pruned', () => {
  /** F starts when its peers are past height 20. They keep `keepBlocks` blocks. */
  const away = (keepBlocks: number | undefined, after: '1s' | '45s' = '1s') =>
    scenario('F starts late', four)
      .fullNodes('F')
      .app(keepBlocks === undefined ? {} : { keepBlocks })
      .node('F', (f) => f.crash().restart({ after }))
      .until({ time: after === '1s' ? '3s' : '47s' });

  it('are named by the peers that have pruned them, and by the run for the node that cannot catch up', async () => {
    const { data } = away(10);
    const { text, json } = await textAndJson(data);
    expect(text).to.match(
      /F cannot catch up \(PRUNED\): it needs block 1, and its peers have pruned it: the oldest block that [A-D] keeps is \d+/,
    );
    expect(json.map((one) => (one as { readonly node: string }).node)).to.deep.equal(['F']);
  });

  it('are exactly those beyond the number that is kept', () => {
    const run = scenario('F sleeps', four)
      .fullNodes('F')
      .app({ keepBlocks: 10 })
      .node('F', (f) => f.crash().restart({ after: '1s' }))
      .until({ time: '2s' })
      .run();
    const pruned = [...run.world.trace.events()].flatMap((one) =>
      one.type === 'effect' && one.effect.type === 'observe' && one.effect.event === 'blocks.pruned'
        ? [{ oldest: one.effect.detail['oldest'], index: one.index, node: one.node }]
        : [],
    );
    expect(pruned).to.have.length.above(0);
    for (const { oldest, index, node } of pruned) {
      const host = run.at(index).state(node, 'host') as { readonly storedHeight: number };
      expect(oldest).to.equal(host.storedHeight - 9);
    }
  });

  it('are none where enough are kept, and 1000 are kept unless the scenario says otherwise', () => {
    expect(told(away(500).run({ record: false }))).to.deep.equal([]);
    expect(told(away(undefined).run({ record: false }))).to.deep.equal([]);
    expect(told(away(undefined, '45s').run({ record: false })).map(([node, kind]) => [node, kind])).to.deep.equal([
      ['F', 'cannot catch up'],
    ]);
  });

  it('are set in YAML as in TypeScript, by whole numbers from 1 on', () => {
    const { data } = away(10);
    expect(formatScenario(data)).to.match(/app:\n {2}keepBlocks: 10/);
    expect(parseScenario(formatScenario(data), 'x.yaml')).to.deep.equal(JSON.parse(JSON.stringify(data)));
    expect(() => away(0)).to.throw('keepBlocks must be a whole number from 1 on, not 0');
    expect(() => parseScenario('scenario: x\nvalidators: { A: 1 }\napp: { keepBlocks: 0 }\n', 'mine.yaml')).to.throw(
      "mine.yaml:3:20: 'keepBlocks': at least 1",
    );
  });
});

describe('abstaining in Raft', () => {
  const reason = /Raft has no stored heights that a node could ask its peers for/;

  it('is refused at the place where the file asks for it, in the scenario and in a variant', () => {
    const head = 'scenario: x\nprotocol: raft\nvalidators: { A: 1, B: 1, C: 1 }\n';
    const check = (rest: string) => (): unknown => parseScenario(`${head}${rest}`, 'mine.yaml');
    expect(check('wal: { onCorrupt: abstain }\n')).to.throw(/^mine\.yaml:4:19: 'abstain' is not possible here: /);
    expect(check('wal: { onCorrupt: abstain }\n')).to.throw(reason);
    expect(check('variants:\n  - name: y\n    onCorrupt: abstain\n')).to.throw(
      /^mine\.yaml:6:16: 'abstain' is not possible here/,
    );
    expect(check('wal: { onCorrupt: halt }\n')).to.not.throw();
  });

  it('is refused by a run that code asks for', () => {
    const raft = scenario('x', { A: 1, B: 1, C: 1 }).protocol('raft');
    expect(() => raft.wal({ onCorrupt: 'abstain' }).run()).to.throw(reason);
    expect(() => raft.variants({ name: 'y', onCorrupt: 'abstain' }).run({ variant: 'y' })).to.throw(reason);
  });
});
