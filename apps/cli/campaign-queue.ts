/**
 * `campaign ... --queue`: a campaign whose units are in a queue, so that workers on several machines can do them. `campaign start` puts the units in the
 * queue and waits for their results. `campaign work` takes units out and does them.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { totalsOf } from '../../campaigns/index.ts';
import {
  CampaignQueue,
  isOver,
  openServer,
  type QueuedCampaign,
  type QueueState,
  queueAddress,
  workOn,
} from '../../runtime/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { castOf } from '../../scenarios/model.ts';
import { say } from '../output/standard-error.ts';
import { reportCampaign } from './campaign-report.ts';
import { exitCodeOf } from './exit-code.ts';
import { durationMs, jobsOption } from './flags.ts';
import { fuzzTaskOf, fuzzWorker } from './fuzz-unit.ts';
import { Interruption } from './interruption.ts';
import { packageVersion } from './packaged.ts';
import { Progress } from './progress.ts';
import type { Paint } from './terminal.ts';
import { ThreadPool } from './thread-pool.ts';

type PrintLine = (text: string) => void;

interface WorkFlags {
  readonly queue: string;
  readonly jobs: number;
  readonly lease: number;
  readonly progress: boolean;
  readonly json?: boolean;
}

const passwordName = 'LAZURITE_QUEUE_PASSWORD';
const pollMs = 500;
const leastLeaseMs = 1000;
const defaultLeaseMs = 30_000;

export function queueOption(what: string): Option {
  return new Option(
    '--queue <address>',
    `${what}: redis://HOST:PORT, or rediss:// with TLS; or give the password in ${passwordName}`,
  );
}

export function queueCommands(campaign: Command, print: PrintLine): void {
  const inQueue = (name: string, what: string): Command =>
    campaign
      .command(name)
      .description(what)
      .argument('[campaign]', 'its name (default: the newest)')
      .addOption(queueOption('where it is').makeOptionMandatory());
  inQueue('work', 'do units of a campaign in a queue until all are done')
    .addOption(jobsOption())
    .option(
      '--lease <time>',
      'after this time without a sign of life from its worker, a unit is given to another worker',
      leaseOf,
      defaultLeaseMs,
    )
    .option('--no-progress', 'print no progress line')
    .option('--json', 'print JSON')
    .action(async (given: string | undefined, flags: WorkFlags) => work(given, flags, print));
  inQueue('status', 'show how many units of a campaign in a queue are done')
    .option('--json', 'print JSON')
    .action(async (given: string | undefined, flags: { readonly queue: string; readonly json?: boolean }) => {
      await withQueue(flags.queue, given, async (queue) => {
        const state = await queue.state();
        if (state === undefined) throw new ScenarioError(missingText(queue));
        print(
          flags.json === true ? JSON.stringify({ version: 1, campaign: queue.name, ...state }, null, 1) : stateText(queue, state),
        );
      });
    });
  inQueue('pause', 'workers begin no further units until `campaign resume`').action(
    async (given: string | undefined, flags: { readonly queue: string }) => {
      await withQueue(flags.queue, given, async (queue) => {
        await queue.pause();
        print(
          `${queue.name}: paused; go on with   npx lazurite campaign resume ${queue.name} --queue ${queue.server.address.shown}`,
        );
      });
    },
  );
  inQueue('cancel', 'remove a campaign and its results from the queue').action(
    async (given: string | undefined, flags: { readonly queue: string }) => {
      await withQueue(flags.queue, given, async (queue) => {
        await queue.cancel();
        print(`${queue.name}: cancelled`);
      });
    },
  );
}

/**
 * Puts the units of a campaign in a queue and, with `wait`, waits for their results. Units that are already there are not added twice. So a command that
 * was interrupted can be given again, and continues.
 */
export async function startInQueue(
  address: string,
  campaign: QueuedCampaign,
  flags: { readonly wait: boolean; readonly progress: boolean; readonly json?: boolean },
  print: PrintLine,
  paint: Paint,
): Promise<void> {
  const server = await openServer(addressOf(address), say);
  try {
    const queue = await CampaignQueue.create(server, campaign);
    const progress = new Progress(flags.progress);
    await queue.fill((added) => progress.show(added, undefined, 'units put in'));
    progress.end();
    if (!flags.wait) {
      const state = await queue.state();
      if (state === undefined) throw new ScenarioError(missingText(queue));
      await printState(queue, state, flags.json === true, print);
      return;
    }
    say(`campaign ${queue.name}; do its units with   npx lazurite campaign work ${queue.name} --queue ${server.address.shown}`);
    const isInterrupted = await waitForUnits(queue, progress);
    await report(queue, { json: flags.json === true }, print, paint);
    if (isInterrupted) process.exitCode = exitCodeOf({ isInterrupted });
  } finally {
    await server.close();
  }
}

export async function reportQueue(
  address: string,
  given: readonly string[],
  form: { readonly json?: boolean; readonly markdown?: boolean },
  print: PrintLine,
  paint: Paint,
): Promise<void> {
  if (given.length > 1) throw new ScenarioError('report: with --queue, give the name of one campaign');
  await withQueue(address, given[0], (queue) => report(queue, form, print, paint));
}

export async function resumeQueue(address: string, given: string | undefined, print: PrintLine): Promise<void> {
  await withQueue(address, given, async (queue) => {
    await queue.resume();
    print(`${queue.name}: workers go on`);
  });
}

/**
 * Waits until all units are done, and returns whether it was interrupted. A server that was killed may have lost the newest units: they are added
 * again.
 */
async function waitForUnits(queue: CampaignQueue, progress: Progress): Promise<boolean> {
  const signal = stopSignal();
  for (;;) {
    const state = await queue.state();
    if (state === undefined) throw new ScenarioError(missingText(queue));
    if (signal.aborted || isOver(state)) {
      progress.end();
      return signal.aborted;
    }
    if (state.done + state.lost + state.inWork + state.waiting < state.units) await queue.fill();
    progress.show(state.done, state.units, 'units');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function work(
  given: string | undefined,
  { queue: address, jobs, lease, progress: showsProgress, json }: WorkFlags,
  print: PrintLine,
): Promise<void> {
  await withQueue(address, given, async (queue) => {
    const { plan, data } = queue.campaign;
    const pool = await ThreadPool.open(fuzzWorker, jobs, fuzzWorker.hangMs);
    const progress = new Progress(showsProgress);
    const signal = stopSignal();
    try {
      const { units, state } = await workOn(queue, packageVersion(), {
        jobs,
        leaseMs: lease,
        signal,
        run: (unit) => pool.run(fuzzTaskOf(plan, data, unit)),
        show: ({ done, units: all }) => progress.show(done, all, 'units'),
      });
      progress.end();
      const isUndecided = state === undefined || state.lost > 0;
      process.exitCode = exitCodeOf({ isInterrupted: signal.aborted, isUndecided });
      if (json === true) print(JSON.stringify({ version: 1, campaign: queue.name, here: units, state: state ?? null }, null, 1));
      else print(`${units} units done here; ${state === undefined ? missingText(queue) : stateText(queue, state)}`);
    } finally {
      await pool.close();
    }
  });
}

async function withQueue(
  address: string,
  given: string | undefined,
  act: (queue: CampaignQueue) => Promise<void>,
): Promise<void> {
  const server = await openServer(addressOf(address), say);
  try {
    await act(await CampaignQueue.find(server, given));
  } finally {
    await server.close();
  }
}

async function report(
  queue: CampaignQueue,
  form: { readonly json?: boolean; readonly markdown?: boolean },
  print: PrintLine,
  paint: Paint,
): Promise<void> {
  const { results, lost } = await queue.results();
  const { name, campaign, server } = queue;
  const goOn = `npx lazurite campaign work ${name} --queue ${server.address.shown}`;
  const totals = totalsOf(campaign.plan, results);
  reportCampaign({ totals, nodes: castOf(campaign.data), place: { campaign: name }, lost, goOn }, form, print, paint);
}

async function printState(queue: CampaignQueue, state: QueueState, isJson: boolean, print: PrintLine): Promise<void> {
  const workers = await queue.workers();
  if (isJson) print(JSON.stringify({ version: 1, campaign: queue.name, ...state, workers }, null, 1));
  else print(`${stateText(queue, state)}; ${workers} ${workers === 1 ? 'worker' : 'workers'}`);
}

function stateText({ name }: CampaignQueue, { units, done, inWork, waiting, lost, isPaused }: QueueState): string {
  const pause = isPaused ? '; paused' : '';
  return `${name}: ${done} of ${units} units done, ${inWork} in work, ${waiting} waiting, ${lost} lost${pause}`;
}

function missingText({ name }: CampaignQueue): string {
  return `${name} is not in the queue any more: it was cancelled, or its server lost it`;
}

/**
 * Aborted by the first Ctrl-C or SIGTERM: the units that are running are finished, and no further one is begun. The next signal of either kind ends the
 * process at once. A command that only waits ends at its next look at the queue.
 */
function stopSignal(): AbortSignal {
  return new Interruption(['SIGINT', 'SIGTERM']).signal;
}

function addressOf(text: string): ReturnType<typeof queueAddress> {
  return queueAddress(text, process.env[passwordName]);
}

function leaseOf(text: string): number {
  const ms = durationMs(text);
  if (ms < leastLeaseMs) throw new InvalidArgumentError('give at least 1s');
  return ms;
}
