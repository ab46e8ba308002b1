/** `cluster`: real nodes as processes, killed and paused, judged by the properties of the simulations. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { exhibits } from '../../museum/index.ts';
import { Cluster, type ClusterResult } from '../../runtime/index.ts';
import { type Duration, milliseconds, type ScenarioData, ScenarioError } from '../../scenarios/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { endTime, seedNumber, wholeNumber } from './flags.ts';
import { Progress } from './progress.ts';
import type { Paint } from './terminal.ts';

interface Flags {
  readonly nodes: number;
  readonly until: NonNullable<ScenarioData['until']>;
  readonly kill: 'random' | 'none';
  readonly network: 'random' | 'none';
  readonly kills?: number;
  readonly maxKills: number;
  readonly within: number;
  readonly break?: string;
  readonly seed: number;
  readonly on?: string;
  readonly keep?: string;
  readonly json?: boolean;
  readonly progress: boolean;
}

export function clusterCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('cluster')
    .description('real nodes: processes over files and TCP, killed at random and at crash points, judged by the same properties')
    .option('--nodes <n>', 'how many', nodeCount, 4)
    .option('--until <end>', 'a height that every node must decide, such as h:50', endTime, { height: 50, round: 0 })
    .option(
      '--kill <how>',
      'random: SIGKILL at random moments and crash points, half of them with the page cache lost; none',
      randomOrNone,
      'random',
    )
    .option(
      '--network <how>',
      'random: a proxy between nodes delays, drops and doubles messages, and cuts nodes off; none',
      randomOrNone,
      'none',
    )
    .option('--kills <n>', 'go on until so many kills were made', wholeNumber, 0)
    .option('--max-kills <n>', 'then leave them alone', wholeNumber, 1_000_000)
    .option('--within <time>', 'give up after this time', duration, 300_000)
    .option('--break <exhibit>', 'a broken node in place of the honest one')
    .option('--seed <n>', 'draws who is killed and what is left; moments are those of the machine', seedNumber, 1)
    .option('--on <folder>', 'nodes are made in a temporary folder within this one (default: the folder for temporary files)')
    .option(
      '--keep <folder>',
      'nodes, records and logs go here and stay, for view, why and replay (default: a temporary folder, kept when something is violated)',
    )
    .option('--json', 'for machines')
    .option('--no-progress', 'no line that says how far it is')
    .action(async (flags: Flags) => {
      if (flags.break !== undefined && !exhibits.some(({ name }) => name === flags.break))
        throw new ScenarioError(
          `no exhibit is called '${flags.break}'; there are ${exhibits.map(({ name }) => name).join(', ')}`,
        );
      if ('timeMs' in flags.until) throw new ScenarioError('--until: give a height, such as h:50; --within sets the time');
      if (flags.keep !== undefined && existsSync(flags.keep))
        throw new ScenarioError(`${flags.keep} exists; give a name that is free`);
      const folder = flags.keep ?? mkdtempSync(join(flags.on ?? tmpdir(), 'lazurite-cluster-'));
      const { height } = flags.until;
      const progress = new Progress(flags.progress);
      const cluster = new Cluster({
        nodes: flags.nodes,
        untilHeight: height,
        minKills: flags.kills ?? 0,
        maxKills: flags.maxKills,
        limitMs: flags.within,
        kills: flags.kill,
        network: flags.network,
        exhibit: flags.break,
        seed: flags.seed,
        folder,
        keepRecords: flags.keep !== undefined || flags.within <= longestKeptMs,
        progress: ({ lowest, kills }) => progress.show(Math.min(lowest, height), height, `heights, ${kills} kills`),
      });
      const interrupt = (): void => cluster.interrupt();
      process.once('SIGINT', interrupt);
      const result = await cluster.run();
      process.off('SIGINT', interrupt);
      progress.end();
      const isKept = flags.keep !== undefined || result.verdict === 'violated';
      if (!isKept) rmSync(folder, { recursive: true });
      if (flags.json === true) print(JSON.stringify({ version: 1, ok: result.verdict === 'held', ...result }, null, 1));
      else for (const line of lines(result, isKept, paint)) print(line);
      process.exitCode = exitCodeOf({ isViolated: result.verdict === 'violated', isUndecided: result.verdict === 'undecided' });
    });
}

/** With a longer time limit the records of old lives are deleted, unless the folder is to be kept. */
const longestKeptMs = 30 * 60_000;

function* lines(result: ClusterResult, isKept: boolean, paint: Paint): Generator<string> {
  const { verdict, properties, strange, heights, kills, rolledBack, lostBytes, pauses, events, seconds, off, atPoints } = result;
  const sign = verdict === 'held' ? paint.good('✓') : paint.bad(verdict === 'violated' ? '✕' : '?');
  const where = Object.entries(heights).map(([node, height]) => `${node} ${height}`);
  yield `${sign} ${verdict}: ${where.join(', ')} heights in ${seconds.toFixed(1)} s, ${events} events`;
  const points = Object.entries(atPoints).filter(([at]) => at !== 'at once');
  const atPoint = points.reduce((sum, [, count]) => sum + count, 0);
  yield `    ${kills} kills, ${atPoint} of them at ${points.length} ${points.length === 1 ? 'kind' : 'kinds'} of crash points; ${rolledBack} with the page cache lost (${lostBytes} bytes); ${pauses} pauses`;
  const { passed, delayed, dropped, doubled, cuts } = result.network;
  if (passed > 0)
    yield `    between nodes: ${passed} messages passed, ${delayed} delayed, ${dropped} dropped, ${doubled} doubled; ${cuts} times a node was cut off`;
  const held = properties.filter((property) => property.verdict === 'held').map(({ name }) => name);
  if (held.length > 0) yield `    held: ${held.join(', ')}`;
  for (const { name, message } of properties.filter((property) => property.verdict === 'violated'))
    yield `    ${paint.bad('violated')} ${name}: ${message}`;
  const open = properties.filter((property) => property.verdict === 'undecided').map(({ name }) => name);
  if (open.length > 0) yield `    not exercised: ${open.join(', ')}`;
  yield `    not judged on a machine: ${off.join(', ')}`;
  for (const what of strange) yield `    ${paint.bad('strange')} ${what}`;
  if (isKept) yield `    nodes, records and logs: ${result.folder} (lazurite view, why, and replay --trace open it)`;
}

function randomOrNone(text: string): 'random' | 'none' {
  if (text === 'random' || text === 'none') return text;
  throw new InvalidArgumentError("give 'random' or 'none'");
}

function nodeCount(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > 100) throw new InvalidArgumentError('give a number of nodes from 1 to 100');
  return value;
}

function duration(text: string): number {
  try {
    return milliseconds(text as Duration);
  } catch {
    throw new InvalidArgumentError('give a time such as 90s or 30m');
  }
}
