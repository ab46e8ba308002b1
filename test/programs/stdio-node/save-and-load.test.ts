/** `save` and `load` of a node program: the same verdicts and hashes as without them, with fewer processes; a load that does not restore all is found. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { checkNode, type NodeReport, startProgram } from '../../../programs/stdio-node/index.ts';
import type { LineProgram } from '../../../programs/stdio-node/line-program.ts';

const root = resolve(import.meta.dirname, '../../..');
const counterFile = join(root, 'docs/guide/nodes/counter.mjs');
const { answering } = (await import(counterFile)) as { readonly answering: () => (line: string) => string };
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim() ?? '';

interface Line {
  readonly type?: string;
  readonly saved?: Readonly<Record<string, unknown>>;
  readonly effects?: readonly { readonly type: string }[];
  readonly [field: string]: unknown;
}
type Alter = (answer: Line, input: Line, program: (line: Line) => Line) => Line;

/** The counter with other answers. */
const altered =
  (alter: () => Alter): (() => LineProgram) =>
  () => {
    const answer = answering();
    const change = alter();
    const program = (line: Line): Line => JSON.parse(answer(JSON.stringify(line))) as Line;
    return {
      end: () => undefined,
      ask: (line) => {
        const input = JSON.parse(line) as Line;
        return JSON.stringify(change(program(input), input, program));
      },
    };
  };
const judged = (alter: Alter, options: Partial<Parameters<typeof checkNode>[0]> = {}): NodeReport =>
  checkNode({ open: altered(() => alter), ...options });
const withoutCounts = ({ roundTrips: _, processes: __, ...rest }: NodeReport): unknown => rest;
const asItIs: Alter = (answer) => answer;

describe('save and load of a node program', function () {
  this.timeout(180_000);

  for (const [name, options] of Object.entries({
    'one death': {},
    'a second death': { nested: true },
    'three heights': { heights: 3 },
  }))
    it(`${name}: gives the same verdict, crash points and hash as the repetition of all inputs, with fewer processes`, () => {
      const loading = judged(asItIs, options);
      const repeating = judged(asItIs, { ...options, loads: false });
      expect(loading.verdict, JSON.stringify(loading)).to.equal('held');
      expect(withoutCounts(loading)).to.deep.equal(withoutCounts(repeating));
      expect(loading.processes).to.be.lessThan(repeating.processes);
    });

  it('a broken program is as red with them as without', () => {
    const publishesEarly: Alter = (answer, { type }) => {
      const append = answer.effects?.find((effect) => effect.type === 'append') as Line | undefined;
      const text = Buffer.from(String(append?.['bytes'] ?? ''), 'base64').toString();
      const [, height, amount] = /(\d+) (\d+) ok/.exec(text) ?? [];
      if (type !== 'answer' || height === undefined) return answer;
      const publish = { type: 'publish', once: `height ${height}`, data: { height: Number(height), amount: Number(amount) } };
      return { ...answer, effects: [...(answer.effects ?? []), publish] };
    };
    const report = judged(publishesEarly);
    expect(report.verdict).to.equal('violated');
    expect(report).to.deep.equal(judged(publishesEarly, { loads: false }));
  });

  describe('is red, with words that name the load, where', () => {
    const onSave =
      (change: (saved: Readonly<Record<string, unknown>>) => unknown): Alter =>
      (answer, { type }) =>
        type === 'save' && answer.saved !== undefined ? ({ saved: change(answer.saved) } as Line) : answer;
    const onlyWithLoad = /"load" does not bring it back|"load" does not restore|\(only with "load": /;
    const wrong: Readonly<Record<string, readonly [() => Alter, RegExp]>> = {
      'save leaves out what was heard, and load takes the default': [
        () => onSave((saved) => ({ ...saved, heard: [] })),
        /"load" does not bring it back to where it saved: it had answered .* with .*, and after the load with/,
      ],
      'save leaves out what is durable, and load takes the default': [
        () => onSave((saved) => ({ ...saved, durable: 0 })),
        onlyWithLoad,
      ],
      'save leaves out what only a torn line needs': [() => onSave((saved) => ({ ...saved, separator: '' })), onlyWithLoad],
      'load forgets a field that is saved': [
        () => {
          let isLoaded = false;
          return (answer, { type }) => {
            if (type === 'load') isLoaded = true;
            return type === 'save' && isLoaded ? ({ saved: { ...answer.saved, durable: 0 } } as Line) : answer;
          };
        },
        /"load" does not restore what "save" gave/,
      ],
      'something outside of what is saved reaches the effects': [
        () => {
          let asked = 0;
          return (answer, { type }) => {
            if (type !== 'save' && type !== 'load') asked += 1;
            const isLate = asked > 12;
            const effects = answer.effects?.map((effect) =>
              effect.type === 'timer' && isLate ? { ...effect, delayMs: 201 } : effect,
            );
            return effects === undefined ? answer : { ...answer, effects };
          };
        },
        onlyWithLoad,
      ],
      'save changes the program': [
        () =>
          (answer, { type }, program) => {
            if (type === 'save') program({ type: 'message', from: 'B', data: { height: 2, amount: 5 } });
            return answer;
          },
        onlyWithLoad,
      ],
      'load answers with effects': [
        () =>
          (answer, { type }) =>
            type === 'load'
              ? { effects: [{ type: 'timer', timer: 'again', delayMs: 200 } as { readonly type: string }] }
              : answer,
        /after "load" it answered with effects; a load has none/,
      ],
      'it announces that it saves, and does not': [
        () =>
          (answer, { type }) =>
            type === 'save' ? { effects: [] } : answer,
        /after "save" .*expected \{ "saved": \.\.\. \}/,
      ],
    };
    for (const [name, [alter, words]] of Object.entries(wrong))
      it(name, () => {
        const report = checkNode({ open: altered(alter) });
        expect(report.verdict, JSON.stringify(report)).to.equal('violated');
        expect(report.findings.map(({ message }) => message).join('\n')).to.match(words);
      });
  });

  it('a program that announces nothing is never asked to save', () => {
    let others = 0;
    const report = judged((answer, { type }) => {
      if (type === 'save' || type === 'load') others += 1;
      return answer.effects === undefined ? answer : { effects: answer.effects };
    });
    expect(report.verdict).to.equal('held');
    expect(others).to.equal(0);
    expect(report).to.deep.equal(judged(asItIs, { loads: false }));
  });

  it('answers as the dialogue of its format says, in Node and in Python', () => {
    const page = readFileSync(join(root, 'docs/formats/stdio-node.md'), 'utf8');
    const [, dialogue = ''] = /```\n(> \{"type":"load"[\s\S]*?)```/.exec(page) ?? [];
    const lines = dialogue.trimEnd().split('\n');
    expect(lines).to.have.length(6);
    const forms: LineProgram[] = [{ ask: answering(), end: () => undefined }];
    if (python !== '') forms.push(startProgram([python, join(root, 'docs/guide/nodes/counter.py')], { deadlineMs: 20_000 }));
    for (const { ask, end } of forms) {
      for (let at = 0; at < lines.length; at += 2)
        expect(JSON.parse(ask((lines[at] as string).slice(2)))).to.deep.equal(JSON.parse(lines[at + 1] as string));
      end();
    }
  });
});
