/** Mutants that change nothing which any run could show, each with its own reason. Named by file and code, so that lines may move. */
import type { Mutant } from './scope.ts';

interface Equivalent {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

const known: readonly Equivalent[] = [];

export function reasonFor({ file, from, to }: Mutant): string | undefined {
  return known.find((one) => one.file === file && one.from === from && one.to === to)?.reason;
}
