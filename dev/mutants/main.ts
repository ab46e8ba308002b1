/**
 * `npm run mutants -- --seed 1 --sample 40`: a sample of mutants, each judged by the campaign. `--seeds N`: drawn runs of each kind (default 120).
 * `--quick`: without the crash points, which cost most of the time. `--unit`: the unit tests judge what the campaign did not catch. `--write`: writes
 * docs/mutants.md. `--least PERCENT`: exit 1 below this rate. `--only wal/init.ts:17,wal/folder.ts:86`: all mutants of these lines in place of a sample, each
 * with what caught it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Dice } from '../../campaigns/fuzzing/dice.ts';
import { mutatedCopy } from './instrument.ts';
import type { MutantVerdict, Task } from './judge.ts';
import { type Judged, rateOf, reportText, verdictLine } from './report.ts';
import type { Mutant } from './scope.ts';
import { copyUnitTests, failingTest } from './unit-tests.ts';

/** Mutants of one process, the time that each may take, and the time for the pass without a mutant as well. */
const groupSize = 8;
const mostMs = 120_000;
const firstMs = 1_800_000;

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sample: { type: 'string', default: '40' },
    seeds: { type: 'string', default: '120' },
    least: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    unit: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
if (values.only !== undefined && values.write) throw new Error('docs/mutants.md shows a sample: give --write without --only');
const [seed, sample, seeds] = [values.seed, values.sample, values.seeds].map(Number) as [number, number, number];

const { folder, mutants } = await mutatedCopy(root);
try {
  const chosen = values.only === undefined ? sampleOf(mutants) : mutantsOn(values.only.split(','), mutants);
  process.stderr.write(`${mutants.length} mutants, ${chosen.length} chosen\n`);
  const byCampaign = judgedIn(folder, chosen);
  const judged = values.unit ? byCampaign.map(byUnitTests(folder)) : byCampaign;
  const { caught, undecided, percent, guards } = rateOf(judged);
  if (values.only !== undefined) process.stdout.write(`${judged.map(verdictLine).join('\n')}\n\n`);
  const text = reportText(
    judged,
    `--seed ${seed} --sample ${sample} --seeds ${seeds}${values.quick ? ' --quick' : ''}${values.unit ? ' --unit' : ''}`,
    mutants.length,
  );
  if (values.write) writeFileSync(join(root, 'docs/mutants.md'), text);
  process.stdout.write(`${text}\n${caught} of ${judged.length - guards} caught (${percent} %), ${undecided} undecided\n`);
  if (values.least !== undefined && percent < Number(values.least)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Unit tests judge what the campaign left open. Throws if they fail without a mutant: then they say nothing. */
function byUnitTests(copy: string): (judged: Judged) => Judged {
  copyUnitTests(root, copy);
  const broken = failingTest(copy, undefined);
  if (broken !== undefined) throw new Error(`the unit tests fail without a mutant: ${broken}`);
  return ({ mutant, verdict }) => {
    if (verdict.verdict === 'violated' || verdict.verdict === 'exception') return { mutant, verdict };
    const failed = failingTest(copy, mutant.id);
    return { mutant, verdict, ...(failed === undefined ? {} : { unitTest: failed }) };
  };
}

/** Lines as `file:line`. Throws if a line has no mutant. */
function mutantsOn(lines: readonly string[], all: readonly Mutant[]): readonly Mutant[] {
  return lines.flatMap((place) => {
    const found = all.filter(({ file, line }) => `${file}:${line}` === place);
    if (found.length === 0) throw new Error(`no mutant is on '${place}': write a file and a line, such as wal/init.ts:17`);
    return found;
  });
}

/** Each as likely as any other; the same for the same seed. */
function sampleOf(all: readonly Mutant[]): readonly Mutant[] {
  const dice = new Dice(seed, 'mutants');
  const left = [...all];
  return Array.from({ length: Math.min(sample, left.length) }, () => left.splice(dice.below(left.length), 1)[0] as Mutant);
}

function judgedIn(copy: string, chosen: readonly Mutant[]): readonly Judged[] {
  const found = new Map<string, MutantVerdict>();
  for (let left = chosen; left.length > 0; left = left.filter(({ id }) => !found.has(id))) {
    const group = left.slice(0, groupSize);
    const verdicts = verdictsOf(copy, group, undefined);
    for (const verdict of verdicts) found.set(verdict.id, verdict);
    process.stderr.write(progressLine(chosen, found));
    // The process died at the first one without a verdict, or that one never ended.
    const next = group.find(({ id }) => !found.has(id));
    if (next !== undefined) found.set(next.id, { id: next.id, verdict: 'lost', ms: 0 });
  }
  // What is switched when a module is loaded needs a process of its own.
  for (const mutant of chosen)
    if (found.get(mutant.id)?.verdict === 'static') {
      const [verdict] = verdictsOf(copy, [mutant], mutant.id);
      found.set(mutant.id, verdict ?? { id: mutant.id, verdict: 'lost', ms: 0 });
    }
  return chosen.map((mutant) => ({ mutant, verdict: found.get(mutant.id) as MutantVerdict }));
}

/** How far it is, with the places of those that nothing has caught so far. */
function progressLine(chosen: readonly Mutant[], found: ReadonlyMap<string, MutantVerdict>): string {
  const left = chosen.filter(({ id }) => ['survived', 'unreached', 'undecided'].includes(found.get(id)?.verdict ?? ''));
  return `${found.size} of ${chosen.length} judged; not caught: ${left.map(({ file, line }) => `${file}:${line}`).join(' ')}\n`;
}

function verdictsOf(copy: string, group: readonly Mutant[], active: string | undefined): readonly MutantVerdict[] {
  const verdicts = join(copy, 'verdicts.ndjson');
  const baseline = join(copy, 'baseline.json');
  const task: Task = { mutants: group.map(({ id }) => id), seeds, isQuick: values.quick, baseline, verdicts };
  const file = join(copy, 'task.json');
  writeFileSync(file, JSON.stringify(task));
  writeFileSync(verdicts, '');
  const flags = ['--import', './dev/strip-types.js', '--conditions=lazurite-source', 'dev/mutants/judge.ts', file];
  const env = active === undefined ? process.env : { ...process.env, __STRYKER_ACTIVE_MUTANT__: active };
  const timeout = existsSync(baseline) ? group.length * mostMs : firstMs;
  // A mutant that is active from the start may break what loads it: its words are no news.
  const stderr = active === undefined ? 'inherit' : 'ignore';
  spawnSync(process.execPath, flags, { cwd: copy, env, timeout, killSignal: 'SIGKILL', stdio: ['ignore', 'inherit', stderr] });
  return readFileSync(verdicts, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MutantVerdict);
}
