/** What a campaign came to, as text or JSON, with its exit code: the same for a journal, several shards, and a queue. */
import { type CampaignTotals, type FailureGroup, failureGroups } from '../../campaigns/index.ts';
import { markdownCell, shown } from '../output/escape.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Paint } from './terminal.ts';

export interface ReportedCampaign {
  readonly totals: CampaignTotals;
  /** The names of the nodes, which are not part of a cause. */
  readonly nodes: readonly string[];
  /** The journal, or the name in the queue. */
  readonly place: { readonly folder: string } | { readonly campaign: string };
  /** Units that were given up. */
  readonly lost: readonly { readonly from: number; readonly reason: string }[];
  /** The command that does what is missing. */
  readonly goOn: string;
}

/** Prints it and sets the exit code. */
export function reportCampaign(
  reported: ReportedCampaign,
  form: { readonly json?: boolean; readonly markdown?: boolean },
  print: (text: string) => void,
  paint: Paint,
): void {
  const { counts, missing } = reported.totals;
  const isViolated = counts.failures.length > 0;
  const isUndecided = missing.length > 0 || counts.undecided.length > 0;
  process.exitCode = exitCodeOf({ isViolated, isUndecided });
  if (form.json === true) print(JSON.stringify(campaignJson(reported, !isViolated && !isUndecided), null, 1));
  else for (const line of (form.markdown === true ? campaignMarkdown : campaignText)(shown(reported), paint)) print(line);
}

function campaignJson({ totals, place, lost, nodes }: ReportedCampaign, ok: boolean): object {
  const { digest, done, missing, counts } = totals;
  const groups = failureGroups(counts.failures, nodes);
  return { version: 1, ok, ...place, digest, units: { done, missing: missing.length }, lost, groups, counts };
}

function* campaignText({ totals, lost, goOn, nodes }: ReportedCampaign, paint: Paint): Generator<string> {
  const { counts, missing } = totals;
  const { failures, undecided } = counts;
  const sign = failures.length > 0 ? paint.bad('✕') : missing.length + undecided.length > 0 ? '?' : paint.good('✓');
  yield `${sign} ${summaryOf(totals)}`;
  let property = '';
  for (const group of failureGroups(failures, nodes)) {
    if (group.property !== property) yield `    ${group.property}`;
    property = group.property;
    yield `        ${seedsOf(group)}: ${group.cause}`;
  }
  for (const { from, reason } of lost) yield `    lost: the unit from seed ${from}: ${reason}`;
  if (missing.length > 0) yield `    go on with   ${goOn}`;
}

/** For the page of a job on GitHub. */
function* campaignMarkdown({ totals, lost, nodes }: ReportedCampaign): Generator<string> {
  const groups = failureGroups(totals.counts.failures, nodes);
  yield `${summaryOf(totals)}\n`;
  if (groups.length > 0) yield '| property | cause | seeds |\n| --- | --- | --- |';
  for (const group of groups) yield `| ${markdownCell(group.property)} | ${markdownCell(group.cause)} | ${seedsOf(group)} |`;
  for (const { from, reason } of lost) yield `\nLost: the unit from seed ${from}: ${markdownCell(reason)}`;
}

function summaryOf({ counts, done, missing, digest }: CampaignTotals): string {
  const { runs, deaths, failures, undecided } = counts;
  return `${runs} runs, ${deaths} deaths, ${failures.length} red, ${undecided.length} undecided; ${done} units done, ${missing.length} missing; digest ${digest}`;
}

function seedsOf({ seeds }: FailureGroup): string {
  const some = seeds.slice(0, 5).join(', ');
  if (seeds.length === 1) return `seed ${some}`;
  return `${seeds.length} seeds, ${seeds.length > 5 ? 'first ' : ''}${some}`;
}
