/** `npm run bench`: prints the table of rows. README.md in this folder says how to read it. */
import { arch, cpus, platform } from 'node:os';
import { BenchUsageError, parseBenchArguments } from './arguments.ts';
import { type MeasuredRow, measureRows } from './measure.ts';
import { groups, rowNames } from './rows.ts';

const exit = { usage: 2 } as const;

try {
  const { json, rows: wanted } = parseBenchArguments(process.argv.slice(2), rowNames);
  const rows: MeasuredRow[] = [];
  await measureRows(groups, wanted ?? rowNames, {
    starts: (names, runs) =>
      process.stderr.write(`measuring ${names.join(', ')}${runs === 1 ? '' : `, ${runs} times in turns`}\n`),
    measured: (row) => {
      rows.push(row);
      if (!json) process.stdout.write(`${lineOf(row)}\n`);
    },
  });
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, machine: machine(), rows }, null, 1)}\n`);
  const { user, system } = process.cpuUsage();
  process.stderr.write(`one pass: ${((user + system) / 1e6).toFixed(1)} s of processor time\n`);
} catch (error) {
  if (!(error instanceof BenchUsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exit.usage;
}

function lineOf({ name, value, unit, floor, ratio }: MeasuredRow): string {
  return `${name.padEnd(14)} ${value} ${unit}${floor === undefined ? '' : `   floor ${floor}, ratio ${ratio}`}`;
}

function machine() {
  return { node: process.version, platform: platform(), arch: arch(), cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown' };
}
