/** Where the simulated disk and real files are known to differ, and why that is no fault: docs/parity.md shows this table. */
import type { ParityOperation } from './operations.ts';

export interface KnownDifference {
  readonly name: string;
  readonly why: string;
  readonly holds: (
    operation: ParityOperation | undefined,
    difference: { readonly simulated: string; readonly real: string },
  ) => boolean;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'a sync of a folder that was never made',
    why: 'The simulated disk has names and no folders, so it has nothing to miss. The log makes a file in a folder before it syncs the folder.',
    holds: (operation, { simulated, real }) =>
      operation?.type === 'syncDirectory' && simulated === 'done' && real === `ENOENT of syncDirectory ${operation.directory}`,
  },
];
