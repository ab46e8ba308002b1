/**
 * A campaign in a queue: a thin layer over BullMQ. Each unit is a job with a unique name, so adding it twice adds it once. BullMQ handles retries, dead workers
 * and pauses. It delivers each unit at least once; a unit that is done twice gives the same result.
 */
import type { Job, Queue } from 'bullmq';
import type { CampaignPlan, FuzzCounts, WorkUnit } from '../../campaigns/index.ts';
import { digestOf } from '../../core/digest.ts';
import { ScenarioError } from '../../scenarios/index.ts';
import type { QueueServer } from './queue-server.ts';
import { type QueuedCampaign, type QueuedUnit, queuedUnits, readCampaign, readResult, writtenCampaign } from './queued-data.ts';

/** Before the names of all keys. */
export const keyPrefix = 'lazurite';
const listKey = `${keyPrefix}:campaigns`;
const batch = 500;
const tries = 3;

export interface QueueState {
  readonly units: number;
  readonly done: number;
  readonly inWork: number;
  readonly waiting: number;
  /** Given up after several tries. */
  readonly lost: number;
  readonly isPaused: boolean;
}

export interface QueueResults {
  readonly results: ReadonlyMap<number, FuzzCounts>;
  readonly lost: readonly { readonly from: number; readonly reason: string }[];
}

export class CampaignQueue {
  readonly name: string;
  readonly campaign: QueuedCampaign;
  readonly server: QueueServer;
  readonly #queue: Queue;
  readonly #units: readonly QueuedUnit[];

  private constructor(server: QueueServer, name: string, campaign: QueuedCampaign) {
    this.server = server;
    this.name = name;
    this.campaign = campaign;
    this.#units = queuedUnits(campaign.plan);
    this.#queue = new server.engine.Queue(name, {
      connection: server.redis,
      prefix: keyPrefix,
      // Nobody reads the events; what is done is counted.
      streams: { events: { maxLen: 10 } },
    });
    this.#queue.on('error', () => undefined);
  }

  /** The same plan again is the same campaign. Units are added by `fill`. */
  static async create(server: QueueServer, campaign: QueuedCampaign): Promise<CampaignQueue> {
    const written = writtenCampaign(campaign);
    const name = nameOf(campaign.plan);
    const there = await server.redis.set(keyOf(name), written, 'NX', 'GET');
    if (there !== null && there !== written)
      throw new ScenarioError(`${name} is another campaign in this queue; cancel it, or take another first seed`);
    await server.redis.zadd(listKey, 'NX', Date.now(), name);
    return new CampaignQueue(server, name, campaign);
  }

  /** Finds a campaign by name (default: the newest one). Throws `ScenarioError` if there is none. */
  static async find(server: QueueServer, given?: string): Promise<CampaignQueue> {
    const [newest] = await server.redis.zrange(listKey, '-1', '-1');
    const name = given ?? newest;
    if (name === undefined)
      throw new ScenarioError(
        `${server.address.shown}: no campaign is there; begin one with \`lazurite campaign start --queue\``,
      );
    if (!/^[0-9A-F]{8}$/.test(name))
      throw new ScenarioError(`'${name}' is no name of a campaign; it has eight digits, such as 01CAFB3D`);
    const size = await server.redis.strlen(keyOf(name));
    if (size === 0) throw new ScenarioError(`${server.address.shown}: there is no campaign '${name}'`);
    if (size > mostBytes) throw new ScenarioError(`${name}: ${size} bytes are too many for a campaign (at most ${mostBytes})`);
    return new CampaignQueue(server, name, readCampaign((await server.redis.get(keyOf(name))) ?? '', name));
  }

  /** Adds the units that are not there, and gives those that were given up another try. */
  async fill(onAdded: (added: number) => void = () => undefined): Promise<void> {
    for (let at = 0; at < this.#units.length; at += batch) {
      const jobs = this.#units.slice(at, at + batch).map((unit) => ({
        name: 'unit',
        data: unit,
        opts: { jobId: `from-${unit.from}`, attempts: tries, stackTraceLimit: 1 },
      }));
      await this.#queue.addBulk(jobs);
      onAdded(at + jobs.length);
    }
    await this.#queue.retryJobs({ state: 'failed' });
  }

  /** Undefined: the campaign is not there any more. */
  async state(): Promise<QueueState | undefined> {
    const isThere = (await this.server.redis.exists(keyOf(this.name))) === 1;
    if (!isThere) return undefined;
    const counts = await this.#queue.getJobCounts('completed', 'active', 'failed', 'waiting', 'delayed', 'prioritized');
    const of = (...kinds: readonly string[]): number => kinds.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);
    return {
      units: this.#units.length,
      done: of('completed'),
      inWork: of('active'),
      waiting: of('waiting', 'delayed', 'prioritized'),
      lost: of('failed'),
      isPaused: await this.#queue.isPaused(),
    };
  }

  /** The server looks through all of its connections for it, so that workers never ask. */
  workers(): Promise<number> {
    return this.#queue.getWorkersCount();
  }

  /** Only results that have the shape of one; what has not is lost. */
  async results(): Promise<QueueResults> {
    const results = new Map<number, FuzzCounts>();
    const lost: { readonly from: number; readonly reason: string }[] = [];
    for (const unit of await this.#jobs('completed'))
      try {
        results.set(unit.from, readResult(unit.job.returnvalue, unit));
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        lost.push({ from: unit.from, reason: error.message });
      }
    for (const { from, job } of await this.#jobs('failed')) lost.push({ from, reason: String(job.failedReason) });
    return { results, lost };
  }

  /** Pauses the campaign: workers take no further unit, and finish their present ones. */
  async pause(): Promise<void> {
    await this.#queue.pause();
  }

  async resume(): Promise<void> {
    await this.#queue.resume();
  }

  /** Removes the campaign with its units and results. */
  async cancel(): Promise<void> {
    await this.server.redis.del(keyOf(this.name));
    await this.server.redis.zrem(listKey, this.name);
    await this.#queue.obliterate({ force: true });
  }

  async close(): Promise<void> {
    await this.#queue.close();
    await this.server.close();
  }

  /** By the units of the plan: other jobs in the queue are not ours. */
  async #jobs(state: 'completed' | 'failed'): Promise<readonly (WorkUnit & { readonly job: Job })[]> {
    const units = new Map(this.#units.map((unit) => [`from-${unit.from}`, unit]));
    const found: (WorkUnit & { readonly job: Job })[] = [];
    for (let at = 0; ; at += batch) {
      const jobs = (await this.#queue.getJobs([state], at, at + batch - 1, true)) as readonly (Job | undefined)[];
      for (const job of jobs) {
        const unit = units.get(job?.id ?? '');
        if (job !== undefined && unit !== undefined) found.push({ ...unit, job });
      }
      if (jobs.length < batch) return found;
    }
  }
}

const mostBytes = 2 * 1024 * 1024;

function keyOf(name: string): string {
  return `${keyPrefix}:campaign:${name}`;
}

function nameOf(plan: CampaignPlan): string {
  return (digestOf([plan]) >>> 0).toString(16).toUpperCase().padStart(8, '0');
}
