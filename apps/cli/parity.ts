/** `parity`: the simulated disk against real files, on tmpfs and on the file system of a folder. */
import { existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Command } from 'commander';
import { knownDifferences, type ParityResult, parity } from '../../runtime/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { seedNumber, wholeNumber } from './flags.ts';
import type { Paint } from './terminal.ts';

interface Flags {
  readonly plans: number;
  readonly runs?: number;
  readonly seed: number;
  readonly on: readonly string[];
  readonly json?: boolean;
}

const tmpfs = '/dev/shm';

export function parityCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('parity')
    .description(
      'drawn disk operations and whole runs on the simulated disk and on real files: results, errors and bytes compared',
    )
    .option('--plans <n>', 'drawn lists of operations, on each file system', wholeNumber, 1000)
    .option('--runs <n>', 'whole runs with kills (default: one for 100 plans)', wholeNumber)
    .option('--seed <n>', 'what is drawn', seedNumber, 1)
    .option(
      '--on <folder...>',
      'folders on whose file systems real files are made (default: tmpfs and the folder for temporary files)',
    )
    .option('--json', 'for machines')
    .action(async (flags: Flags) => {
      const fc = await fastCheck();
      const folders = flags.on ?? [...(existsSync(tmpfs) ? [tmpfs] : []), tmpdir()];
      const results = folders.map((folder) => {
        if (!existsSync(folder) || !statSync(folder).isDirectory())
          throw new ScenarioError(`${folder}: there is no such folder; give one on the file system that is to be compared`);
        const runs = flags.runs ?? Math.ceil(flags.plans / 100);
        return parity(fc, { plans: flags.plans, runs, seed: flags.seed, folder });
      });
      const isOk = results.every(({ different }) => different === undefined);
      if (flags.json === true) print(JSON.stringify({ version: 1, ok: isOk, seed: flags.seed, results }, null, 1));
      else for (const result of results) print(resultText(result, flags.seed, paint));
      process.exitCode = exitCodeOf({ isViolated: !isOk });
    });
}

async function fastCheck(): Promise<typeof import('fast-check').default> {
  try {
    return (await import('fast-check')).default;
  } catch {
    throw new ScenarioError('parity draws with fast-check, and it is not installed here: npm install --save-dev fast-check');
  }
}

function resultText(
  { folder, plans, runs, operations, decisions, known, different }: ParityResult,
  seed: number,
  paint: Paint,
): string {
  const met = knownDifferences.filter(({ name }) => known[name] !== undefined);
  const notes = met.map(({ name, why }) => `    known      ${name}: ${known[name]} times. ${why}`);
  if (different === undefined) {
    const what = `${plans} plans and ${runs} runs (${operations} operations, ${decisions} decisions, seed ${seed})`;
    return [`${paint.good('✓')} ${folder}: ${what}: the same results, errors and bytes`, ...notes].join('\n');
  }
  const { plan, step, operation, simulated, real } = different;
  return [
    `${paint.bad('✕')} ${folder}: simulated and real differ at step ${step}, ${operation} (seed ${seed})`,
    ...plan.map((line, index) => `    ${String(index).padStart(3)}  ${line}`),
    `    simulated  ${simulated}`,
    `    real       ${real}`,
    ...notes,
  ].join('\n');
}
