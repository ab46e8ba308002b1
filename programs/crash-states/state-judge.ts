/** The judge that says whether a state of the disk keeps what was acknowledged: a function of this process, or a command. */
import type { Folder } from '../recording/calls.ts';

export interface StateJudge {
  /** Equal keys mean equal folders. */
  keyOf(folder: Folder): string;
  /** What is wrong with a folder after these acknowledgements; undefined if nothing is. */
  complaintOf(folder: Folder, acknowledged: readonly unknown[]): Promise<string | undefined>;
  /** Recoveries that were run so far. */
  readonly runs: number;
  /** How many states may be judged at once. */
  readonly atOnce: number;
}

/** How every complaint begins that says that nothing could be read at all. */
export const notRecovered = 'it could not be recovered';
