/** What `crashpoints` prints: the strip, the certificate, and failures grouped by the property they broke, the smallest of each shown. */

import {
  type Cell,
  type CrashpointFailure,
  type CrashpointsOptions,
  type CrashpointsReport,
  runFailure,
} from '../../campaigns/index.ts';
import type { RunEvent } from '../../core/events.ts';
import { momentOf, propertiesOf, type Run } from '../../scenarios/index.ts';
import { lineOf, wordsOf } from '../../scenarios/trace-text.ts';
import { counted } from '../output/counted.ts';
import { visible } from '../output/escape.ts';
import type { Paint } from './terminal.ts';

const excerptLines = 8;

/** Deaths and returns, and what the nodes of the violation sent at its height, up to the violation. */
function excerptOf({ failure, property }: CrashpointFailure): readonly string[] {
  const run: Run = runFailure(failure, true);
  const at = run.properties.find(({ name }) => name === property)?.event ?? -1;
  const violation = at >= 0 ? run.world.trace.at(at) : undefined;
  const lines: string[] = [];
  for (const event of run.world.trace.events()) {
    if (violation !== undefined && event.index > violation.index) break;
    const isLast = event.index === violation?.index;
    if (!isLast && !isTelling(event, violation)) continue;
    const words = wordsOf(event);
    if (words !== undefined) lines.push(`${lineOf(event, words)}${isLast ? `     ✕ ${property}` : ''}`);
  }
  return lines.slice(-excerptLines);
}

function isTelling(event: RunEvent, violation: RunEvent | undefined): boolean {
  if (event.type === 'death' || event.type === 'restart' || event.type === 'stopped') return true;
  if (violation === undefined || event.node !== violation.node || event.type !== 'effect') return false;
  const named = momentOf(event);
  if (named?.name === 'recovered') return true;
  if (named?.name !== 'publish' || violation.type !== 'effect') return false;
  const wanted = momentOf(violation)?.detail;
  return (
    named.detail['height'] === wanted?.['height'] &&
    named.detail['round'] === wanted?.['round'] &&
    named.detail['type'] === wanted?.['type']
  );
}

export function crashpointsJson(report: CrashpointsReport, options: CrashpointsOptions, ms: number): object {
  const { cells, images, states, rules, isComplete, held, violated, undecided } = report;
  const deaths = options.death === undefined ? ['kill', 'power'] : [options.death];
  return {
    version: 1,
    ok: violated === 0 && undecided === 0 && report.withoutDeath.length === 0,
    withoutDeath: report.withoutDeath,
    points: cells.length,
    images,
    ...(report.pairs === undefined ? {} : { pairs: report.pairs }),
    distinct: states.length,
    ...(report.verifiedMerges === undefined ? {} : { verifiedMerges: report.verifiedMerges }),
    held,
    violated,
    undecided,
    complete: {
      pending: options.pending,
      deaths,
      nested: options.nested === true,
      ...(options.together === true ? { together: true } : {}),
      rule: rulesText(rules),
      isComplete,
    },
    failures: report.failures.map(({ property, point, count, token, message, failure: { hash } }) => ({
      property,
      point,
      count,
      token,
      hash,
      message,
    })),
    ms,
  };
}

export function crashpointsText(name: string, report: CrashpointsReport, ms: number, paint: Paint): string {
  const { victims, cells, states, rules, isComplete, held, violated, undecided } = report;
  const lines = [
    `${victims.join(', ')} ${victims.length > 1 ? 'die' : 'dies'} ${report.pairs === undefined ? 'anywhere' : 'together anywhere'}: ${visible(name)}    ${pointsText(report)}`,
    strip(cells, paint),
    `${held} held   ${violated} violated   ${undecided} undecided    ${(ms / 1000).toFixed(1)} s`,
    `${imagesText(report)}, ${counted(states.length, 'distinct state')} after recovery; the list is ${isComplete ? 'complete' : 'bounded'}: ${rulesText(rules)}`,
    ...(report.verifiedMerges === undefined
      ? []
      : [`merges verified: ${report.verifiedMerges} equal keys stood for equal states`]),
    ...report.withoutDeath.map(({ property, message }) =>
      paint.bad(visible(`violated without any death: ${property}: ${message}`)),
    ),
    '',
    siteTable(cells),
  ];
  for (const failure of report.failures) {
    const { property, count, sites, point, message, token } = failure;
    const hint = propertiesOf(failure.failure.scenario).find(({ name: known }) => known === property)?.hint ?? '';
    lines.push(
      '',
      `${paint.bad(visible(`✕ ${property}`))}     ${counted(count, 'crash point')}: ${Object.entries(sites)
        .map(([site, number]) => `${site} ${number}`)
        .join(', ')}`,
    );
    lines.push(`  smallest ${point}`, `  ${visible(message)}`, ...excerptOf(failure).map((line) => `    ${visible(line)}`));
    if (hint !== '') lines.push(`  hint     ${visible(hint)}`);
    lines.push(
      `  replay   npx lazurite replay ${token}`,
      `  why      npx lazurite why ${token}`,
      `  look     npx lazurite view ${token}`,
      `  keep     npx lazurite replay ${token} --save scenarios/regression.ts`,
    );
  }
  return lines.join('\n');
}

function pointsText({ cells, pairs }: CrashpointsReport): string {
  const points = counted(cells.length, 'crash point');
  return pairs === undefined ? points : `${counted(pairs, 'pair')} of ${points}`;
}

function imagesText({ images, pairs }: CrashpointsReport): string {
  return pairs === undefined ? counted(images, 'crash image') : counted(images, 'pair of crash images', 'pairs of crash images');
}

/** Each rule's parts once. */
function rulesText(rules: readonly string[]): string {
  return [...new Set(rules.flatMap((rule) => rule.split('; ')))].join('; ') || 'no write was torn';
}

const signs = { held: '·', violated: '✕', undecided: '?' } as const;

/** One sign a crash point, in the order of the run, by node, height and round. */
function strip(cells: readonly Cell[], paint: Paint): string {
  const groups = new Map<string, string>();
  for (const { point, verdict } of cells) {
    const life = point.life > 0 ? `+${point.life}` : '';
    const key = `${point.node}${life} h${point.height} r${point.round}`;
    const sign = verdict === 'held' ? signs.held : paint.bad(signs[verdict]);
    groups.set(key, (groups.get(key) ?? '') + sign);
  }
  return [...groups].map(([key, text]) => `${key}  ${text}`).join('\n');
}

/** Points and images by site. */
function siteTable(cells: readonly Cell[]): string {
  const sites = [...new Set(cells.map(({ point }) => point.site))];
  const rows = sites.map((site) => {
    const of = cells.filter(({ point }) => point.site === site);
    const violated = of.filter(({ verdict }) => verdict === 'violated').length;
    const images = of.reduce((sum, cell) => sum + cell.images, 0);
    return `${site.padEnd(16)}${String(of.length).padStart(7)}${String(images).padStart(9)}${String(violated).padStart(10)}`;
  });
  return [`${'site'.padEnd(16)}${'points'.padStart(7)}${'images'.padStart(9)}${'violated'.padStart(10)}`, ...rows].join('\n');
}
