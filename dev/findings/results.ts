/** What was found of one package, kept in the scratch folder: the page is written from all of them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from './catalogue.ts';
import type { PackedReport } from './packed-report.ts';
import type { RealLoss } from './real-loss.ts';

export interface Result {
  readonly packages: readonly string[];
  readonly report: PackedReport;
  /** Undefined if no power was cut. */
  readonly real?: readonly RealLoss[];
}

export function readResult(scratch: string, subject: Subject): Result | undefined {
  const file = fileOf(scratch, subject);
  if (!existsSync(file)) return undefined;
  const result = JSON.parse(readFileSync(file, 'utf8')) as Result;
  return result.packages.join() === subject.packages.join() ? result : undefined;
}

export function writeResult(scratch: string, subject: Subject, result: Result): void {
  mkdirSync(join(scratch, 'results'), { recursive: true });
  writeFileSync(fileOf(scratch, subject), `${JSON.stringify(result, null, 1)}\n`);
}

/** Real losses that the model calls impossible, in words: a bug of the model. If not all of its states were tried, nothing is said. */
export function outsideTheModel({ report, real = [] }: Result): readonly string[] {
  return real.flatMap(({ fileSystem, at, outcome, words }) => {
    if (outcome === 'kept') return [];
    const question = outcome === 'lost' ? 'kept' : 'whole';
    const { verdict, failing, isComplete } = report[question];
    const isPossible = verdict === 'undecided' || failing.includes(fileSystem) || !isComplete;
    return isPossible ? [] : [`${fileSystem}, power cut ${at === 'once' ? 'at the acknowledgement' : 'later'}: ${words}`];
  });
}

function fileOf(scratch: string, { name }: Subject): string {
  return join(scratch, 'results', `${name.replaceAll(/[^a-z0-9]+/g, '-')}.json`);
}
