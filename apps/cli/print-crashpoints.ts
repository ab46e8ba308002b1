/** What `crashpoints` prints: the strip, the certificate, and failures grouped by the property they broke, the smallest of each shown. */

import { pointText } from '../../actors/scheduler/index.ts';
import { type CrashpointsOptions, crashpointsPlan } from '../../campaigns/crash-points/from-scenario.ts';
import type { Cell, CrashpointsResult } from '../../campaigns/index.ts';
import { type Failure, failureOf, namedCase, nameOf } from '../../campaigns/index.ts';
import type { RunEvent } from '../../core/events.ts';
import { formatToken, momentOf, propertiesOf, type Run, runScenario, type ScenarioData } from '../../scenarios/index.ts';
import { lineOf, wordsOf } from '../../scenarios/trace-text.ts';
import type { Paint } from './terminal.ts';

/** All deaths that broke one property. */
export interface Cause {
  readonly property: string;
  /** How many crash points. */
  readonly count: number;
  /** By site, how many. */
  readonly sites: Readonly<Record<string, number>>;
  /** The plainest death, and of those the earliest. */
  readonly point: string;
  readonly message: string;
  readonly token: string;
  /** The same as a scenario of its own. */
  readonly kept: Failure;
  /** Its run, again: hash and the events that tell. */
  readonly hash: string;
  readonly excerpt: readonly string[];
  readonly hint: string;
}

export function causesOf(data: ScenarioData, { cells }: CrashpointsResult, options: CrashpointsOptions): readonly Cause[] {
  const names = [...new Set(cells.flatMap(({ failures }) => failures.map(({ property }) => property)))];
  const { restartMs } = crashpointsPlan(data, options);
  const { variant, exhibit } = options;
  return names.map((property): Cause => {
    const failed = cells.filter(({ failures }) => failures.some((failure) => failure.property === property));
    const { cell, failure } = plainest(failed, property);
    const { death, message } = failure;
    const second = death.second === undefined ? '' : `%${death.second}`;
    const point = `${pointText(cell.point, cell.phase)}/${death.image}${second}`;
    const name = nameOf(data, { point, restartMs, exhibit, ...(variant === undefined ? {} : { variant }) });
    const token = formatToken(name);
    const { data: alone, options: how } = namedCase(data, name);
    const run = runScenario(alone, { ...how, record: true });
    return {
      property,
      count: failed.length,
      sites: countBy(failed.map((cell) => cell.point.site)),
      point,
      message,
      token,
      kept: failureOf(alone, how, run, property, token),
      hash: run.hash,
      excerpt: excerptOf(run, property),
      hint: propertiesOf(data).find(({ name }) => name === property)?.hint ?? '',
    };
  });
}

/** One death before two; a whole disk or none before a part of it; then the earliest. */
function plainest(
  failed: readonly Cell[],
  property: string,
): { readonly cell: Cell; readonly failure: Cell['failures'][number] } {
  const deaths = failed.flatMap((cell) =>
    cell.failures.filter((failure) => failure.property === property).map((failure) => ({ cell, failure })),
  );
  const rank = ({ failure: { death } }: (typeof deaths)[number]): number =>
    (death.second === undefined ? 0 : 10) + (/^(kill|none)/.test(death.image) ? 0 : death.image === 'all' ? 1 : 2);
  const [first] = deaths.sort((a, b) => rank(a) - rank(b) || a.cell.order - b.cell.order);
  if (first === undefined) throw new Error(`no death broke ${property}`);
  return first;
}

const excerptLines = 8;

/** Deaths and returns, and what the nodes of the violation sent at its height, up to the violation. */
function excerptOf(run: Run, property: string): readonly string[] {
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

export function crashpointsJson(
  result: CrashpointsResult,
  causes: readonly Cause[],
  options: CrashpointsOptions,
  ms: number,
): object {
  const { cells, images, states, rules, isComplete } = result;
  const { held, violated, undecided } = verdicts(cells);
  const deaths = options.death === undefined ? ['kill', 'power'] : [options.death];
  return {
    version: 1,
    ok: violated === 0 && undecided === 0,
    points: cells.length,
    images,
    distinct: states.length,
    held,
    violated,
    undecided,
    complete: { pending: options.pending, deaths, nested: options.nested === true, rule: rulesText(rules), isComplete },
    failures: causes.map(({ property, point, count, token, hash, message }) => ({
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

export function crashpointsText(
  name: string,
  victims: readonly string[],
  result: CrashpointsResult,
  causes: readonly Cause[],
  ms: number,
  paint: Paint,
): string {
  const { cells, images, states, rules, isComplete } = result;
  const { held, violated, undecided } = verdicts(cells);
  const lines = [
    `${victims.join(', ')} ${victims.length > 1 ? 'die' : 'dies'} anywhere: ${name}    ${cells.length} crash points`,
    strip(cells, paint),
    `${held} held   ${violated} violated   ${undecided} undecided    ${(ms / 1000).toFixed(1)} s`,
    `${images} crash images, ${states.length} distinct states after recovery; the list is ${isComplete ? 'complete' : 'bounded'}: ${rulesText(rules)}`,
    '',
    siteTable(cells),
  ];
  for (const { property, count, sites, point, message, token, excerpt, hint } of causes) {
    lines.push(
      '',
      `${paint.bad(`✕ ${property}`)}     ${count} crash points: ${Object.entries(sites)
        .map(([site, number]) => `${site} ${number}`)
        .join(', ')}`,
    );
    lines.push(`  smallest ${point}`, `  ${message}`, ...excerpt.map((line) => `    ${line}`));
    if (hint !== '') lines.push(`  hint     ${hint}`);
    lines.push(
      `  replay   npx lazurite replay ${token}`,
      `  why      npx lazurite why ${token}`,
      `  look     npx lazurite view ${token}`,
      `  keep     npx lazurite replay ${token} --save scenarios/regression.ts`,
    );
  }
  return lines.join('\n');
}

function verdicts(cells: readonly Cell[]): Readonly<Record<'held' | 'violated' | 'undecided', number>> {
  const count = (verdict: string): number => cells.filter((cell) => cell.verdict === verdict).length;
  return { held: count('held'), violated: count('violated'), undecided: count('undecided') };
}

/** Each rule's parts once. */
function rulesText(rules: readonly string[]): string {
  return [...new Set(rules.flatMap((rule) => rule.split('; ')))].join('; ') || 'no write was torn';
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
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
    const { violated } = verdicts(of);
    const images = of.reduce((sum, cell) => sum + cell.images, 0);
    return `${site.padEnd(16)}${String(of.length).padStart(7)}${String(images).padStart(9)}${String(violated).padStart(10)}`;
  });
  return [`${'site'.padEnd(16)}${'points'.padStart(7)}${'images'.padStart(9)}${'violated'.padStart(10)}`, ...rows].join('\n');
}
