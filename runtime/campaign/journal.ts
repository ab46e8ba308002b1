/**
 * The journal of a campaign: its plan, and the result of each unit as it is done, in a log of our own. A campaign that is interrupted, by Ctrl-C, SIGKILL
 * or a loss of power, goes on after the last result that is durable.
 */
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { CampaignPlan, FuzzCounts } from '../../campaigns/index.ts';
import { Decoder, Encoder, refuseHostile } from '../../core/cbor.ts';
import { type ScenarioData, ScenarioError } from '../../scenarios/index.ts';
import { Log, RecoveryError } from '../../wal/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });
const decoder = new Decoder({ useRecords: false, tagUint8Array: false });

export interface JournalStart {
  readonly plan: CampaignPlan;
  /** Only data: what a journal holds is never executed. */
  readonly data: ScenarioData;
  readonly shard: { readonly index: number; readonly of: number };
}

export class CampaignJournal {
  readonly start: JournalStart;
  /** By the first seed of the unit. A unit that was done twice is there once. */
  readonly results: Map<number, FuzzCounts>;
  readonly #log: Log;
  readonly #storage: RealFiles;

  private constructor(start: JournalStart, results: Map<number, FuzzCounts>, log: Log, storage: RealFiles) {
    this.start = start;
    this.results = results;
    this.#log = log;
    this.#storage = storage;
  }

  static create(folder: string, start: JournalStart): CampaignJournal {
    if (existsSync(folder))
      throw new ScenarioError(`${folder} exists; go on with \`lazurite campaign resume ${folder}\`, or give another name`);
    const storage = new RealFiles(folder);
    Log.init(storage, randomInt(2 ** 32));
    const log = opened(storage);
    log.append('start', bytesOf(start));
    log.flush();
    return new CampaignJournal(start, new Map(), log, storage);
  }

  /** Throws `ScenarioError` if there is no journal, or a damaged one. */
  static open(folder: string): CampaignJournal {
    if (!existsSync(folder)) throw new ScenarioError(`${folder}: there is no such campaign`);
    const storage = new RealFiles(folder);
    try {
      const log = opened(storage);
      let start: JournalStart | undefined;
      const results = new Map<number, FuzzCounts>();
      for (const { kind, payload } of log.entries()) {
        refuseHostile(payload);
        const value: unknown = decoder.decode(payload);
        if (kind === 'start') start = value as JournalStart;
        else {
          const [from, counts] = value as readonly [number, FuzzCounts];
          results.set(from, counts);
        }
      }
      if (start === undefined)
        throw new ScenarioError(`${folder}: it holds no plan: it was interrupted before it began; remove it`);
      return new CampaignJournal(start, results, log, storage);
    } catch (error) {
      storage.close();
      throw error instanceof RecoveryError ? new ScenarioError(`${folder}: ${error.message}`) : error;
    }
  }

  /** Durable when it returns. */
  add(from: number, counts: FuzzCounts): void {
    if (this.results.has(from)) return;
    this.#log.append('input', bytesOf([from, counts]));
    this.#log.flush();
    this.results.set(from, counts);
  }

  close(): void {
    this.#storage.close();
  }
}

function opened(storage: RealFiles): Log {
  const blocks = { heightOf: () => 1, keepBlocks: 1, blockAfter: () => new Uint8Array(0) };
  return Log.open(storage, { attest: 'next', salt: randomInt(2 ** 32), ...blocks });
}

function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(encoder.encode(value));
}
