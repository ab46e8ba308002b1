/**
 * `npm run powercut -- [--cuts 100] [--seed 1] [--on ext4,xfs]`: the model of the disk against real losses of power. Drawn operations run on a real file
 * system, its power is cut, and what comes back must be a state of the model. What the model calls impossible is printed with the fewest operations.
 */
import { constants } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Folder } from '../../programs/index.ts';
import { type Cut, cutAfter } from './cut.ts';
import { LoopDisk, type RealFileSystem, realFileSystems, whyNoPowerCut } from './loop-disk.ts';
import { removeStaleDisks } from './stale-disks.ts';
import { drawnWork, type Step, stepWords } from './work.ts';

const { values: flags } = parseArgs({
  options: { cuts: { type: 'string' }, seed: { type: 'string' }, on: { type: 'string' } },
});

function stop(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}

function whole(name: string, text: string | undefined, usual: number): number {
  const number = Number(text ?? usual);
  return Number.isSafeInteger(number) && number > 0 ? number : stop(`--${name} ${text}: expected a whole number from 1`);
}

function named(text: string | undefined): readonly RealFileSystem[] {
  if (text === undefined) return realFileSystems;
  return text
    .split(',')
    .map((name) => realFileSystems.find((one) => one === name) ?? stop(`--on ${name}: expected ${realFileSystems.join(', ')}`));
}

const cuts = whole('cuts', flags.cuts, 100);
const firstSeed = whole('seed', flags.seed, 1);
let impossible = 0;
let interruptedBy: 'SIGINT' | 'SIGTERM' | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    interruptedBy ??= signal;
  });

/** Signals are heard between two losses of power, so that the file system is unmounted. */
async function isInterrupted(): Promise<boolean> {
  await setImmediate();
  return interruptedBy !== undefined;
}

for (const home of removeStaleDisks()) process.stderr.write(`removed ${home}, which a killed run had left\n`);
for (const fileSystem of named(flags.on)) {
  if (await isInterrupted()) break;
  const why = whyNoPowerCut(fileSystem);
  if (why !== undefined) stop(`no power can be cut on ${fileSystem} here: ${why}`);
  const disk = new LoopDisk(fileSystem);
  try {
    let made = 0;
    const counts = { 'in the model': 0, impossible: 0, unknown: 0 };
    let lossy = 0;
    for (let seed = firstSeed; seed < firstSeed + cuts && !(await isInterrupted()); seed += 1) {
      const steps = drawnWork(seed);
      const cut = await cutAfter(disk, steps);
      made += 1;
      counts[cut.verdict] += 1;
      if (cut.isLossy) lossy += 1;
      if (cut.verdict !== 'impossible') continue;
      const smallest = await fewest(disk, steps);
      process.stdout.write(`✕ ${fileSystem}, seed ${seed}: what came back is no state of the model\n${wordsOf(...smallest)}\n`);
    }
    impossible += counts.impossible;
    process.stdout.write(
      `${counts.impossible > 0 ? '✕' : made === cuts ? '✓' : '?'} ${fileSystem}: ${made} ${made === 1 ? 'loss' : 'losses'} of power, ${lossy} lost something; ${counts['in the model']} in the model, ${counts.impossible} impossible, ${counts.unknown} with too many states to say\n`,
    );
  } finally {
    disk.end();
  }
}
if (interruptedBy !== undefined)
  process.stderr.write('interrupted: the losses of power that were asked for were not all tried\n');
if (impossible > 0) process.exitCode = 1;
else if (interruptedBy !== undefined) process.exitCode = 128 + constants.signals[interruptedBy];

/** Omits steps as long as what comes back is still impossible. */
async function fewest(disk: LoopDisk, all: readonly Step[]): Promise<readonly [readonly Step[], Cut]> {
  let steps = all;
  let cut = await cutAfter(disk, steps);
  for (let place = steps.length - 1; place >= 0 && !(await isInterrupted()); place -= 1) {
    const fewer = steps.filter((_step, index) => index !== place);
    const tried = await cutAfter(disk, fewer);
    if (tried.verdict === 'impossible') [steps, cut] = [fewer, tried];
  }
  return [steps, cut];
}

function wordsOf(steps: readonly Step[], { found }: Cut): string {
  return [...steps.map((step) => `    ${stepWords(step)}`), `  left: ${contentWords(found)}`].join('\n');
}

/** Such as `a 100 0, 7 b`: runs of equal bytes. */
function contentWords(folder: Folder): string {
  const words: string[] = [];
  for (const [path, entry] of folder) {
    if (entry.type !== 'file') continue;
    const runs =
      Buffer.from(entry.bytes)
        .toString('latin1')
        .match(/(.)\1*/gs) ?? [];
    words.push(`${path}: ${runs.map((run) => `${run.length} ${run[0] === '\0' ? 'zeros' : run[0]}`).join(', ') || 'empty'}`);
  }
  return words.join('; ');
}
