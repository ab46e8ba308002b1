/** The folders of an incident: what is found in them, and which nodes may start. */
import { expect } from 'chai';
import { encodeInput } from '../../actors/tendermint/codec.ts';
import { type Explanation, explain, type NodeFiles } from '../../forensics/index.ts';
import { fileNamed, framesAfter, judgeFile, Log, SimulatedDisk, sourceOf } from '../../wal/index.ts';
import { asGiven, type Folder, segmentOf, stoppedAt } from './folders.ts';

const stopped = (): Map<string, Folder> => new Map(stoppedAt(580));

function startOf(explanation: Explanation, folder: string): Explanation['nodes'][number]['start'] {
  const found = explanation.nodes.find(({ evidence }) => evidence.folder === folder);
  if (found === undefined) throw new Error(`nothing of ${folder}`);
  return found.start;
}

/** The whole frames of a segment, as places in its bytes. */
function framesOf(file: string, bytes: Uint8Array) {
  const named = fileNamed(file);
  if (named === undefined) throw new Error(`${file} is no file of ours`);
  return judgeFile(file, named, sourceOf(bytes)).frames;
}

/** A log of its own, in which a validator is heard to vote. */
function heard(folder: string, value: string | null, by = 'B'): NodeFiles {
  const disk = new SimulatedDisk();
  Log.init(disk, 1);
  const log = Log.open(disk, { attest: 'next', salt: 2, heightOf: () => 1, keepBlocks: 1, blockAfter: () => new Uint8Array() });
  const vote = {
    type: 'vote',
    voteType: 'prevote',
    height: 1,
    round: 0,
    value,
    validator: by,
    signature: new Uint8Array(8),
  } as const;
  log.append('input', encodeInput(vote));
  log.flush();
  return { folder, files: new Map([...disk.names()].map((file) => [file, disk.read(file).slice()])) };
}

describe('explain', () => {
  it('lets every node of an honest run sign, whose last frames are torn or not', () => {
    const folders = stopped();
    const whole = explain(asGiven(folders));
    expect(whole.conflicts).to.deep.equal([]);
    expect(whole.nodes.map(({ evidence, start }) => [evidence.owner, start.verdict])).to.deep.equal(
      ['A', 'B', 'C', 'D'].map((name) => [name, 'sign']),
    );
    const b = folders.get('B') as Folder;
    const file = segmentOf(b);
    const torn = Uint8Array.from([...(b.files.get(file) as Uint8Array), 1, 2, 3]);
    b.files.set(file, torn);
    const explained = explain(asGiven(folders));
    expect(startOf(explained, 'at-B').verdict).to.equal('sign');
    const { logs } = explained.nodes[1]?.evidence ?? { logs: [] };
    expect(logs.find((log) => log.file === file)).to.include({ status: 'torn', offset: torn.length - 3, framesAfter: 0 });
  });

  it('says until when a node must abstain whose log has lost a vote that others hold, and which vote', () => {
    const folders = stopped();
    const c = folders.get('C') as Folder;
    const file = segmentOf(c);
    const bytes = c.files.get(file) as Uint8Array;
    const own = framesOf(file, bytes).find(({ kind }) => kind === 'own');
    c.files.set(file, bytes.slice(0, (own?.offset ?? 0) - 32));
    // The vote was its only own frame: nothing in the folder says whose it is.
    expect(startOf(explain(asGiven(folders)), 'at-C').verdict).to.equal('sign');
    expect(explain(asGiven(folders)).nodes[2]?.evidence.notes[0]).to.contain('NAME=FOLDER');
    const named = asGiven(folders).map((node) => (node.folder === 'at-C' ? { ...node, name: 'C' } : node));
    const { verdict, until, lost, reason } = startOf(explain(named), 'at-C');
    expect([verdict, until]).to.deep.equal(['abstain', 15]);
    expect(lost[0]).to.include({ signer: 'C', height: 15, type: 'proposal' });
    expect(reason).to.match(/its log has lost (a statement|[0-9] statements) that at-[ABD] holds/);
  });

  it('names the damaged frame and the whole ones after it, and has the node abstain through that height', () => {
    const folders = stopped();
    const c = folders.get('C') as Folder;
    const file = segmentOf(c);
    const bytes = c.files.get(file) as Uint8Array;
    const frames = framesOf(file, bytes);
    const [, , third] = frames;
    bytes[third?.offset ?? 0] = (bytes[third?.offset ?? 0] as number) ^ 255;
    const explained = explain(asGiven(folders));
    expect(startOf(explained, 'at-C')).to.include({ verdict: 'abstain', until: 15 });
    const log = explained.nodes[2]?.evidence.logs.find((one) => one.file === file);
    expect(log).to.include({ status: 'corrupt', frame: third?.sequence, frames: 2, framesAfter: frames.length - 3 });
  });

  it('asks more than 2/3 of the power for the height of a node that has lost everything', () => {
    const folders = stopped();
    folders.set('D', { name: 'D', files: new Map() });
    const all = explain(asGiven(folders).map((node) => (node.folder === 'at-D' ? { ...node, name: 'D' } : node)));
    // The others work at height 15: it may have voted there, and at the height after it.
    expect(startOf(all, 'at-D')).to.include({ verdict: 'abstain', until: 16 });
    const two = explain(asGiven(folders).filter(({ folder }) => folder !== 'at-A'));
    expect(startOf(two, 'at-D')).to.include({ verdict: 'abstain', until: null });
    expect(startOf(two, 'at-D').reason).to.contain('not more than 2/3');
  });

  it('names who signed two versions, with every place, and never lets that key start', () => {
    const folders = asGiven(stopped()).filter(({ folder }) => folder === 'at-B');
    const { conflicts, nodes } = explain([...folders, heard('X', 'one'), heard('Y', null), heard('Z', 'one')]);
    expect(conflicts).to.have.length(1);
    const [{ versions, ...what } = { versions: [] }] = conflicts;
    expect(what).to.deep.equal({ signer: 'B', height: 1, round: 0, type: 'prevote' });
    expect(versions.map(({ value, seen }) => [value, seen.map(({ node }) => node)])).to.deep.equal([
      ['one', ['X', 'Z']],
      [null, ['Y']],
    ]);
    expect(nodes.map(({ start }) => start.verdict)).to.deep.equal(['never', 'sign', 'sign', 'sign']);
  });

  it('does not call one vote in several logs, or votes of two validators, a conflict', () => {
    expect(explain([heard('X', 'one'), heard('Y', 'one'), heard('Z', 'two', 'C')]).conflicts).to.deep.equal([]);
  });

  it('never lets one key start from two folders', () => {
    const [a] = asGiven(stopped());
    if (a === undefined) throw new Error('no folder');
    const explained = explain([a, { ...a, folder: 'a copy' }]);
    expect(explained.nodes.map(({ start }) => start.verdict)).to.deep.equal(['never', 'never']);
    expect(startOf(explained, 'at-A').reason).to.contain('a copy');
  });

  it('never lets a log of another version start', () => {
    const folders = stopped();
    const a = folders.get('A') as Folder;
    const file = segmentOf(a);
    const bytes = a.files.get(file) as Uint8Array;
    bytes[9] = 2;
    // The header's checksum is right for the new version.
    new DataView(bytes.buffer).setUint32(44, crcOf(bytes.subarray(0, 44)));
    expect(startOf(explain(asGiven(folders)), 'at-A')).to.include({ verdict: 'never', until: null });
  });

  it('keeps a promise not to vote that an earlier life has made', () => {
    const folders = stopped();
    const a = folders.get('A') as Folder;
    a.files.set('wal/abstain.7', new Uint8Array(512));
    expect(startOf(explain(asGiven(folders)), 'at-A').verdict).to.equal('abstain');
  });

  it('finds whole frames after damage at any offset, and none in a whole file', () => {
    const folders = stopped();
    const a = folders.get('A') as Folder;
    const file = segmentOf(a);
    const bytes = a.files.get(file) as Uint8Array;
    const named = fileNamed(file);
    if (named === undefined) throw new Error('no file of ours');
    expect(framesAfter(judgeFile(file, named, sourceOf(bytes)), sourceOf(bytes))).to.deep.equal([]);
  });
});

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
