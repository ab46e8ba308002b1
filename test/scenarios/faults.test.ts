/** Every fault kind, one at a time: the node does what the table says it must, and nothing else is harmed. */
import { expect } from 'chai';
import { roleNames } from '../../actors/byzantine/index.ts';
import { faultFields } from '../../scenarios/fault-fields.ts';
import { type Fault, faultKinds } from '../../scenarios/faults.ts';
import { decides, event, type Run, scenario } from '../../scenarios/index.ts';
import { jsonSchema } from '../../scenarios/yaml.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };

/** Strikes when B has published its precommit of height 3, with its prevote attested by a later frame. */
function struck(fault: Fault, log: { attest?: 'next' | 'strict'; onCorrupt?: 'halt' | 'abstain' } = {}): Run {
  return scenario('struck', four)
    .wal(log)
    .fault({ ...event('publish', { type: 'precommit', height: 3 }), node: 'B' }, fault)
    .expect(decides(12, { within: '30s', nodes: ['A', 'C', 'D'] }))
    .run();
}

const examples: Readonly<Record<Fault['type'], readonly Fault[]>> = {
  crash: [
    { type: 'crash', nodes: ['B'], restartMs: 200 },
    { type: 'crash', nodes: ['A', 'B', 'C', 'D'], image: 'all', restartMs: 300 },
  ],
  kill: [{ type: 'kill', nodes: ['B'], restartMs: 200 }],
  pause: [{ type: 'pause', node: 'B', forMs: 400 }],
  drift: [
    { type: 'drift', node: 'B', perMille: 400 },
    { type: 'drift', node: 'B', perMille: -400 },
  ],
  partition: [
    { type: 'partition', groups: [['B'], ['A', 'C', 'D']], oneWay: true, forMs: 500 },
    {
      type: 'partition',
      groups: [
        ['A', 'B'],
        ['C', 'D'],
      ],
      oneWay: false,
      forMs: 900,
      flapMs: 150,
    },
  ],
  message: [
    { type: 'message', from: 'A', to: 'B', nth: 3, fate: 'lost' },
    { type: 'message', from: 'A', to: 'B', where: { type: 'prevote' }, nth: 1, fate: 'twice' },
    { type: 'message', from: 'B', to: 'C', where: { type: 'precommit', height: 4 }, nth: 1, fate: { afterMs: 300 } },
    { type: 'message', from: 'B', to: 'C', where: { type: 'proposal' }, nth: 1, fate: { afterMs: 0 } },
  ],
  timer: [
    { type: 'timer', node: 'B' },
    { type: 'timer', node: 'B', timer: 'propose' },
  ],
  weather: [
    { type: 'weather', link: { delay: ['5ms', '60ms'], loss: 0.1, duplicate: 0.1, reorder: 0.2, corrupt: 0.2 }, forMs: 800 },
  ],
  'fsync-fails': (['ext4', 'xfs', 'btrfs'] as const).flatMap((fileSystem) =>
    (['wal', 'blocks'] as const).map((file) => ({ type: 'fsync-fails', node: 'B', fileSystem, file, restartMs: 200 }) as const),
  ),
  'fsync-lies': [{ type: 'fsync-lies', node: 'B' }],
  'slow-fsync': [{ type: 'slow-fsync', node: 'B', byMs: 50, forMs: 500 }],
  'write-fails': (['ENOSPC', 'EIO'] as const).flatMap((code) =>
    [0, 20].map((written) => ({ type: 'write-fails', node: 'B', code, written, file: 'wal', restartMs: 200 }) as const),
  ),
  'lost-write': [
    { type: 'lost-write', node: 'B' },
    { type: 'lost-write', node: 'B', file: 'blocks' },
  ],
  misdirected: [
    { type: 'misdirected', node: 'B' },
    { type: 'misdirected', node: 'B', file: 'blocks' },
  ],
  'bit-flip': [
    { type: 'bit-flip', node: 'B', frame: 'middle' },
    { type: 'bit-flip', node: 'B', frame: 'last' },
    { type: 'bit-flip', node: 'B', frame: 'middle', file: 'blocks' },
    { type: 'bit-flip', node: 'B', frame: 'last', file: 'blocks' },
  ],
  unreadable: [
    { type: 'unreadable', node: 'B', frame: 'middle' },
    { type: 'unreadable', node: 'B', frame: 'middle', file: 'blocks' },
  ],
  'lost-tail': [
    { type: 'lost-tail', node: 'B', bytes: 70 },
    { type: 'lost-tail', node: 'B', bytes: 70, file: 'blocks' },
    { type: 'lost-tail', node: 'B', bytes: 700, file: 'blocks' },
  ],
  missing: [
    { type: 'missing', node: 'B', file: 'wal' },
    { type: 'missing', node: 'B', file: 'blocks' },
  ],
  wipe: [{ type: 'wipe', node: 'B' }],
  'old-snapshot': [{ type: 'old-snapshot', node: 'B', afterMs: 300 }],
};

const isFaulty = (run: Run): boolean => run.world.witness.isFaulty('B');

describe('fault kinds', () => {
  for (const [kind, faults] of Object.entries(examples)) {
    const { class: faultClass, must } = faultKinds[kind as Fault['type']];
    it(`${kind} (${faultClass}): ${must}`, () => {
      for (const fault of faults) {
        const run = struck(fault);
        expect(run.complaints, JSON.stringify(fault)).to.deep.equal([]);
        if (faultClass === 'survivable') {
          expect(isFaulty(run)).to.equal(false);
          expect(run.world.isUp('B')).to.equal(true);
          expect(run.heights).to.be.at.least(10);
        }
        const isOfStore = 'file' in fault && fault.file === 'blocks';
        if (kind === 'fsync-lies' || kind === 'old-snapshot' || kind === 'lost-write') expect(isFaulty(run)).to.equal(!isOfStore);
      }
    });
  }

  it('under strict attestation no damage at rest is cut in silence: the node stops, and is not faulty', () => {
    for (const kind of ['bit-flip', 'unreadable', 'lost-tail', 'missing', 'wipe'] as const)
      for (const fault of examples[kind]) {
        const run = struck(fault, { attest: 'strict' });
        expect(run.complaints, JSON.stringify(fault)).to.deep.equal([]);
        expect(isFaulty(run), kind).to.equal(false);
      }
  });

  it('and with the policy abstain it comes back and votes again', () => {
    for (const kind of ['bit-flip', 'unreadable', 'lost-tail', 'missing', 'wipe'] as const)
      for (const fault of examples[kind]) {
        const run = struck(fault, { attest: 'strict', onCorrupt: 'abstain' });
        expect(run.complaints, JSON.stringify(fault)).to.deep.equal([]);
        expect(run.marks['wal.votes-again'], JSON.stringify(fault)).to.equal(1);
      }
  });
});

describe('byzantine roles', () => {
  for (const role of roleNames)
    it(`${role}: a third below the threshold cannot break agreement, with a crash of another node beside it`, () => {
      const run = scenario('liar', four)
        .byzantine('D', role)
        .fault({ time: '80ms' }, { type: 'crash', nodes: ['B'], restartMs: 300 })
        .expect(decides(8, { within: '60s', nodes: ['A', 'B', 'C'] }))
        .run();
      expect(run.complaints).to.deep.equal([]);
    });

  it('two of four that lie are past the bound: the run is judged and ends, whatever comes', () => {
    const run = scenario('too many liars', { A: 1, B: 1, C: 1, D: 1 })
      .byzantine('C', 'two-votes')
      .byzantine('D', 'two-proposals')
      .until({ time: '20s' })
      .run();
    expect(run.verdict).to.not.equal('undecided');
  });
});

interface Branch {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, { readonly const?: string; readonly enum?: readonly string[] }>>;
}

describe('a fault that JavaScript made', () => {
  it('has the fields that a written one has', () => {
    const text = JSON.stringify(jsonSchema());
    const { properties } = JSON.parse(text) as {
      properties: { faults: { items: { properties: { fault: { oneOf: readonly Branch[] } } } } };
    };
    const ofSchema = properties.faults.items.properties.fault.oneOf.flatMap(({ required, properties: fields }) => {
      const kinds = fields['type']?.enum ?? [fields['type']?.const ?? ''];
      const needs = required.filter((field) => field !== 'type').sort();
      const may = Object.keys(fields).filter((field) => !required.includes(field));
      return kinds.map((kind) => [kind, { needs, may: may.sort() }] as const);
    });
    const ofTable = Object.entries(faultFields).map(([kind, { needs, may = [] }]) => [
      kind,
      { needs: [...needs].sort(), may: [...may].sort() },
    ]);
    expect(Object.fromEntries(ofSchema)).to.deep.equal(Object.fromEntries(ofTable));
  });

  const wrongs: readonly (readonly [fault: object, words: string])[] = [
    [{ type: 'slow-fsync', node: 'B', ms: 5, forMs: 100 }, "a fault of kind 'slow-fsync' has no 'ms'; it has node, byMs, forMs"],
    [{ type: 'slow-fsync', node: 'B', forMs: 100 }, "a fault of kind 'slow-fsync' needs 'byMs'"],
    [{ type: 'pause', node: 'B', forMs: Number.NaN }, "a fault of kind 'pause': 'forMs' is NaN; give a number"],
    [{ type: 'slow-sync', node: 'B', byMs: 5, forMs: 100 }, "no fault is called 'slow-sync'; did you mean 'slow-fsync'?"],
    [{ type: 'message', from: 'A', to: 'A', nth: 1, fate: 'lost' }, 'from and to are both A'],
  ];
  for (const [fault, words] of wrongs)
    it(`is told what is wrong with it: ${words}`, () => {
      expect(() => scenario('wrong', four).fault({ time: 0 }, fault as Fault))
        .to.throw(`scenario 'wrong': `)
        .with.property('message')
        .that.contains(words);
    });
});
