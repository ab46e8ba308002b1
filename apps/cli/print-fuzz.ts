/** What `fuzz` reports of a campaign: as JSON, and in words. */
import type { FuzzCounts } from '../../campaigns/index.ts';
import { counted } from '../output/counted.ts';
import { type Coverage, coverageText } from './coverage.ts';
import { idleText } from './idle-exhibit.ts';
import { type Lost, lostText } from './lost-units.ts';
import type { Paint } from './terminal.ts';

export interface Found {
  readonly property: string;
  readonly message: string;
  readonly token: string;
  readonly seed: number;
  readonly count: number;
  readonly shrunk:
    | {
        readonly token: string;
        readonly faults: number;
        readonly nodes: number;
        readonly tries: number;
        readonly isMinimal: boolean;
      }
    | undefined;
}

export interface Campaign extends FuzzCounts {
  readonly lost: readonly Lost[];
  readonly isInterrupted: boolean;
}

export interface Again {
  readonly token: string;
  readonly stillFails: boolean;
  readonly properties: readonly string[];
}

/** The outcome of a campaign. */
export interface Outcome {
  /** The first seed. */
  readonly first: number;
  readonly campaign: Campaign;
  readonly found: readonly Found[];
  readonly again: readonly Again[];
  readonly coverage: Coverage;
  /** Marks and pairs that it had to reach, and did not. */
  readonly missed: readonly string[];
  /** An exhibit that changed no run. */
  readonly idle: string | undefined;
}

export function isRed({ found, again, missed }: Outcome): boolean {
  return found.length > 0 || missed.length > 0 || again.some(({ stillFails }) => stillFails);
}

/** Whether a campaign has shown nothing: no run decided anything, so no property was put to the test. */
export function isIdle({ campaign: { runs, heights } }: Outcome): boolean {
  return runs > 0 && heights === 0;
}

export function fuzzJson(outcome: Outcome): object {
  const { first, campaign, found, again, missed, idle, coverage } = outcome;
  const {
    runs,
    deaths,
    heights,
    marks,
    kinds,
    environments,
    faults,
    idleFaults,
    undecided,
    reasons,
    owing,
    tenHeights,
    lost,
    failures,
  } = campaign;
  return {
    version: 1,
    ok:
      heights > 0 &&
      !campaign.isInterrupted &&
      !isRed(outcome) &&
      idle === undefined &&
      undecided.length === 0 &&
      lost.length === 0,
    seed: first,
    runs,
    deaths,
    heights,
    violated: failures.length,
    undecided: undecided.length,
    reasons,
    owing,
    tenHeights,
    lost,
    isInterrupted: campaign.isInterrupted,
    marks,
    coverage,
    missed,
    ...(idle === undefined ? {} : { idle }),
    kinds,
    faults,
    idleFaults,
    environments,
    again,
    failures: found.map(({ property, message, token, count, shrunk }) => ({ property, message, token, count, shrunk })),
  };
}

export function fuzzText(name: string, { first, campaign, found, again, missed, idle, coverage }: Outcome, paint: Paint): string {
  const {
    runs,
    deaths,
    heights,
    marks,
    kinds,
    environments,
    faults,
    idleFaults,
    failures,
    undecided,
    reasons,
    owing,
    tenHeights,
    lost,
  } = campaign;
  const held = runs - failures.length - undecided.length;
  const lines = [
    `${name}, fuzzed from seed ${first}: ${counted(runs, 'run')}, ${counted(heights, 'height')}, ${counted(deaths, 'death')}`,
    `${held} held   ${failures.length} violated   ${undecided.length} undecided`,
    ...(lost.length > 0 ? [paint.bad(lostText(lost))] : []),
    ...(campaign.isInterrupted ? [paint.bad('interrupted: these are the runs that had ended')] : []),
    ...(owing > 0 ? [`${tenHeights} of the ${owing} runs in which progress was owed decided ten heights`] : []),
    paint.dim(`environments: ${counts(environments)}`),
    paint.dim(`faults: ${counts(kinds)}; ${idleFaults} of ${faults} did nothing`),
    paint.dim(`marks: ${counts(marks)}`),
    ...coverageText(coverage).map((line) => paint.dim(line)),
    ...(idle === undefined ? [] : [paint.bad(`undecided: ${idleText(idle)}`)]),
    ...(runs > 0 && heights === 0 ? [paint.bad('undecided: no run decided anything')] : []),
    ...missed.map((mark) => paint.bad(`✕ no run came by '${mark}'`)),
  ];
  for (const { token, stillFails, properties } of again)
    lines.push(
      stillFails
        ? paint.bad(`✕ ${token}, kept from before, still breaks ${properties.join(', ')}`)
        : paint.good(`✓ ${token}, kept from before, holds now`),
    );
  for (const { property, message, token, count, shrunk } of found) {
    lines.push(
      '',
      `${paint.bad(`✕ ${property}`)}     in ${count} of ${counted(runs, 'run')}`,
      `  ${message}`,
      `  replay   npx lazurite replay ${token}`,
    );
    if (shrunk !== undefined) {
      const { faults, nodes, tries, isMinimal } = shrunk;
      lines.push(
        `  smallest ${counted(faults, 'fault')}, ${counted(nodes, 'node')}${isMinimal ? ', each of them needed' : ''} (${counted(tries, 'try', 'tries')})`,
      );
      lines.push(
        `           npx lazurite replay ${shrunk.token}`,
        `  keep     npx lazurite replay ${shrunk.token} --save scenarios/regression.ts`,
        `  look     npx lazurite view ${shrunk.token}`,
      );
    }
  }
  if (undecided.length > 0)
    lines.push(
      '',
      `undecided: ${counts(reasons)}`,
      ...undecided.slice(0, 10).map((token) => `  replay   npx lazurite replay ${token}`),
    );
  return lines.join('\n');
}

function counts(record: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, count]) => `${key} ${count}`).join(', ') || 'none';
}
