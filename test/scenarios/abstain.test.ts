/** The policy `abstain`: a node that lost its log follows without voting, and no death on the way makes it contradict itself. */
import { expect } from 'chai';
import { keyedHashSigner, networkActor } from '../../actors/node/index.ts';
import { decides, event, type Run, scenario } from '../../scenarios/index.ts';
import { protocolNamed } from '../../scenarios/protocols.ts';
import type { Up } from '../../scenarios/script.ts';
import type { SiteName } from '../../scenarios/vocabulary.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };

/** Votes at height 3, loses its disk, and comes back. */
function loses(node: Up): Up {
  return node
    .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }))
    .crash({ after: 'publish' })
    .wipe()
    .restart({ after: '300ms' });
}

/** B votes at height 3, loses its disk, and dies again at a point of the abstention. */
function wiped(site: SiteName, nth: number, phase: 'before' | 'after', kind: 'kill' | 'crash'): Run {
  const when = phase === 'before' ? { before: site, nth } : { after: site, nth };
  return scenario('wiped', four)
    .wal({ onCorrupt: 'abstain' })
    .node('B', (b) => {
      const back = loses(b);
      const dead = kind === 'kill' ? back.kill(when) : back.crash(when);
      return dead
        .restart({ after: '300ms' })
        .expect(event('abstain.end'), { within: '5s' })
        .expect(event('vote.cast'), { within: '5s' });
    })
    .expect(decides(8, { within: '30s' }))
    .run({ record: false });
}

describe('a node that abstains', () => {
  const sites: readonly (readonly [SiteName, number])[] = [
    ['abstain.write', 6],
    ['store.create', 4],
    ['store.open', 2],
    ['store.append', 2],
    ['store.flush', 2],
    ['segment.create', 4],
    ['segment.open', 2],
  ];
  for (const [site, count] of sites) {
    it(`dies at each ${site}, comes back, and still keeps its promise`, () => {
      for (let nth = 1; nth <= count; nth += 1)
        for (const phase of ['before', 'after'] as const)
          for (const kind of ['kill', 'crash'] as const) {
            const run = wiped(site, nth, phase, kind);
            expect(run.complaints, `${kind} ${phase} ${site}~${nth}`).to.deep.equal([]);
            expect(run.deaths.length).to.equal(2);
          }
    });
  }

  const hurt = { node: 'B', file: 'promise' } as const;
  for (const [when, frame, type] of [
    ['abstain.begin', 'middle', 'bit-flip'],
    ['abstain.begin', 'middle', 'unreadable'],
    ['abstain.until', 'last', 'bit-flip'],
    ['abstain.until', 'last', 'unreadable'],
    ['abstain.until', 'middle', 'bit-flip'],
  ] as const)
    it(`finds the ${frame} slot of its promise damaged after ${when} (${type}): what is left of it still holds, and it asks again where nothing is`, () => {
      for (const part of ['payload', 'length'] as const) {
        const run = scenario('a promise that is damaged', four)
          .wal({ onCorrupt: 'abstain' })
          .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'wipe', node: 'B' })
          .fault({ ...event(when), node: 'B' }, { type, ...hurt, frame, ...(type === 'bit-flip' ? { part } : {}) })
          .mustReach('wal.abstains', 'wal.votes-again')
          .expect(decides(14, { within: '60s' }))
          .run();
        expect(run.complaints).to.deep.equal([]);
        const [, again] = [...run.world.trace.events()].flatMap((seen) =>
          seen.type === 'effect' && seen.effect.type === 'observe' && seen.effect.event === 'abstain.begin'
            ? [seen.effect.detail as { readonly until?: number }]
            : [],
        );
        expect(again === undefined).to.equal(false);
        // Only the second slot says until when.
        expect(again?.until === undefined).to.equal(frame === 'last' || when === 'abstain.begin');
      }
    });

  it('drops what nobody can read, and what is asked in its name by another', () => {
    const { data } = scenario('liars', four);
    const protocol = protocolNamed(undefined);
    type Definition = Parameters<typeof networkActor>[0]['definition'];
    const definition = protocol.definition(protocol.configuration(data, 'B')) as unknown as Definition;
    const door = networkActor({
      name: 'B',
      definition,
      signer: keyedHashSigner('B', 0x5eed),
      peers: ['A', 'C', 'D'],
      statusMs: 400,
      relays: true,
    });
    const open = door.receive(
      door.start(1) as never,
      { type: 'open', storedHeight: 0, mustAsk: true } as never,
      'supervisor',
    ).state;
    const malformed: readonly object[] = [
      { type: 'vote', voteType: 'prevote', height: 1, round: 0, value: null, validator: 'D' },
      { type: 'proposal', height: 1 },
      { type: 'roundCertificate', height: 1, round: 1 },
      { type: 'polkaCertificate', height: 1, round: 1, votes: 5 },
      { type: 'commitCertificate', height: 1, round: 1, votes: [null] },
      { type: 'sync.response' },
      { type: 'height.answer', asker: 'B', inquiry: 1, answerer: 'D', height: 5, proof: { votes: 5 } },
      { type: 'height.request', asker: 'C', inquiry: 1 },
      { type: 'height.request', asker: 'C', inquiry: 1, signature: keyedHashSigner('D', 0x5eed).sign(Uint8Array.of(1)) },
    ];
    for (const message of malformed)
      expect(door.receive(open as never, message as never, 'D').effects, JSON.stringify(message)).to.deep.equal([]);
  });

  it('asks over a ring too: neighbours pass question and signed answer on', () => {
    const run = scenario('wiped on a ring', { A: 1, B: 1, C: 1, D: 1, E: 1, F: 1, G: 1 })
      .topology('ring')
      .wal({ onCorrupt: 'abstain' })
      .node('B', (b) =>
        loses(b)
          .expect(event('abstain.until'), { within: '5s' })
          .expect(event('abstain.end'), { within: '5s' })
          .expect(event('vote.cast'), { within: '5s' }),
      )
      .expect(decides(12, { within: '60s' }))
      .run();
    expect(run.complaints).to.deep.equal([]);
    const answers = [...run.world.trace.events()].filter(
      (one) => one.type === 'deliver' && one.node === 'B' && one.message.type === 'height.answer',
    );
    expect(new Set(answers.map((one) => (one as { message: { answerer?: string } }).message.answerer)).size).to.be.at.least(5);
  });

  it('asks until more than two thirds of all power have answered, and votes only behind P+1', () => {
    const run = scenario('wiped', four)
      .wal({ onCorrupt: 'abstain' })
      .node('B', (b) => loses(b).waitUntil(event('abstain.until')).waitUntil(event('abstain.end')))
      .run();
    const seen = [...run.world.trace.events()].flatMap((one) =>
      one.node === 'B' && one.type === 'effect' && one.effect.type === 'observe' ? [one.effect] : [],
    );
    const until = Number(seen.find((effect) => effect.event === 'abstain.until')?.detail['until']);
    const from = Number(seen.find((effect) => effect.event === 'abstain.end')?.detail['height']);
    expect(from).to.equal(until + 1);
    expect(until).to.be.greaterThan(4);
    expect(run.complaints).to.deep.equal([]);
  });

  it('waits for ever when too few can answer: it never guesses', () => {
    const run = scenario('alone', four)
      .wal({ onCorrupt: 'abstain' })
      .node('B', (b) => loses(b).waitUntil(event('abstain.begin')))
      .node('D', (d) =>
        d
          .waitUntil(event('height.start', { height: 3 }))
          .crash()
          .stayDown(),
      )
      .until({ time: '10s' })
      .run();
    expect(run.marks['wal.abstains']).to.equal(1);
    expect(run.marks['wal.votes-again']).to.equal(undefined);
    expect(run.verdict).to.equal('held');
  });

  it('knows from a whole store how far a damaged segment can reach, and asks nobody', () => {
    const run = scenario('damaged', four)
      .wal({ onCorrupt: 'abstain' })
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { type: 'precommit', height: 3 }))
          .crash({ after: 'wal.flush' })
          .flipBit('middle')
          .restart({ after: '300ms' })
          .waitUntil(event('abstain.begin', { until: 3 }))
          .waitUntil(event('abstain.end')),
      )
      .run();
    expect(run.complaints).to.deep.equal([]);
  });
});

describe('nodes without a vote', () => {
  it('a full node follows, stores, dies and recovers from its store alone', () => {
    const run = scenario('full node', four)
      .fullNodes('F')
      .node('F', (f) =>
        f
          .waitUntil(event('height.start', { height: 4 }))
          .crash()
          .restart({ after: '500ms' })
          .waitUntil(event('height.start', { height: 6 })),
      )
      .expect(decides(8, { within: '30s' }))
      .run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.world.disk('F').list('wal')).to.deep.equal([]);
    const spoke = [...run.world.trace.events()].some(
      (one) => one.node === 'F' && one.type === 'effect' && one.effect.type === 'transmit' && one.effect.site === 'publish',
    );
    expect(spoke).to.equal(false);
  });

  it('a set that changes by height takes a newcomer in and lets an old one go, through a crash at the change', () => {
    const run = scenario('change', { A: 1, B: 1, C: 1, D: 1, E: 0 })
      .validators(5, { B: 1, C: 1, D: 1, E: 2 })
      .node('E', (e) =>
        e
          .waitUntil(event('vote.cast', { type: 'precommit', height: 5 }), { as: 'its first precommit' })
          .crash({ after: 'wal.flush' })
          .restart({ after: '300ms' })
          .expect(event('publish', { type: 'precommit', height: 5 }), { within: '2s', sameAs: 'its first precommit' }),
      )
      .expect(decides(9, { within: '30s' }))
      .run();
    expect(run.complaints).to.deep.equal([]);
    const early = [...run.world.trace.events()].filter(
      (one) =>
        one.node === 'E' &&
        one.type === 'effect' &&
        one.effect.type === 'observe' &&
        one.effect.event === 'said' &&
        (one.effect.detail['input'] as { height: number }).height < 5,
    );
    expect(early).to.deep.equal([]);
  });
});
