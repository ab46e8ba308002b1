/** `wal` on files and folders: what is printed, and the exit codes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as pathOf } from 'node:path';
import { expect } from 'chai';
import { Command } from 'commander';
import { walCommands } from '../../../apps/cli/wal-files.ts';
import { ScenarioError } from '../../../scenarios/index.ts';
import { Log, SimulatedDisk } from '../../../wal/index.ts';
import {
  cometLog,
  cometPayloads,
  cometRecord,
  join,
  malachiteHeader,
  malachiteLog,
  malachiteTimeout,
  oldLog,
  text,
  zeros,
} from '../../wal/inspection/log-builders.ts';

function wal(...args: readonly string[]): { readonly output: string; readonly exit: number } {
  const lines: string[] = [];
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const program = new Command().exitOverride();
    walCommands(program, (line) => lines.push(line));
    program.parse(['node', 'lazurite', 'wal', ...args]);
    return { output: lines.join('\n'), exit: Number(process.exitCode) };
  } finally {
    process.exitCode = before;
  }
}

describe('the command wal', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(pathOf(tmpdir(), 'lazurite-wal-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, bytes: Uint8Array): string => {
    writeFileSync(pathOf(folder, name), bytes);
    return pathOf(folder, name);
  };
  const group = (name: string, files: Readonly<Record<string, Uint8Array>>): string => {
    mkdirSync(pathOf(folder, name));
    for (const [one, bytes] of Object.entries(files)) file(pathOf(name, one), bytes);
    return pathOf(folder, name);
  };
  const votes = malachiteLog(malachiteTimeout(1), malachiteTimeout(2));

  it('verify exits 0 for clean and torn, 1 for corrupt, 2 for foreign, and the worst of several', () => {
    const clean = file('clean.wal', votes);
    const torn = file('torn.wal', join(votes, zeros(4096)));
    const corrupt = file('corrupt.wal', join(votes.slice(0, 30), [1, 2, 3], votes.slice(33)));
    const foreign = file('foreign.wal', malachiteHeader(1, 2));
    expect(wal('verify', clean)).to.deep.equal({ output: `${clean}: clean, 2 entries (malachite)`, exit: 0 });
    expect(wal('verify', torn).output).to.contain('torn, 2 entries, 4096 bytes from byte 58 on: 4096 zeros up to the end');
    expect([torn, corrupt, foreign].map((one) => wal('verify', one).exit)).to.deep.equal([0, 1, 2]);
    expect(wal('verify', clean, torn).exit).to.equal(0);
    expect(wal('verify', torn, corrupt, clean).exit).to.equal(1);
    expect(wal('verify', foreign, corrupt).exit).to.equal(2);
  });

  it('verify knows four bytes of a header without being told the engine, and no fewer', () => {
    const header = malachiteHeader();
    for (const [length, exit] of [
      [3, 2],
      [4, 0],
      [8, 0],
      [12, 0],
    ] as const) {
      const cut = file(`header-${length}.wal`, header.subarray(0, length));
      expect(wal('verify', cut).exit, `${length} bytes`).to.equal(exit);
      expect(wal('verify', cut, '--engine', 'malachite').exit).to.equal(0);
    }
    for (const strange of ['te', 'text'])
      expect(wal('verify', file(strange, text(strange)), '--engine', 'malachite').exit).to.equal(2);
  });

  it('cut makes a copy without the zeros, and refuses what is not torn', () => {
    const out = pathOf(folder, 'whole.wal');
    wal('cut', file('zeros.wal', join(votes, zeros(700))), '--out', out);
    expect([...readFileSync(out)]).to.deep.equal([...votes]);
    const old = file('old-torn.wal', oldLog(2).subarray(0, -3));
    expect(() => wal('cut', old, '--out', pathOf(folder, 'other.wal'))).to.throw(
      ScenarioError,
      'only a torn tail is cut by itself',
    );
  });

  it('verify and dump name the records of Tendermint before 0.34, with their payloads as they are', () => {
    const old = file('old.wal', oldLog(1, Uint8Array.of(0xab, 0xcd)));
    const { output, exit } = wal('verify', old);
    expect(output).to.match(/foreign, 5 entries: its records are in the encoding of Tendermint before 0\.34/);
    expect(exit).to.equal(2);
    const lines = wal('dump', old).output.split('\n');
    expect(lines).to.have.length(6);
    expect(lines[4]).to.match(/ 3 {2}message +16 bytes at \d+ {3}0a0608[0-9a-f]+12061f5ea3ffabcd$/);
    expect(lines[5]).to.match(/end_height .*1206c7309b410801$/);
    const torn = wal('verify', file('old-cut.wal', oldLog(1).subarray(0, -2)));
    expect(torn.output).to.match(/foreign, 4 entries, \d+ bytes from byte (\d+) on: .*; torn at byte \1: /);
    expect(torn.exit).to.equal(2);
  });

  it('dump shows the payload of a record that lies over a boundary', () => {
    const old = oldLog(2);
    const path = group('old-group', { 'wal.000': old.subarray(0, 200), wal: old.subarray(200) });
    const single = wal('dump', file('old-single.wal', old)).output;
    const payloads = (output: string): readonly string[] =>
      output
        .split('\n')
        .slice(1)
        .map((line) => line.split('   ').at(-1) ?? '');
    expect(payloads(wal('dump', path).output)).to.deep.equal(payloads(single));
  });

  it('verify and compare read a folder as a group, and report a gap in its numbers', () => {
    const records = cometPayloads(3).map(cometRecord);
    const files = {
      'wal.004': records.slice(0, 6),
      'wal.005': records.slice(6, 12),
      'wal.006': records.slice(12, 14),
      wal: records.slice(14),
    };
    const bytes = Object.fromEntries(Object.entries(files).map(([name, some]) => [name, join(...some)]));
    const whole = group('whole', { ...bytes, 'wal.CORRUPTED': text('a copy'), 'notes.txt': text('no log') });
    expect(wal('verify', whole)).to.deep.equal({ output: `${whole}: clean, ${records.length} entries (cometbft)`, exit: 0 });
    const { 'wal.005': _gone, ...others } = bytes;
    const gap = group('gap', others);
    expect(wal('verify', gap)).to.deep.equal({
      output: `${gap}: corrupt, 6 entries, from byte 0 of wal.006 on: wal.005 is missing (cometbft)`,
      exit: 1,
    });
    const compared = wal('compare', whole, gap);
    expect(compared.exit).to.equal(0);
    expect(compared.output.split('\n')).to.have.length(8);
    expect(compared.output).to.match(/lazurite .*stops .*damage is never cut/);
    expect(compared.output).to.match(/cometbft .*goes on .*wal\.005 is missing, and its reader creates an empty file there/);
  });

  it('finds the head of a group by its rolled files, whatever the lowest number', () => {
    const log = cometLog(1);
    const path = group('other-head', { 'cs.012': log.subarray(0, 80), 'cs.013': log.subarray(80, 120), cs: log.subarray(120) });
    expect(wal('verify', path).output).to.contain(': clean, ');
    const two = group('two-heads', { 'a.000': log, 'b.000': log });
    expect(() => wal('verify', two)).to.throw(ScenarioError, 'rolled files of several logs (a, b)');
  });

  it('refuses a folder for the log of an engine without groups, and a folder without a group', () => {
    const path = group('comet', { wal: cometLog(1) });
    expect(() => wal('verify', path, '--engine', 'malachite')).to.throw(
      ScenarioError,
      "a folder is read as a group of CometBFT's files",
    );
    expect(() => wal('verify', group('empty', {}))).to.throw(ScenarioError, 'no rolled files of CometBFT');
    expect(() => wal('verify', pathOf(folder, 'nowhere'))).to.throw(ScenarioError, 'there is no such file');
  });

  it('verify says how many zeros follow our own log', () => {
    const disk = new SimulatedDisk();
    Log.init(disk, 1);
    const log = disk.read('wal/1.0.wal').slice();
    const { output, exit } = wal('verify', file('1.0.wal', join(log, zeros(4096))));
    expect(output).to.contain('torn, 1 frame, 4096 bytes from byte').and.to.contain(': 4096 zeros up to the end (lazurite)');
    expect(exit).to.equal(0);
  });

  it('compare calls bytes of no known engine what verify calls them', () => {
    const path = file('strange.bin', text('no log of anybody, and long enough to be one'));
    const [summary = '', ...policies] = wal('compare', path).output.split('\n');
    expect(summary).to.equal(wal('verify', path).output);
    expect(policies.map((line) => /goes on|stops/.exec(line)?.[0])).to.deep.equal(['stops', 'stops', 'goes on']);
  });
});
