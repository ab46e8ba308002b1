/** Other versions of this repository: looked up by git, and checked out into a work tree for as long as a function runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchUsageError, CommandError } from './errors.ts';
import { runCommand } from './run-command.ts';

export interface Version {
  readonly hash: string;
  readonly short: string;
  /** True when its bench knows `--list`, and so `--row`. */
  readonly listsRows: boolean;
}

/** The version that a commit names. A commit that is unknown or has no bench is an error of usage. */
export async function findVersion(root: string, commit: string, signal: AbortSignal): Promise<Version> {
  const git = (...args: readonly string[]) => runCommand('git', args, { folder: root, signal });
  const refuse = (why: string) => (error: unknown) => {
    throw error instanceof CommandError ? new BenchUsageError(`--against ${commit}: ${why}`) : error;
  };
  if (commit === '' || commit.startsWith('-')) throw new BenchUsageError(`--against: expected a commit, found '${commit}'`);
  await git('rev-parse', '--git-dir').catch(refuse(`${root} is not a git repository`));
  const found = await git('rev-parse', '--verify', `${commit}^{commit}`).catch(
    refuse('there is no such commit here; in a shallow clone, run `git fetch --unshallow` first'),
  );
  const hash = found.trim();
  const packageJson = await git('show', `${hash}:package.json`).catch(refuse('this commit has no package.json'));
  const script: unknown = JSON.parse(packageJson).scripts?.bench;
  if (typeof script !== 'string')
    throw new BenchUsageError(`--against ${commit}: this commit has no script 'bench' in package.json`);
  const folder = /(\S+)\/[^/\s]+$/.exec(script)?.[1];
  const mentions = folder === undefined ? '' : await git('grep', '-l', '-e', '--list', hash, '--', folder).catch(noMatch);
  return { hash, short: hash.slice(0, 7), listsRows: mentions !== '' };
}

/** `git grep` ends with an error when it finds nothing. */
function noMatch(error: unknown): string {
  if (error instanceof CommandError) return '';
  throw error;
}

export interface Attendance {
  readonly signal: AbortSignal;
  /** Reports progress. */
  readonly say: (text: string) => void;
}

export interface Places {
  /** The checked out version. */
  readonly tree: string;
  /** For temporary files. */
  readonly temporary: string;
}

/** Checks the version out, calls the function, and removes everything, however the function ends. */
export async function inWorkTree<Result>(
  root: string,
  { hash, short }: Version,
  { signal, say }: Attendance,
  act: (places: Places) => Promise<Result>,
): Promise<Result> {
  const temporary = mkdtempSync(join(tmpdir(), 'lazurite-against-'));
  const tree = join(temporary, 'tree');
  try {
    say(`checking out ${short}`);
    await runCommand('git', ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', tree, hash], {
      folder: root,
      signal,
    });
    return await act({ tree, temporary });
  } finally {
    say(`removing the work tree of ${short}`);
    await runCommand('git', ['worktree', 'remove', '--force', tree], { folder: root }).catch((error: unknown) => {
      // After a checkout that failed there is nothing to remove.
      if (!(error instanceof CommandError)) throw error;
    });
    rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}
