/** Node programs of any language: the counter holds and has one hash in each of its forms; broken ones are red; hostile ones end with a clear finding. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { answerJsonSchema, checkNode, type NodeReport, startProgram } from '../../../programs/stdio-node/index.ts';
import { type LineProgram, ProgramError } from '../../../programs/stdio-node/line-program.ts';
import { command } from '../../apps/cli/command-run.ts';

const root = resolve(import.meta.dirname, '../../..');
const counterFile = join(root, 'docs/guide/nodes/counter.mjs');
const { answering } = (await import(counterFile)) as {
  readonly answering: () => (line: string) => string;
};

interface Effect {
  readonly type: string;
  readonly [field: string]: unknown;
}
/** The counter with another answer to some inputs. */
const altered = (
  alter: (effects: readonly Effect[], input: { readonly type: string }) => readonly Effect[],
  nested = false,
): NodeReport =>
  checkNode({
    nested,
    open: () => {
      const answer = answering();
      return {
        end: () => undefined,
        ask: (line) => {
          const { type } = JSON.parse(line) as { readonly type: string };
          const text = answer(line);
          if (type === 'save' || type === 'load') return text;
          const answered = JSON.parse(text) as { readonly effects: readonly Effect[] };
          return JSON.stringify({ ...answered, effects: alter(answered.effects, JSON.parse(line) as { readonly type: string }) });
        },
      };
    },
  });
const own = (): LineProgram => ({ ask: answering(), end: () => undefined });
const inProcess = (): NodeReport => altered((effects) => effects);
const run = (deadlineMs: number, ...command: readonly string[]): NodeReport =>
  checkNode({ open: () => startProgram(command, { deadlineMs }) });
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim() ?? '';

describe('a node program on stdin and stdout', function () {
  this.timeout(180_000);

  it('as a function, in Node and in Python the counter holds, with one hash', () => {
    const asFunction = inProcess();
    expect(asFunction, JSON.stringify(asFunction)).to.include({ verdict: 'held' });
    expect(asFunction.deaths).to.be.greaterThan(50);
    const others = [['node', counterFile], ...(python === '' ? [] : [[python, join(root, 'docs/guide/nodes/counter.py')]])];
    for (const command of others) {
      const report = run(20_000, ...command);
      expect({ ...report, findings: [] }, command.join(' ')).to.deep.equal({ ...asFunction, findings: [] });
    }
  });

  it('in Rust the counter gives that hash too', function () {
    if (spawnSync('rustc', ['--version']).status !== 0) {
      process.stdout.write('      not tried: rustc is not installed\n');
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), 'lazurite-rust-'));
    try {
      const program = join(folder, 'counter');
      const { status, stderr } = spawnSync('rustc', ['-O', '-o', program, join(root, 'docs/guide/nodes/counter.rs')], {
        encoding: 'utf8',
      });
      expect(status, stderr).to.equal(0);
      expect(stderr).to.equal('');
      // It neither saves nor loads.
      expect(run(20_000, program)).to.deep.equal(checkNode({ open: own, loads: false }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  describe('is red when it', () => {
    it('publishes before its flush is done', () => {
      const report = altered((effects, { type }) => {
        if (type !== 'answer') return effects;
        const append = effects.find((effect) => effect.type === 'append');
        const [, height, amount] = /(\d+) (\d+) ok/.exec(Buffer.from(String(append?.['bytes'] ?? ''), 'base64').toString()) ?? [];
        if (height === undefined) return effects;
        const data = { height: Number(height), amount: Number(amount) };
        return [...effects, { type: 'publish', once: `height ${height}`, data }];
      });
      const finding = report.findings.find(({ property }) => property === 'says-once');
      expect(report.verdict).to.equal('violated');
      expect(finding?.message).to.match(/^A published .* under 'height 1', and had published .* under it before$/);
      expect(finding?.at).to.match(/^A@1\.0\//);
    });

    it('never makes the name of its file durable', () => {
      const flush = (effect: Effect): Effect =>
        effect.type === 'flush-names' ? { type: 'flush', file: 'log', tag: effect['tag'] } : effect;
      const report = altered((effects) => effects.map(flush));
      expect(report.findings.map(({ property }) => property)).to.include('says-once');
    });

    it('keeps nothing', () => {
      const report = altered((effects, { type }) => {
        if (type !== 'answer') return effects;
        return effects.map((effect) => (effect.type === 'append' ? { ...effect, bytes: '' } : effect));
      });
      expect(report.findings.map(({ property }) => property)).to.include('says-once');
    });

    it('decides another value after a death', () => {
      let starts = 0;
      const report = altered((effects, { type }) => {
        if (type === 'start') starts += 1;
        const isLater = starts > 3;
        return effects.map((effect) => (effect.type === 'decide' && isLater ? { ...effect, value: 0 } : effect));
      });
      expect(report.verdict).to.equal('violated');
      expect(report.findings.map(({ property }) => property)).to.satisfy(
        (found: readonly string[]) => found.includes('agreement') || found.includes('deterministic'),
      );
    });

    it('relies on what a killed process left in the page cache: only a second death shows it', () => {
      const says = (effects: readonly Effect[], input: { readonly type: string }): readonly Effect[] => {
        const [log] = (input as { readonly files?: readonly { readonly bytes: string }[] }).files ?? [];
        const [, height, amount] = /(\d+) (\d+) ok/.exec(Buffer.from(log?.bytes ?? '', 'base64').toString()) ?? [];
        if (height === undefined) return effects;
        const data = { height: Number(height), amount: Number(amount) };
        return [...effects, { type: 'publish', once: `height ${height}`, data }];
      };
      expect(altered(says).verdict).to.equal('held');
      const { findings } = altered(says, true);
      expect(findings[0]?.property).to.equal('says-once');
      expect(findings[0]?.at).to.match(/\/kill, and again at A\+1@1\.0\/publish/);
      expect(altered((effects) => effects, true).verdict).to.equal('held');
    });

    it('stops by itself after a death', () => {
      const report = altered((effects, input) => {
        const files = (input as { readonly files?: readonly unknown[] }).files ?? [];
        return files.length > 0 ? [{ type: 'stop', reason: 'a log is here' }] : effects;
      });
      expect(report.findings.map(({ message }) => message)).to.include('A stopped by itself: a log is here');
    });

    it('answers otherwise when it is told the same again', () => {
      let count = 0;
      const report = altered((effects) => {
        count += 1;
        return effects.map((effect) => (effect.type === 'timer' ? { ...effect, delayMs: 200 + (count % 7) } : effect));
      });
      const finding = report.findings.find(({ message }) => message.includes('it is not deterministic'));
      expect(finding?.message).to.match(/after the same inputs it answered \{"type":"start".* first with .*, then with /);
    });
  });

  it('is untested when it decides nothing, or publishes nothing that may be said once only', () => {
    expect(altered(() => []).verdict).to.equal('untested');
    const report = altered((effects) => effects.map(({ once: _, ...effect }) => effect as Effect));
    expect(report.verdict).to.equal('untested');
    expect(report.reasons.join()).to.match(/published nothing under `once`/);
  });

  describe('ends with a clear finding, without a hang, when it', () => {
    const inNode = (text: string): readonly string[] => ['node', '-e', text];
    const hostile: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
      'says nothing': [inNode('setInterval(() => {}, 1000)'), /it gave no answer within 1500 ms/],
      'ends at once': [['true'], /it ended/],
      'ends after the first input': [inNode('process.stdin.once("data", () => process.exit(3))'), /it ended without an answer/],
      'writes garbage': [
        inNode('process.stdin.on("data", () => console.log("hello"))'),
        /it wrote a line that is no JSON: "hello"/,
      ],
      'writes JSON of another form': [
        inNode('process.stdin.on("data", () => console.log(JSON.stringify({ effects: [{ type: "fly" }] })))'),
        /effects\.0\.type: Invalid/,
      ],
      'names a file outside its folder': [
        inNode(
          'process.stdin.on("data", () => console.log(JSON.stringify({ effects: [{ type: "append", file: "../x", bytes: "" }] })))',
        ),
        /effects\.0\.file: a file name is/,
      ],
      'floods without an end of line': [
        inNode(
          'const s = "x".repeat(65536); const go = () => { while (process.stdout.write(s)); }; process.stdout.on("drain", go); go()',
        ),
        /it wrote more than 1048576 bytes without an end of line/,
      ],
      'floods with lines': [['yes', '{"effects":[]}'], /more than one line in answer to one input|did not decide/],
      'cannot be started': [['./no-such-program'], /no-such-program could not be started/],
    };
    for (const [name, [command, words]] of Object.entries(hostile))
      it(name, () => {
        const before = process.memoryUsage().rss;
        const began = performance.now();
        const report = run(1500, ...command);
        expect(report.verdict).to.be.oneOf(['violated', 'untested']);
        expect([...report.findings.map(({ message }) => message), ...report.reasons].join('\n')).to.match(words);
        expect(performance.now() - began).to.be.lessThan(30_000);
        expect(process.memoryUsage().rss - before).to.be.lessThan(200 << 20);
      });

    it('reads no input', () => {
      const program = startProgram(['sleep', '60'], { deadlineMs: 500 });
      expect(() => program.ask('x'.repeat(1 << 20))).to.throw(ProgramError, /it read no input within 500 ms/);
      program.end();
    });
  });

  it('from the command line: exit 0 for the counter, exit 1 with the finding for a broken program', () => {
    const lazurite = (...args: readonly string[]) =>
      spawnSync(process.execPath, [...command, 'node', 'check', ...args], {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
    const held = lazurite('--', 'node', counterFile);
    expect(held.status, held.stderr).to.equal(0);
    expect(held.stdout).to.match(
      /^✓ held\n {2}\d+ crash points, \d+ deaths; without a violation: says-once, agreement, goes-on\n/,
    );
    const broken = lazurite('--deadline', '1000', '--', 'true');
    expect(broken.status).to.equal(1);
    expect(broken.stdout).to.match(/goes-on: [ABC] failed: after \{"type":"start".* it ended/);
  });

  it('answers as the dialogue of its format says, in Node and in Python', () => {
    const page = readFileSync(join(root, 'docs/formats/stdio-node.md'), 'utf8');
    const [, dialogue = ''] = /```\n(> \{[\s\S]*?)```/.exec(page) ?? [];
    const lines = dialogue.trimEnd().split('\n');
    const forms = [answering()];
    const inPython =
      python === '' ? undefined : startProgram([python, join(root, 'docs/guide/nodes/counter.py')], { deadlineMs: 20_000 });
    if (inPython !== undefined) forms.push((line) => inPython.ask(line));
    expect(lines).to.have.length(8);
    for (const answer of forms)
      for (let at = 0; at < lines.length; at += 2)
        expect(JSON.parse(answer((lines[at] as string).slice(2)))).to.deep.equal(JSON.parse(lines[at + 1] as string));
    inPython?.end();
  });

  it('has a format whose JSON Schema is the one that is documented', () => {
    const shown = JSON.parse(readFileSync(join(root, 'docs/formats/stdio-node.schema.json'), 'utf8')) as unknown;
    expect(shown).to.deep.equal(JSON.parse(JSON.stringify(answerJsonSchema())));
  });
});
