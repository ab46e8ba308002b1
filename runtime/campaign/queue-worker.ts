/** A worker: it does units of a campaign until all are done, the campaign is cancelled, or the worker is stopped. */
import { hostname } from 'node:os';
import type { FuzzCounts, WorkUnit } from '../../campaigns/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import { type CampaignQueue, keyPrefix, type QueueState } from './campaign-queue.ts';
import { readUnit } from './queued-data.ts';

export interface WorkOptions {
  /** How many units are done at one time. */
  readonly jobs: number;
  /** After this time (ms) without a sign of life from its worker, a unit is given to another worker. */
  readonly leaseMs: number;
  readonly signal: AbortSignal;
  /** Does one unit. Two workers may be given the same unit. */
  readonly run: (unit: WorkUnit) => Promise<FuzzCounts>;
  readonly show?: (state: QueueState) => void;
}

export interface WorkDone {
  /** How many units this worker did. */
  readonly units: number;
  /** The state of the campaign at the end; undefined if it was cancelled. */
  readonly state: QueueState | undefined;
}

/** A thousand workers ask the server a thousand times in this time. */
const pollMs = 1000;
/** A unit is given up after its workers have died this many times: the unit may be the cause. */
const mostDeaths = 10;

/** Throws `ScenarioError` for a campaign of another version of the package. */
export async function workOn(
  queue: CampaignQueue,
  version: string,
  { jobs, leaseMs, signal, run, show }: WorkOptions,
): Promise<WorkDone> {
  const { server, name, campaign } = queue;
  if (campaign.plan.version !== version)
    throw new ScenarioError(
      `${name} is a campaign of version ${campaign.plan.version}, and this is ${version}: seeds may draw other faults; use that version`,
    );
  const { Worker, UnrecoverableError } = server.engine;
  let units = 0;
  const worker = new Worker(
    name,
    async ({ data }): Promise<FuzzCounts> => {
      const unit = unitIn(data);
      const counts = await run(unit);
      units += 1;
      return counts;
    },
    {
      connection: server.redis,
      prefix: keyPrefix,
      // The server keeps which worker did which unit.
      name: `${hostname()}-${process.pid}`,
      concurrency: jobs,
      lockDuration: leaseMs,
      stalledInterval: leaseMs,
      maxStalledCount: mostDeaths,
      drainDelay: 1,
    },
  );
  const unitIn = (data: unknown): WorkUnit => {
    try {
      return readUnit(data, campaign.plan);
    } catch (error) {
      // Another try would come to the same.
      throw new UnrecoverableError((error as Error).message);
    }
  };
  // A server that is away, or a unit that another worker was given meanwhile: the engine tries again.
  worker.on('error', () => undefined);
  const state = await ended(queue, signal, show);
  await worker.close(state === undefined);
  // Until it noticed, the engine may have made keys anew.
  if (state === undefined) await queue.cancel();
  return { units, state: await queue.state() };
}

/** Polls until nothing is left to do. Units that the server has lost are for the coordinator to add. */
async function ended(
  queue: CampaignQueue,
  signal: AbortSignal,
  show: (state: QueueState) => void = () => undefined,
): Promise<QueueState | undefined> {
  for (;;) {
    const state = await queue.state();
    if (state === undefined || signal.aborted || isOver(state)) return state;
    show(state);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** All units of the campaign are done or given up. */
export function isOver({ units, done, lost }: QueueState): boolean {
  return done + lost >= units;
}
