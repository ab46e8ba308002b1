/**
 * Family `wal`: whole heights, and what a restart makes of the log. The log here is the project's own (every admitted input, own
 * messages, certificates too); a restart feeds its prefix through the same definition.
 */
import type { TendermintInput, ValidatorPower } from '../../actors/tendermint/index.ts';
import { inputOf, PlayedNode, proposersOf } from './played-node.ts';
import { type CaseResult, notOk, type RecordedState, type Row } from './verdict.ts';

interface WalStep {
  readonly in: Row;
  readonly do: readonly Row[];
  readonly post?: RecordedState;
}

interface Restart {
  readonly entries: number;
  readonly crashedIn: number;
  readonly post: RecordedState;
  readonly alone: readonly { readonly in: Row }[];
  readonly conflict?: unknown;
}

export interface WalCase {
  readonly self: string;
  readonly height: number;
  readonly validators: readonly ValidatorPower[];
  readonly proposers: unknown;
  readonly steps: readonly WalStep[];
  readonly restarts: readonly Restart[];
}

interface Life {
  readonly node: PlayedNode;
  readonly signed: Map<string, string>;
}

export function judgeWal(recorded: WalCase): CaseResult {
  const log: TendermintInput[] = [];
  const signed = new Map<string, string>();
  const node = new PlayedNode(recorded.self, proposersOf(recorded.proposers));
  const logEnds: number[] = [];
  const said: Row[][] = [];
  for (const [index, { in: row, do: done, post }] of recorded.steps.entries()) {
    const { out, logged } = play(recorded, node, row);
    log.push(...logged);
    logEnds.push(log.length);
    said.push([...out]);
    const wanted = publications(done);
    const got = signatures(out);
    if (wanted !== got) return notOk(index, wanted, got);
    const conflict = sign(signed, out);
    if (conflict !== undefined) return notOk(index, 'one version', conflict);
    if (post !== undefined && post.s !== 'Commit' && JSON.stringify(post) !== JSON.stringify(node.state))
      return notOk(index, post, node.state);
  }
  for (const restart of recorded.restarts) {
    const result = judgeRestart(recorded, restart, log, logEnds, said);
    if (result !== undefined) return result;
  }
  return { type: 'ok' };
}

/** Comes back with the log as it was at the end of the step of the death; nobody may sign a second version in any future. */
function judgeRestart(
  recorded: WalCase,
  restart: Restart,
  log: readonly TendermintInput[],
  logEnds: readonly number[],
  said: readonly (readonly Row[])[],
): CaseResult | undefined {
  const futures = [restart.alone.map((step) => step.in), recorded.steps.slice(restart.crashedIn + 1).map((step) => step.in)];
  for (const future of futures) {
    const before = new Map<string, string>();
    for (const rows of said.slice(0, restart.crashedIn + 1)) sign(before, rows);
    const life = reborn(recorded, log.slice(0, logEnds[restart.crashedIn]), before);
    const isPlain = recorded.steps
      .slice(0, restart.crashedIn + 1)
      .every(({ in: row }) => !/Certificate|Sync/.test(String(row[0])));
    const isWholeStep = entriesBy(recorded, restart.crashedIn) <= restart.entries;
    const { post } = restart;
    if (isPlain && isWholeStep && post.s !== 'Commit' && JSON.stringify(post) !== JSON.stringify(life.node.state))
      return notOk(restart.crashedIn, post, life.node.state);
    for (const row of future) {
      const conflict = sign(life.signed, play(recorded, life.node, row).out);
      if (conflict !== undefined) return notOk(restart.crashedIn, 'one version', conflict);
    }
  }
  return undefined;
}

function reborn({ self, proposers }: WalCase, log: readonly TendermintInput[], signed: Map<string, string>): Life {
  const node = new PlayedNode(self, proposersOf(proposers));
  for (const input of log) {
    const isOwn = (input.type === 'vote' && input.validator === self) || (input.type === 'proposal' && input.proposer === self);
    // Own messages are derived again from the inputs before them; what the definition says is compared by `sign`.
    if (!isOwn) sign(signed, node.feed(input).out);
  }
  return { node, signed };
}

/** How many entries the engine had appended by the end of a step. */
function entriesBy({ steps }: WalCase, crashedIn: number): number {
  return steps.slice(0, crashedIn + 1).reduce((sum, step) => sum + step.do.filter(([tag]) => tag === 'Append').length, 0);
}

function play({ validators, height }: WalCase, node: PlayedNode, row: Row): ReturnType<PlayedNode['feed']> {
  const input = inputOf(row, Math.max(node.state.h, height));
  return input === undefined ? node.start(Number(row[1]), validators) : node.feed(input);
}

/** Remembers what is signed; the contradiction, if there is one. */
function sign(signed: Map<string, string>, rows: readonly Row[]): string | undefined {
  for (const row of rows) {
    const [tag, round, ...version] = row;
    if (tag !== 'Prevote' && tag !== 'Precommit' && tag !== 'Propose') continue;
    const key = `${tag} ${String(round)}`;
    const now = JSON.stringify(version);
    const before = signed.get(key);
    if (before !== undefined && before !== now) return `${key}: ${before} and ${now}`;
    signed.set(key, now);
  }
  return undefined;
}

function publications(done: readonly Row[]): string {
  return done
    .flatMap(([tag, ...row]) =>
      tag === 'Publish' ? [JSON.stringify(row)] : tag === 'Decide' ? [JSON.stringify(['Decide', row[1]])] : [],
    )
    .sort()
    .join(' ');
}

function signatures(out: readonly Row[]): string {
  return out
    .filter(([tag]) => tag !== 'GetValue')
    .map((row) => JSON.stringify(row[0] === 'Decide' ? ['Decide', row[2]] : row))
    .sort()
    .join(' ');
}
