/**
 * The type of an exhibit: an honest node with one part replaced by a wrapper that has a real-world bug. Honest code has no branch for it.
 */
import type { NodeParts } from '../actors/node/index.ts';
import type { NodeSpec } from '../actors/scheduler/index.ts';
import type { BootStep } from '../wal/index.ts';
import type { ExhibitName } from './exhibit-names.ts';

export interface Exhibit {
  readonly name: ExhibitName;
  /** The bug, in one sentence. */
  readonly bug: string;
  /** Where the bug was found: a project and an issue, a file, or a paper. */
  readonly source: string;
  /** Set if the exhibit is only for nodes of this protocol (default: any protocol, or Tendermint). */
  readonly protocol?: string;
  /** The rule it breaks, in a few words. */
  readonly rule: string;
  /** The properties that catch it in its scene (scenes.ts). */
  readonly expected: readonly string[];
  /** Replaces parts before the node is built. */
  readonly parts?: <Config, State, Input, Said, AppState>(
    parts: NodeParts<Config, State, Input, Said, AppState>,
  ) => NodeParts<Config, State, Input, Said, AppState>;
  /** Replaces the steps of `init`, which makes its disk before its first life. */
  readonly init?: (steps: readonly BootStep[]) => readonly BootStep[];
  /** Replaces actors of the built node. */
  readonly spec?: (spec: NodeSpec) => NodeSpec;
}
