/** What a cluster records beside the records of its processes, so that its folder can be opened later: how it began, deaths, and what is missing. */
import { join } from 'node:path';
import type { FileBytes } from './disk-model.ts';
import type { DeathRecord, FaultRecord } from './merged-records.ts';

export type SupervisorRecord =
  | {
      readonly type: 'start';
      readonly version: 1;
      readonly exhibit: string | null;
      readonly untilHeight: number;
      readonly kills: 'random' | 'none';
      readonly network: 'random' | 'none';
      /** The nodes, each with the files of its empty log. */
      readonly nodes: readonly (readonly [node: string, files: readonly FileBytes[]])[];
    }
  /** `records`: how many the process of this life wrote. */
  | ({ readonly node: string; readonly life: number; readonly records: number } & Omit<DeathRecord, 'time'>)
  | Omit<FaultRecord, 'time'>
  /** The record of a life was deleted, to save space. */
  | { readonly type: 'removed'; readonly node: string; readonly life: number }
  /** The cluster ended. `strange`: what its supervisor saw beside the records. */
  | {
      readonly type: 'end';
      readonly strange: readonly string[];
      readonly isReached: boolean;
      /** How many records the last life of each node has. */
      readonly records: readonly { readonly node: string; readonly life: number; readonly records: number }[];
    };

export type TimedSupervisorRecord = SupervisorRecord & { readonly time: number };

export function supervisorPath(folder: string): string {
  return join(folder, 'records', 'cluster.events');
}
