/** What a cluster is asked for, and what it reports. */
import type { JudgedProperty } from './judge.ts';
import type { NetworkCounts } from './network-proxy.ts';

export interface ClusterOptions {
  readonly nodes: number;
  /** The run ends when every node has decided this height and `minKills` kills were made. */
  readonly untilHeight: number;
  readonly minKills: number;
  /** The most kills. */
  readonly maxKills: number;
  /** Gives up after this time. */
  readonly limitMs: number;
  readonly kills: 'random' | 'none';
  /** `random`: between nodes messages are delayed, dropped and doubled, and nodes are cut off. Default: they come at once. */
  readonly network?: 'random' | 'none';
  readonly exhibit: string | undefined;
  /** Draws which node is killed, where, and what is left. Moments are the machine's: a seed gives no run twice. */
  readonly seed: number;
  /** Where nodes, records and logs go; must not exist. */
  readonly folder: string;
  /** The records of all lives are kept, so that the folder can be opened later. Else only those of the newest lives. */
  readonly keepRecords: boolean;
  readonly progress?: (state: ClusterProgress) => void;
}

export interface ClusterProgress {
  readonly lowest: number;
  readonly kills: number;
  readonly seconds: number;
}

export interface ClusterResult {
  readonly verdict: 'held' | 'violated' | 'undecided';
  readonly properties: readonly JudgedProperty[];
  readonly off: readonly string[];
  /** What went wrong beside the properties: processes that did something else, files that are not what was recorded, nodes that stopped. */
  readonly strange: readonly string[];
  readonly heights: Readonly<Record<string, number>>;
  readonly kills: number;
  /** Kills after which what was not synced was taken away. */
  readonly rolledBack: number;
  readonly lostBytes: number;
  readonly atPoints: Readonly<Record<string, number>>;
  readonly pauses: number;
  /** What the proxy between the nodes did. */
  readonly network: NetworkCounts;
  readonly events: number;
  readonly seconds: number;
  readonly folder: string;
}
