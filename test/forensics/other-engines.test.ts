/** Folders of Malachite and CometBFT, with and without a last-sign state, and recorded restarts. */
import { readFileSync } from 'node:fs';
import { join as pathOf, resolve } from 'node:path';
import { expect } from 'chai';
import { explain, explainRestarts, type NodeFiles, recordedLog } from '../../forensics/index.ts';
import { cometLog, join, malachiteHeader, malachiteLog, malachiteTimeout, text } from '../wal/inspection/log-builders.ts';

const data = resolve(import.meta.dirname, '../conformance/data');
const start = (node: NodeFiles) => {
  const [found] = explain([node]).nodes;
  if (found === undefined) throw new Error('nothing was found');
  return found.start;
};
const recordedWal = (name: string): Uint8Array => readFileSync(pathOf(data, 'wal', name));
const lastSign = (height: number, round: number, step: number): Uint8Array =>
  text(JSON.stringify({ height: String(height), round, step }));

describe('explain, for a folder of CometBFT', () => {
  const folder = (state?: Uint8Array): NodeFiles => ({
    folder: 'comet',
    files: new Map([
      ['data/cs.wal/wal', recordedWal('cometbft/one-height.wal')],
      ...(state === undefined ? [] : [['data/priv_validator_state.json', state] as const]),
    ]),
  });

  it('lets a key sign whose last-sign state refuses all that its log holds', () => {
    expect(start(folder(lastSign(1, 0, 3))).verdict).to.equal('sign');
  });

  it('has it abstain through what its log says it signed where the state is older', () => {
    const found = start(folder(lastSign(1, 0, 1)));
    expect(found).to.include({ verdict: 'abstain', until: 1 });
    expect(found.reason).to.contain('older than its log');
  });

  it('has it abstain without a whole last-sign state, at the height after the last one that is over', () => {
    expect(start(folder())).to.include({ verdict: 'abstain', until: 2 });
    expect(start(folder(text('{"height":"1","rou'))).reason).to.contain('is damaged');
    expect(start(folder(text('null'))).verdict).to.equal('abstain');
  });

  it('takes a state that is older than what others hold of it for a restored backup', () => {
    const owner = explain([folder()]).nodes[0]?.evidence.owner;
    const late: NodeFiles = {
      folder: 'late',
      name: owner,
      files: new Map([
        ['wal', cometLog(0)],
        ['priv_validator_state.json', lastSign(0, 0, 0)],
      ]),
    };
    const { nodes } = explain([{ ...folder(), name: 'somebody else' }, late]);
    expect(nodes[1]?.start).to.include({ verdict: 'abstain', until: 1 });
    expect(nodes[1]?.start.lost.map(({ type }) => type)).to.include.members(['prevote', 'precommit']);
  });

  it('finds a group in a folder, and the torn record in its head', () => {
    const files = ['wal', 'wal.000', 'wal.001', 'wal.002', 'wal.003', 'wal.004'].map(
      (name) => [`data/cs.wal/${name}`, recordedWal(`cometbft-groups/torn-head/${name}`)] as const,
    );
    const [node] = explain([{ folder: 'group', files: new Map(files) }]).nodes;
    expect(node?.evidence.logs).to.have.length(1);
    expect(node?.evidence.logs[0]).to.include({ file: 'data/cs.wal/wal', status: 'torn', framesAfter: 0 });
  });
});

describe('explain, for a folder of Malachite', () => {
  const folder = (bytes: Uint8Array): NodeFiles => ({ folder: 'malachite', files: new Map([['wal/consensus.wal', bytes]]) });
  const votes = malachiteLog(malachiteTimeout(1), malachiteTimeout(2), malachiteTimeout(3));

  it('lets it sign with a whole or torn log, and says what such a log cannot tell', () => {
    expect(start(folder(votes)).reason).to.contain('Certificates are not logged');
    expect(start(folder(votes.slice(0, -3))).verdict).to.equal('sign');
  });

  it('has it abstain where the engine would cut damage in silence, through the height after', () => {
    const damaged = votes.slice();
    damaged[30] = (damaged[30] as number) ^ 255;
    expect(start(folder(damaged))).to.include({ verdict: 'abstain', until: 4 });
    expect(explain([folder(damaged)]).nodes[0]?.evidence.logs[0]).to.include({ status: 'corrupt', frame: 0, framesAfter: 2 });
  });

  it('knows no height without a header, and refuses another version', () => {
    expect(start(folder(new Uint8Array()))).to.include({ verdict: 'abstain', until: null });
    expect(start(folder(join(malachiteHeader(1, 2), votes.slice(12)))).verdict).to.equal('never');
  });

  it('names who voted twice, in the logs of two peers', () => {
    const [one, two] = ['one', 'two'].map(
      (name, index): NodeFiles => ({ folder: name, files: new Map([['consensus.wal', malachiteLog(vote(index))]]) }),
    );
    if (one === undefined || two === undefined) throw new Error('no folders');
    const { conflicts } = explain([one, two]);
    expect(conflicts).to.have.length(1);
    expect(conflicts[0]).to.include({ signer: '07'.repeat(20), height: 3, round: 0, type: 'prevote' });
    expect(conflicts[0]?.versions.map(({ seen }) => seen[0]?.node)).to.deep.equal(['one', 'two']);
    expect(explain([one, { ...one, folder: 'again' }]).conflicts).to.deep.equal([]);
  });
});

/** A prevote at height 3, round 0, as the engine's test application writes it. */
function vote(value: number): Uint8Array {
  const field = (number: number, bytes: readonly number[]): number[] => [(number << 3) | 2, bytes.length, ...bytes];
  const fields = [0x10, 3, ...field(4, field(1, Array<number>(8).fill(value))), ...field(5, field(1, Array<number>(20).fill(7)))];
  const message = [...field(2, fields), ...field(3, field(1, Array<number>(64).fill(1)))];
  return Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, message.length, ...message]);
}

describe('explain, for recorded restarts', () => {
  const cases = readFileSync(pathOf(data, 'cases/wal.jsonl'), 'utf8').trim().split('\n');

  it('finds the conflicts that the recordings name, in each restart, and no others', () => {
    let named = 0;
    for (const line of cases) {
      const recorded = JSON.parse(line) as { readonly restarts: readonly { readonly conflict?: unknown[] }[] };
      const log = recordedLog(recorded);
      if (log === undefined) throw new Error('no recorded log');
      for (const { restart, conflicts } of explainRestarts(log)) {
        const expected = recorded.restarts[restart]?.conflict ?? [];
        expect(conflicts.map(({ future, type, round, values }) => [future, type, round, values])).to.deep.equal(expected);
        named += expected.length > 0 ? 1 : 0;
      }
    }
    expect(named).to.equal(21);
  });

  it('counts what was said between the death and the flush before it, and nothing that came after', () => {
    const restart = { entries: 1, crashedIn: 0, start: [], do: [], alone: [{ do: [['Publish', 'Prevote', 0, null]] }] };
    const steps = (durable: number) => [
      {
        do: [
          ...Array.from({ length: durable }, () => ['Append', ['Prevote', 'a', 0, 'v']]),
          ['Flush'],
          ['Publish', 'Prevote', 0, 'v'],
        ],
      },
    ];
    const log = (durable: number) =>
      recordedLog({ family: 'wal', name: 'made', self: 'a', height: 1, steps: steps(durable), restarts: [restart] });
    const conflictsOf = (durable: number) => {
      const found = log(durable);
      return found === undefined ? [] : explainRestarts(found).map(({ conflicts }) => conflicts.length);
    };
    expect(conflictsOf(1)).to.deep.equal([1]);
    expect(conflictsOf(2)).to.deep.equal([0]);
  });

  it('passes over cases of other families, and refuses one of another form', () => {
    expect(recordedLog({ family: 'keeper' })).to.equal(undefined);
    expect(() => recordedLog({ family: 'wal', name: 'x' })).to.throw(/restarts/);
  });
});
