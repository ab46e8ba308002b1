/**
 * `--against COMMIT`: measures this version and another in turns, never at the same time. First it measures this version against itself,
 * so that the reader sees what the machine alone does to a ratio.
 */
import { z } from 'zod';
import { type Comparison, compare, type Measurement, type Pair } from './compare.ts';
import { NoVerdictError } from './errors.ts';
import { runCommand } from './run-command.ts';
import { findVersion, inWorkTree, type Version } from './work-tree.ts';

const pairCount = 5;

export interface AgainstRequest {
  /** The folder of this version. */
  readonly root: string;
  readonly commit: string;
  readonly limit: number;
  /** Names of rows; undefined: all. */
  readonly rows: readonly string[] | undefined;
  readonly signal: AbortSignal;
  /** Reports progress. */
  readonly say: (text: string) => void;
  /** Is called with this version against itself, before the other version is measured. */
  readonly noise: (comparison: Comparison) => void;
}

export interface AgainstResult {
  readonly version: Version;
  /** This version against itself. */
  readonly itself: Comparison;
  readonly comparison: Comparison;
}

export async function against({ root, commit, limit, rows, signal, say, noise }: AgainstRequest): Promise<AgainstResult> {
  const version = await findVersion(root, commit, signal);
  return inWorkTree(root, version, { signal, say }, async ({ tree, temporary }) => {
    const run = (folder: string, ...args: readonly string[]) => runCommand('npm', args, { folder, signal, temporary });
    say(`npm ci for ${version.short}`);
    await run(tree, 'ci', '--no-audit', '--no-fund');
    const listed = rows === undefined || !version.listsRows ? undefined : await run(tree, ...bench('--list'));
    const { args, onlyHere } = rowArguments(rows, listed?.split('\n'), version);
    const passOf = (folder: string) => async (): Promise<readonly Measurement[]> => {
      const measured = measurementsOf(await run(folder, ...bench('--json', ...args)), folder);
      return rows === undefined ? measured : measured.filter(({ name }) => rows.includes(name));
    };
    const progress = countPasses(say);
    const here = { name: 'this version', measure: passOf(root) };
    const there = { name: version.short, measure: passOf(tree) };
    const itself = compare(await inTurns(here, here, progress), limit);
    noise(itself);
    const comparison = compare(await inTurns(here, there, progress), limit);
    if (comparison.rows.length === 0) throw nothingToCompare(version);
    return { version, itself, comparison: { ...comparison, onlyHere: [...onlyHere, ...comparison.onlyHere] } };
  });
}

const bench = (...args: readonly string[]): readonly string[] => ['run', '--silent', 'bench', '--', ...args];

/**
 * Rows that run earlier warm the code for later ones. So both versions measure the same rows: those named that both have, or all rows
 * when the other version has no `--row`.
 */
function rowArguments(wanted: readonly string[] | undefined, theirs: readonly string[] | undefined, version: Version) {
  if (wanted === undefined || theirs === undefined) return { args: [], onlyHere: [] };
  const both = wanted.filter((name) => theirs.includes(name));
  if (both.length === 0) throw nothingToCompare(version);
  return { args: both.flatMap((name) => ['--row', name]), onlyHere: wanted.filter((name) => !theirs.includes(name)) };
}

const nothingToCompare = ({ short }: Version): NoVerdictError =>
  new NoVerdictError(`no measured row is in both this version and ${short}; name other rows, or leave --row out`);

interface Side {
  readonly name: string;
  readonly measure: () => Promise<readonly Measurement[]>;
}

/** Five pairs. Every second pair begins with the other version, so that a machine that slows down favours neither. */
async function inTurns(here: Side, there: Side, progress: (name: string) => void): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  const pass = ({ name, measure }: Side): Promise<readonly Measurement[]> => {
    progress(name);
    return measure();
  };
  for (let nth = 0; nth < pairCount; nth += 1) {
    if (nth % 2 === 0) pairs.push({ here: await pass(here), there: await pass(there) });
    else {
      const first = await pass(there);
      pairs.push({ here: await pass(here), there: first });
    }
  }
  return pairs;
}

/** Reports each pass as it begins, with an estimate of what is left. */
function countPasses(say: (text: string) => void): (name: string) => void {
  const all = 4 * pairCount;
  const started = performance.now();
  let begun = 0;
  return (name) => {
    const seconds = begun === 0 ? undefined : (((performance.now() - started) / begun) * (all - begun)) / 1000;
    begun += 1;
    say(`pass ${begun} of ${all}: ${name}${seconds === undefined ? '' : `, about ${Math.ceil(seconds)} s to go`}`);
  };
}

const printed = z.object({ rows: z.array(z.object({ name: z.string(), unit: z.string(), value: z.number().positive() })) });

function measurementsOf(text: string, folder: string): readonly Measurement[] {
  try {
    return printed.parse(JSON.parse(text)).rows;
  } catch (error) {
    throw new NoVerdictError(`the bench in ${folder} printed something other than rows with values above 0: ${error}`);
  }
}
