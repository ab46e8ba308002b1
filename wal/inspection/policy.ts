/** What engines make of a damaged log: what is asked, and what is answered. */
import type { Inspection } from './inspected.ts';
import type { LogFormat } from './log-format.ts';

export type PolicyName = 'lazurite' | 'malachite' | 'cometbft';

export interface PolicyOutcome {
  readonly policy: PolicyName;
  /** Bytes that it keeps. */
  readonly keptBytes: number;
  readonly keptEntries: number;
  /** Whole entries after its cut, which are given up. */
  readonly lostEntries: number;
  /** Whether the node starts with what is left. */
  readonly goesOn: boolean;
  readonly words: string;
}

/** What the policies are asked about. */
export interface Asked {
  readonly inspection: Inspection;
  readonly format: LogFormat;
  readonly bytes: Uint8Array;
  /** The offset of the first problem in `bytes`; null if there is none. */
  readonly end: number | null;
  /** In order; the last is the one that is written to. */
  readonly files: readonly { readonly start: number; readonly name?: string }[];
  readonly gap?: string | undefined;
}
