/** The arguments of `npm run bench`, checked. */
import { parseArgs } from 'node:util';
import { BenchUsageError } from './errors.ts';

export interface BenchRequest {
  readonly json: boolean;
  /** Print the names of the rows and measure nothing. */
  readonly list: boolean;
  /** Names of rows; undefined: all. */
  readonly rows: readonly string[] | undefined;
  /** The version to compare with, as git understands it. */
  readonly against: string | undefined;
  /** A row fails when it is worse by more than this factor. */
  readonly limit: number;
}

const usage = 'use: npm run bench -- [--json] [--list] [--row NAME[,NAME]]... [--against COMMIT [--limit 1.1]]';

export function parseBenchArguments(args: readonly string[], rowNames: readonly string[]): BenchRequest {
  const { json, list, row, against, limit } = optionsOf(args);
  const rows = row?.flatMap((names) => names.split(',').map((name) => name.trim()));
  for (const name of rows ?? [])
    if (!rowNames.includes(name))
      throw new BenchUsageError(`--row: there is no row '${name}'; the rows are: ${rowNames.join(', ')}`);
  if (limit !== undefined && against === undefined)
    throw new BenchUsageError(`--limit: needs --against COMMIT, the version to compare with; ${usage}`);
  return { json: json === true, list: list === true, rows, against, limit: limit === undefined ? 1.1 : limitOf(limit) };
}

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        list: { type: 'boolean' },
        row: { type: 'string', multiple: true },
        against: { type: 'string' },
        limit: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new BenchUsageError(`${(error as Error).message}; ${usage}`);
  }
}

function limitOf(text: string): number {
  const limit = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(limit >= 1)) throw new BenchUsageError(`--limit: expected a number of 1 or more, such as 1.05; found '${text}'`);
  return limit;
}
