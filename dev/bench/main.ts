/** `npm run bench`: prints the table of rows, or compares two versions. README.md in this folder says how to read both. */
import { arch, cpus, platform } from 'node:os';
import { type BenchRequest, parseBenchArguments } from './arguments.ts';
import { BenchError } from './errors.ts';
import { type MeasuredRow, measureRows } from './measure.ts';
import { groups, rowNames } from './rows.ts';

const print = (text: string): void => {
  process.stdout.write(text);
};
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

try {
  const request = parseBenchArguments(process.argv.slice(2), rowNames);
  if (request.list) print(`${rowNames.join('\n')}\n`);
  else if (request.against === undefined) await measureThisVersion(request);
  else process.exitCode = (await compareWith(request.against, request)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}

async function measureThisVersion({ rows: wanted, json }: BenchRequest): Promise<void> {
  const rows: MeasuredRow[] = [];
  await measureRows(groups, wanted ?? rowNames, {
    starts: (names, runs) => say(`measuring ${names.join(', ')}${runs === 1 ? '' : `, ${runs} times`}`),
    measured: (row) => {
      rows.push(row);
      if (!json) print(`${lineOf(row)}\n`);
    },
  });
  if (json) print(jsonOf({ rows }));
  const { user, system } = process.cpuUsage();
  say(`one pass: ${((user + system) / 1e6).toFixed(1)} s of processor time`);
}

/** True when no row failed. */
async function compareWith(commit: string, { rows, limit, json }: BenchRequest): Promise<boolean> {
  // Loaded only here: code that is loaded counts in the row `memory`.
  const { against } = await import('./against.ts');
  const { comparisonText, verdictText } = await import('./comparison-text.ts');
  const { abortWhenInterrupted } = await import('./interruption.ts');
  const here = 'this version';
  const { version, itself, comparison } = await against({
    root: process.cwd(),
    commit,
    limit,
    rows,
    signal: abortWhenInterrupted(),
    say,
    noise: (comparison) => {
      if (!json) print(`this version against itself\n${comparisonText(comparison, { here: 'second', there: 'first' })}\n`);
    },
  });
  if (json) print(jsonOf({ against: version.hash, limit, itself, comparison }));
  else {
    const text = comparisonText(comparison, { here, there: version.short });
    print(
      `this version against ${version.short}; a ratio above 1: this version is worse\n${text}\n${verdictText(comparison, limit)}`,
    );
  }
  return comparison.rows.every(({ failed }) => !failed);
}

function lineOf({ name, value, unit, floor, ratio }: MeasuredRow): string {
  return `${name.padEnd(14)} ${value} ${unit}${floor === undefined ? '' : `   floor ${floor}, ratio ${ratio}`}`;
}

function jsonOf(content: object): string {
  const [cpu] = cpus();
  const machine = {
    node: process.version,
    platform: platform(),
    arch: arch(),
    cpus: cpus().length,
    model: cpu?.model ?? 'unknown',
  };
  return `${JSON.stringify({ version: 1, machine, ...content }, null, 1)}\n`;
}
