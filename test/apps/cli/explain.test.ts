/** `explain` on folders and files: what is printed, the JSON, exit codes, and mistakes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { Command } from 'commander';
import { explainCommand } from '../../../apps/cli/explain.ts';
import { ScenarioError } from '../../../scenarios/index.ts';
import { stoppedAt } from '../../forensics/folders.ts';

const plain = { good: String, bad: String, dim: String };
const recorded = resolve(import.meta.dirname, '../../conformance/data/cases');

function explain(...args: readonly string[]): { readonly output: string; readonly exit: number } {
  const lines: string[] = [];
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const program = new Command().exitOverride();
    explainCommand(program, (line) => lines.push(line), plain);
    program.parse(['node', 'lazurite', 'explain', ...args]);
    return { output: lines.join('\n'), exit: Number(process.exitCode) };
  } finally {
    process.exitCode = before;
  }
}

describe('the command explain', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'lazurite-explain-'));
    for (const { name, files } of stoppedAt(580).values())
      for (const [file, bytes] of files) {
        mkdirSync(join(root, name, dirname(file)), { recursive: true });
        writeFileSync(join(root, name, file), bytes);
      }
    mkdirSync(join(root, 'empty'));
    writeFileSync(join(root, 'A', 'node.key'), 'never read');
  });
  after(() => rmSync(root, { recursive: true }));

  const at = (name: string): string => join(root, name);

  it('exits 0 where all may sign, and says of each why', () => {
    const { output, exit } = explain(...['A', 'B', 'C', 'D'].map(at));
    expect(exit).to.equal(0);
    expect(output).to.match(
      /nobody signed two versions[\s\S]*A \(A, lazurite\): it may start and sign\n {4}why {4}the log is whole: height 15/,
    );
  });

  it('exits 1 where a node must abstain, and the JSON says until when', () => {
    const { output, exit } = explain('--json', at('A'), at('B'), at('C'), `D=${at('empty')}`);
    expect(exit).to.equal(1);
    const { version, ok, nodes } = JSON.parse(output);
    expect([version, ok]).to.deep.equal([1, false]);
    expect(
      nodes.map(({ name, start }: Readonly<Record<string, { readonly verdict: string; readonly until: number | null }>>) => [
        name,
        start?.verdict,
        start?.until,
      ]),
    ).to.deep.equal([
      ['A', 'sign', null],
      ['B', 'sign', null],
      ['C', 'sign', null],
      ['D', 'abstain', 16],
    ]);
  });

  it('counts recorded restarts, and names those with a conflict', () => {
    const { output, exit } = explain(join(recorded, 'wal.jsonl'));
    expect(exit).to.equal(1);
    expect(output).to.contain('160 recorded restarts, 21 with a conflict');
    expect(output).to.contain(
      'wal/forgotten-prevote, restart 2 (9 entries, died in step 7): d must abstain until height 1 is over',
    );
  });

  it('says of a mistake where it is and what to do', () => {
    expect(() => explain(at('nowhere'))).to.throw(ScenarioError, 'there is no such folder');
    expect(() => explain(join(recorded, 'keeper-tests.jsonl'))).to.throw(ScenarioError, "family 'wal'");
    writeFileSync(at('bad.jsonl'), '\n{"family": "wal", "name": 3}\n');
    expect(() => explain(at('bad.jsonl'))).to.throw(ScenarioError, /bad\.jsonl:2: no recorded log: name/);
  });
});
