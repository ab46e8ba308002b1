/** What a campaign came to, as text or JSON, with its exit code: the same for a journal, several shards, and a queue. */
import type { CampaignTotals } from '../../campaigns/index.ts';
import { shown } from '../output/escape.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Paint } from './terminal.ts';

export interface ReportedCampaign {
  readonly totals: CampaignTotals;
  /** The journal, or the name in the queue. */
  readonly place: { readonly folder: string } | { readonly campaign: string };
  /** Units that were given up. */
  readonly lost: readonly { readonly from: number; readonly reason: string }[];
  /** The command that does what is missing. */
  readonly goOn: string;
}

/** Prints it and sets the exit code. */
export function reportCampaign(reported: ReportedCampaign, isJson: boolean, print: (text: string) => void, paint: Paint): void {
  const { counts, missing } = reported.totals;
  const isViolated = counts.failures.length > 0;
  const isUndecided = missing.length > 0 || counts.undecided.length > 0;
  process.exitCode = exitCodeOf({ isViolated, isUndecided });
  if (isJson) print(JSON.stringify(campaignJson(reported, !isViolated && !isUndecided), null, 1));
  else for (const line of campaignText(shown(reported), paint)) print(line);
}

function campaignJson({ totals, place, lost }: ReportedCampaign, ok: boolean): object {
  const { digest, done, missing, counts } = totals;
  return { version: 1, ok, ...place, digest, units: { done, missing: missing.length }, lost, counts };
}

function* campaignText({ totals, lost, goOn }: ReportedCampaign, paint: Paint): Generator<string> {
  const { counts, done, missing, digest } = totals;
  const { runs, deaths, failures, undecided } = counts;
  const sign = failures.length > 0 ? paint.bad('✕') : missing.length + undecided.length > 0 ? '?' : paint.good('✓');
  yield `${sign} ${runs} runs, ${deaths} deaths, ${failures.length} red, ${undecided.length} undecided; ${done} units done, ${missing.length} missing; digest ${digest}`;
  const names = [...new Set(failures.flatMap(({ properties }) => properties.map(({ name }) => name)))].sort();
  for (const name of names) {
    const seeds = failures
      .filter(({ properties }) => properties.some((property) => property.name === name))
      .map(({ seed }) => seed);
    yield `    ${name}: ${seeds.length} seeds, first ${seeds.slice(0, 5).join(', ')}`;
  }
  for (const { from, reason } of lost) yield `    lost: the unit from seed ${from}: ${reason}`;
  if (missing.length > 0) yield `    go on with   ${goOn}`;
}
