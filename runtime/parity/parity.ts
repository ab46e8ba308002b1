/** Parity: the simulated disk and real files, compared on drawn lists of operations and on whole runs, with the smallest list that differs. */
import { compareStorages, type Difference } from './compare.ts';
import { realFolder, simulated } from './folders.ts';
import { operationLists, operationWords, type ParityOperation } from './operations.ts';
import { compareRun } from './recorded-runs.ts';

export interface ParityOptions {
  readonly plans: number;
  /** Whole runs of four validators with drawn kills, compared node by node. */
  readonly runs: number;
  readonly seed: number;
  /** The folder on whose file system real files are made. */
  readonly folder: string;
  /** The storage that is compared with the simulated disk; default: real files. Tests put a wrong one here. */
  readonly real?: typeof realFolder;
}

export interface ParityResult {
  readonly folder: string;
  readonly plans: number;
  readonly runs: number;
  readonly operations: number;
  readonly decisions: number;
  /** Known differences that were met, with their number. */
  readonly known: Readonly<Record<string, number>>;
  /** The smallest list that was found, or the run; undefined: no difference. */
  readonly different: (Difference & { readonly plan: readonly string[] }) | undefined;
}

/** `fc`: fast-check, which draws and shrinks. */
export function parity(fc: typeof import('fast-check').default, options: ParityOptions): ParityResult {
  const { plans, runs, seed, folder, real = realFolder } = options;
  const known: Record<string, number> = {};
  let operations = 0;
  const note = (names: readonly string[]): void => {
    for (const name of names) known[name] = (known[name] ?? 0) + 1;
  };
  const differenceOf = (list: readonly ParityOperation[]): Difference | undefined => {
    const { first, known: names } = compareStorages(list, simulated(), real(folder));
    operations += list.length;
    note(names);
    return first;
  };
  const property = fc.property(operationLists(fc), (list) => differenceOf(list) === undefined);
  const { counterexample } = fc.check(property, { numRuns: plans, seed });
  const done = { folder, plans, runs, known };
  if (counterexample !== null) {
    const { list, found } = smallest(counterexample[0], differenceOf);
    return { ...done, operations, decisions: 0, different: { ...found, plan: list.map(operationWords) } };
  }
  let decisions = 0;
  for (let run = 0; run < runs; run += 1) {
    for (const compared of compareRun(seed + run, folder)) {
      operations += compared.operations;
      decisions += compared.decisions;
      note(compared.known);
      if (compared.first !== undefined)
        return {
          ...done,
          operations,
          decisions,
          different: { ...compared.first, plan: [`the run of seed ${seed + run}, node ${compared.node}`] },
        };
    }
  }
  return { ...done, operations, decisions, different: undefined };
}

/** Removes what comes after the difference, and each operation that the difference does not need. */
function smallest(
  list: readonly ParityOperation[],
  differenceOf: (list: readonly ParityOperation[]) => Difference | undefined,
): { readonly list: readonly ParityOperation[]; readonly found: Difference } {
  let found = differenceOf(list);
  if (found === undefined)
    throw new Error('a plan that differed does so no more: real files depend on something beside the plan');
  let kept = list.slice(0, found.step + 1);
  for (let index = kept.length - 1; index >= 0; index -= 1) {
    const fewer = kept.filter((_operation, place) => place !== index);
    const still = differenceOf(fewer);
    if (still === undefined) continue;
    kept = fewer;
    found = still;
  }
  return { list: kept, found: differenceOf(kept) ?? found };
}
