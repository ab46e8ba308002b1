/**
 * `npm run hostile -- N` gives N mutated inputs to all readers (logs, payloads, messages, scenarios, tokens, failure files). A reader must accept an
 * input or refuse it with an error of its own kind, within limits of time and memory. `--seconds S` limits the time, `--seed` sets the seed, and
 * `--only NUMBER` tries one input again. Exit 1 for a finding.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, seconds: { type: 'string' }, only: { type: 'string' } },
});
const total = values.only === undefined ? Number(positionals[0] ?? 100_000) : 1;
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const first = Number(values.only ?? 0);
const endMs = values.seconds === undefined ? Number.POSITIVE_INFINITY : Number(values.seconds) * 1000;
/** An input that takes longer than this hangs. The limit is high because a busy machine may be slow. */
const hangMs = 60_000;
const heapMegabytes = 1024;

/** One line of a reading process: the input `at` was read, or what went wrong with it. */
interface Report {
  readonly at: number;
  readonly reader?: string;
  readonly wrong?: string;
}

const started = performance.now();
let done = 0;
let findings = 0;

function finding({ at, reader, wrong }: Report): void {
  findings += 1;
  process.stdout.write(
    `input ${at}${reader === undefined ? '' : ` (${reader})`}: ${wrong}\n  again: npm run hostile -- --seed ${seed} --only ${at}\n`,
  );
}

/** Reads every `step`-th input from `from` on, in another process. If the process dies, a new one continues after the input that killed it. */
async function readAll(from: number, step: number): Promise<void> {
  for (let next = from; next < first + total && performance.now() - started < endMs; ) next = await read(next, step);
}

/** Returns the number of the first input that was not tried. */
function read(from: number, step: number): Promise<number> {
  const args = ['--import', './dev/strip-types.js', '--conditions=lazurite-source', `--max-old-space-size=${heapMegabytes}`];
  const child = spawn(process.execPath, [...args, 'dev/hostile/reading.ts', ...[seed, from, first + total, step].map(String)], {
    stdio: ['ignore', 'inherit', 'ignore', 'pipe'],
  });
  let at = from - step;
  let rest = '';
  let isHung = false;
  let last = performance.now();
  child.stdio[3]?.on('data', (data: Buffer) => {
    last = performance.now();
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const report = JSON.parse(line) as Report;
      if (report.wrong !== undefined) finding(report);
      else {
        at = report.at;
        done += 1;
      }
    }
  });
  const watch = setInterval(() => {
    isHung = performance.now() - last > hangMs;
    if (isHung || performance.now() - started > endMs) child.kill('SIGKILL');
  }, 200);
  return new Promise((resolve) => {
    child.on('close', (status) => {
      clearInterval(watch);
      const isOver = performance.now() - started > endMs && !isHung;
      if (status !== 0 && !isOver)
        finding({
          at,
          wrong: isHung
            ? `it had not ended after ${hangMs / 1000} s`
            : `the process died (${status}): all memory was taken, or worse`,
        });
      resolve(status === 0 || isOver ? Number.POSITIVE_INFINITY : at + step);
    });
  });
}

const jobs = values.only === undefined ? Math.max(1, availableParallelism()) : 1;
await Promise.all(Array.from({ length: jobs }, (_, job) => readAll(first + job, jobs)));
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(`${done} hostile inputs, seed ${seed}: ${findings} findings, ${seconds} s\n`);
process.exitCode = findings > 0 ? 1 : 0;
