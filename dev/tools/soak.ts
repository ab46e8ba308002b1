/**
 * `npm run soak -- --minutes 30` kills real nodes at random for 30 minutes and judges them while they run. After half of the kills it also removes
 * everything that was not synced. It prints what was done, and how much memory this judging process holds after a collection of garbage. Exit 1
 * unless all properties hold.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Cluster } from '../../runtime/index.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    on: { type: 'string', default: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() },
  },
});

const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  process.stderr.write('--minutes: give a number above 0\n');
  process.exit(2);
}
const folder = mkdtempSync(join(values.on, 'lazurite-soak-'));
const memory: number[] = [];
let lastProgress = 0;
const cluster = new Cluster({
  nodes: 4,
  untilHeight: 1,
  minKills: Number.POSITIVE_INFINITY,
  maxKills: Number.POSITIVE_INFINITY,
  limitMs: minutes * 60_000,
  kills: 'random',
  exhibit: undefined,
  seed: Number(values.seed),
  folder,
  keepRecords: false,
  progress: ({ lowest, kills, seconds }) => {
    if (seconds < lastProgress + 10) return;
    lastProgress = seconds;
    const held = heldMiB();
    memory.push(held);
    process.stderr.write(`${seconds.toFixed(0)} s: ${kills} kills, height ${lowest}, ${held.toFixed(0)} MiB\n`);
  },
});
process.once('SIGINT', () => cluster.interrupt());
const result = await cluster.run();
const { verdict, kills, rolledBack, lostBytes, pauses, events, seconds, heights, strange, properties, atPoints } = result;
const atPoint = Object.entries(atPoints).reduce((sum, [at, count]) => sum + (at === 'at once' ? 0 : count), 0);
const median = (numbers: readonly number[]): string => ([...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0).toFixed(0);
const quarter = Math.max(1, memory.length >> 2);
process.stdout.write(
  [
    `${verdict}: ${kills} kills in ${seconds.toFixed(0)} s (${atPoint} at crash points), ${rolledBack} with the page cache lost (${lostBytes} bytes), ${pauses} pauses`,
    `heights ${JSON.stringify(heights)}, ${events} events judged`,
    `memory held by this process, which judges, MiB: ${median(memory.slice(0, quarter))} in the first quarter, ${median(memory.slice(-quarter))} in the last`,
    `blocks of the nodes, which a store never removes and whose disks are modelled twice, MiB: ${storedMiB().toFixed(1)}`,
    ...properties.filter((one) => one.verdict === 'violated').map(({ name, message }) => `violated ${name}: ${message}`),
    ...strange.map((what) => `strange: ${what}`),
    '',
  ].join('\n'),
);
if (verdict === 'held') rmSync(folder, { recursive: true });
else process.stdout.write(`nodes, records and logs: ${folder}\n`);
process.exit(verdict === 'held' ? 0 : 1);

/** Live objects and buffers. What the process has of the machine (its resident set) also holds garbage, and says little about growth. */
function heldMiB(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}

/** The files of all block stores. */
function storedMiB(): number {
  const files = Object.keys(result.heights).flatMap((node) => {
    const blocks = join(folder, node, 'blocks');
    return readdirSync(blocks).map((name) => statSync(join(blocks, name)).size);
  });
  return files.reduce((sum, size) => sum + size, 0) / 1_048_576;
}
