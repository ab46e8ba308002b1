/** Records made by hand: raw driver calls, the state machine alone, a log with its restarts, and what the runner does not know. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lineOf, type NamedResult, type RunOptions, runFile } from '../../dev/conformance/run-file.ts';
import { Summary } from '../../dev/conformance/summary.ts';
import type { RecordedState, Row } from '../../dev/conformance/verdict.ts';

const validators = ['a', 'b', 'c', 'd'].map((name) => [name, 1] as const);
const one = { self: 'c', height: 1, validators };

function at(s: string, r = 0, locked: readonly [number, string | null] = [-1, null], valid = locked): RecordedState {
  return { h: 1, r, s, lr: locked[0], lv: locked[1], vr: valid[0], vv: valid[1] };
}

const folder = mkdtempSync(join(tmpdir(), 'records-'));
after(() => rmSync(folder, { recursive: true }));

/** Results of a file that holds these records, and what was not known. */
function run(
  records: readonly object[],
  options: RunOptions = {},
): { readonly results: readonly NamedResult[]; readonly unknown: string[] } {
  const file = join(folder, 'records.jsonl');
  writeFileSync(file, records.map((record) => JSON.stringify({ name: 'one', ...record })).join('\n'));
  const unknown: string[] = [];
  return { results: [...runFile(file, (what) => unknown.push(what), options)], unknown };
}

function lines(record: object, options: RunOptions = {}): readonly string[] {
  return run([record], options).results.map(lineOf);
}

describe('raw calls of the driver', () => {
  type Call = readonly [input: Row, out: readonly Row[], post: RecordedState];
  const raw = (...calls: readonly Call[]): object => ({
    family: 'driver',
    mode: 'raw',
    ...one,
    steps: calls.map(([input, out, post]) => ({ in: input, out, post })),
  });
  const begins: Call = [['NewRound', 0, 'a'], [], at('Propose')];
  const locked = [0, 'X'] as const;
  const locks: readonly Call[] = [
    begins,
    [['Proposal', 'a', 0, 'X', -1, true], [['Prevote', 0, 'X']], at('Prevote')],
    [['Prevote', 'a', 0, 'X'], [], at('Prevote')],
    [['Prevote', 'b', 0, 'X'], [], at('Prevote')],
    [['Prevote', 'd', 0, 'X'], [['Precommit', 0, 'X']], at('Precommit', 0, locked)],
    [['Timeout', 'Precommit', 0], [['NewRound', 1]], at('Unstarted', 1, locked)],
  ];

  it('feed nothing back, and begin a round when it is asked for', () => {
    const waits: Call = [['Proposal', 'b', 1, 'Y', -1, true], [], at('Unstarted', 1, locked)];
    const next: Call = [['NewRound', 1, 'b'], [['Prevote', 1, null]], at('Prevote', 1, locked)];
    expect(lines(raw(...locks, waits, next))).to.deep.equal(['ok one']);
  });

  it('take the proposer from the round that begins', () => {
    const proposes: Call = [['NewRound', 1, 'c'], [['Propose', 1, 'X', 0]], at('Propose', 1, locked)];
    expect(lines(raw(...locks, proposes))).to.deep.equal(['ok one']);
    expect(lines(raw([['NewRound', 0, 'c'], [['GetValue', 0]], at('Propose')]))).to.deep.equal(['ok one']);
    expect(lines(raw([['NewRound', 0, 'a'], [['GetValue', 0]], at('Propose')]))[0]).to.match(/^not ok one: step 0/);
  });

  it('let a waiting driver skip on, decide, and hear its precommit timer', () => {
    const skips: readonly Call[] = [
      [['Precommit', 'a', 3, null], [], at('Unstarted', 1, locked)],
      [['Precommit', 'b', 3, null], [['NewRound', 3]], at('Unstarted', 3, locked)],
    ];
    expect(lines(raw(...locks, ...skips))).to.deep.equal(['ok one']);
    const elapses: Call = [['Timeout', 'Precommit', 1], [['NewRound', 2]], at('Unstarted', 2, locked)];
    expect(lines(raw(...locks, elapses))).to.deep.equal(['ok one']);
    const decides: readonly Call[] = [
      [['Precommit', 'a', 0, 'X'], [], at('Unstarted', 1, locked)],
      [['Precommit', 'b', 0, 'X'], [], at('Unstarted', 1, locked)],
      [['Precommit', 'd', 0, 'X'], [['Decide', 0, 'X', 1]], at('Commit', 1, locked)],
    ];
    expect(lines(raw(...locks, ...decides))).to.deep.equal(['ok one']);
  });

  it('decide a synced value by its certificate only', () => {
    const certificate: Call = [['CommitCertificate', 0, 'X', ['a', 'b', 'd']], [], at('Propose')];
    const value: Row = ['SyncDecision', 0, 'X'];
    expect(lines(raw(begins, certificate, [value, [['Decide', 0, 'X', 0]], at('Commit')]))).to.deep.equal(['ok one']);
    expect(lines(raw(begins, [value, [['Error', 'CertificateNotFound']], at('Propose')]))).to.deep.equal(['ok one']);
  });

  it('name the difference where the application changes its mind', () => {
    const calls: readonly Call[] = [
      [['Proposal', 'a', 0, 'X', -1, false], [['Prevote', 0, null]], at('Prevote')],
      [['Proposal', 'a', 0, 'X', -1, true], [], at('Prevote')],
    ];
    expect(lines(raw(begins, ...calls))[0]).to.match(/^ok one # differs: the application changes its mind/);
  });
});

describe('the state machine alone', () => {
  const machine = (...steps: readonly (readonly [Row, Row, RecordedState])[]): object => ({
    family: 'consensus',
    p: 'v1',
    init: at('No', -1),
    steps: steps.map(([input, out, post]) => ({ in: input, out, post })),
  });
  const begins = [['NewRoundCInput', 2], ['TimeoutOutput', 2, 'ProposeTimeout'], at('Propose', 2)] as const;
  const refused: Row = ['ErrorOutput', 'new round is not bigger than current round'];

  it('refuses a round that is not above its own', () => {
    const skips = [['RoundSkipCInput', 5], ['SkipRoundOutput', 5], at('Unstarted', 2)] as const;
    const same = [['NewRoundProposerCInput', 2], refused, at('Unstarted', 2)] as const;
    expect(lines(machine(begins, skips, [['NewRoundCInput', 1], refused, at('Unstarted', 2)], same))).to.deep.equal([
      'ok one # differs: SkipRoundOutput leaves the round until NewRound',
    ]);
  });

  it('is compared in all that it puts out', () => {
    const vote = (v: string): Row => ['VoteOutput', { t: 'Prevote', src: 'v1', h: 1, r: 2, v }];
    const proposed = (v: string) => [['ProposalCInput', 2, 'x'], vote(v), at('Prevote', 2)] as const;
    expect(lines(machine(begins, proposed('x')))).to.deep.equal(['ok one']);
    expect(lines(machine(begins, proposed('y')))[0]).to.match(/^not ok one: step 1/);
    const silent = [['TimeoutProposeCInput', 1, 2], ['NoConsensusOutput'], at('Prevote', 2)] as const;
    expect(lines(machine(begins, silent))[0]).to.match(/^not ok one: step 1/);
  });
});

describe('a log', () => {
  const start: Row = ['StartHeight', 1];
  const far = (name: string, value: string | null): Row => ['Prevote', name, 10, value];
  const proposal: Row = ['Publish', 'Propose', 10, 'A', -1];
  const steps = [
    { in: start, do: [], post: at('Propose') },
    { in: far('a', null), do: [['Append', far('a', null)]] },
    {
      in: far('b', 'A'),
      do: [
        ['Append', far('b', 'A')],
        ['GetValue', 10],
      ],
      post: at('Propose', 10),
    },
    {
      in: ['ProposeValue', 10, 'A'],
      do: [
        ['Append', ['ProposedValue', 'c', 10, 'A', -1, true]],
        ['Append', ['Proposal', 'c', 10, 'A', -1]],
        ['Append', far('c', 'A')],
        ['Publish', 'Prevote', 10, 'A'],
        proposal,
      ],
      post: at('Prevote', 10),
    },
    {
      in: far('d', 'A'),
      do: [['Append', far('d', 'A')], proposal, ['Append', ['Precommit', 'c', 10, 'A']], ['Publish', 'Precommit', 10, 'A']],
      post: at('Precommit', 10, [10, 'A']),
    },
  ];
  const restart = {
    entries: 5,
    crashedIn: 3,
    start: [],
    do: [[0, [['Publish', 'Prevote', 10, 'A']]]],
    post: at('Prevote', 10),
    alone: [],
    resume: [
      {
        in: far('d', 'A'),
        do: [['Append', far('d', 'A')], ['Append', ['Precommit', 'c', 10, 'A']], proposal, ['Publish', 'Precommit', 10, 'A']],
      },
    ],
  };
  const log = (change: object): object => ({ family: 'wal', ...one, proposers: 'rotate', steps, restarts: [restart], ...change });
  const without = (index: number, entry: number): object => {
    const changed = steps.map((step, at) =>
      at === index ? { ...step, do: step.do.filter((_row, place) => place !== entry) } : step,
    );
    return log({ steps: changed, restarts: [] });
  };

  it('holds what was logged and published, a repeated proposal but once', () => {
    expect(lines(log({}))).to.deep.equal(['ok one']);
  });

  it('is red for an entry, or a message, that the record lacks', () => {
    expect(lines(without(3, 0))[0]).to.match(/^not ok one: step 3.*ProposedValue/);
    expect(lines(without(3, 2))[0]).to.match(/^not ok one: step 3/);
    expect(lines(without(4, 3))[0]).to.match(/^not ok one: step 4.*Precommit/);
  });

  it('is red for an entry that only the record has', () => {
    const more = [...steps.slice(0, 4), { ...steps[4], do: [...(steps[4]?.do ?? []), ['Append', ['Precommit', 'b', 10, 'A']]] }];
    expect(lines(log({ steps: more, restarts: [] }))[0]).to.match(/^not ok one: step 4/);
  });

  it('is followed behind a restart', () => {
    const red = (change: object): void => {
      expect(lines(log({ restarts: [{ ...restart, ...change }] }))[0]).to.match(/^not ok one: step 3/);
    };
    red({ post: at('Propose', 10) });
    red({ do: [] });
    red({ do: [[0, [['Publish', 'Prevote', 10, 'B']]]] });
    red({ resume: [{ in: far('d', 'A'), do: [] }] });
    red({
      alone: [
        { in: ['Timeout', 'Precommit', 10], do: [] },
        { in: far('d', 'A'), do: [] },
      ],
    });
  });
});

describe('what the runner does not know', () => {
  it('is named: other families and other inputs', () => {
    const odd = { family: 'driver', mode: 'host', ...one, proposers: 'rotate', steps: [{ in: ['Whisper', 1] }] };
    const { results, unknown } = run([{ family: 'other' }, odd]);
    expect(results).to.deep.equal([]);
    expect(unknown[0]).to.include("the family 'other' is not known");
    expect(unknown[1]).to.include('unknown kind of input: "Whisper"');
  });

  it('is no reason to stop: an expectation held to be wrong is known, with its reason', () => {
    const wrong = { family: 'driver', mode: 'raw', ...one, steps: [{ in: ['NewRound', 0, 'a'], out: [['GetValue', 0]] }] };
    const { results } = run([wrong], { known: new Map([['one', 'a round has one proposer']]) });
    expect(results.map(lineOf)).to.deep.equal(['known one: a round has one proposer']);
    const summary = new Summary();
    for (const result of results) summary.add(result);
    expect(summary.failed).to.equal(0);
    expect(summary.lines.at(-1)).to.equal('0 ok, 0 ok with a named difference, 1 known, 0 not ok');
  });
});
