/**
 * What an exhibit is: an honest node with one part replaced by a wrapper that has a real-world bug. Never a branch in honest code.
 */
import type { NodeParts } from '../actors/node/index.ts';
import type { NodeSpec } from '../actors/scheduler/index.ts';
import type { BootStep } from '../wal/index.ts';
import type { ExhibitName } from './exhibit-names.ts';

export interface Exhibit {
  readonly name: ExhibitName;
  /** The bug, in one sentence. */
  readonly bug: string;
  /** Where it was met: a project and an issue, a file, a paper. */
  readonly source: string;
  /** It breaks a node of this protocol alone; default: of any, or of Tendermint. */
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
