/** Finds, for each violated property, the deaths that violate it. The simplest of them becomes a run that can be repeated alone. */
import { pointText } from '../../actors/scheduler/index.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { runScenario } from '../../scenarios/runner.ts';
import { formatToken } from '../../scenarios/token.ts';
import { type Failure, failureOf, namedCase, nameOf } from '../replay/named-run.ts';
import { type CrashpointsOptions, crashpointsPlan } from './from-scenario.ts';
import type { Cell, CrashpointsResult } from './plan.ts';

/** The deaths that violate one property. */
export interface CrashpointFailure {
  readonly property: string;
  /** The number of crash points at which a death violates it. */
  readonly count: number;
  /** The same number, by site. */
  readonly sites: Readonly<Record<string, number>>;
  /** The crash point and the image of the simplest death. If several are equally simple, it is the earliest. */
  readonly point: string;
  readonly message: string;
  /** Repeats the run of that death: `lazurite replay TOKEN`. */
  readonly token: string;
  /** The same run as a separate scenario. */
  readonly failure: Failure;
}

export function failuresIn(
  data: ScenarioData,
  { cells }: CrashpointsResult,
  options: CrashpointsOptions,
): readonly CrashpointFailure[] {
  const names = [...new Set(cells.flatMap(({ failures }) => failures.map(({ property }) => property)))];
  const { restartMs } = crashpointsPlan(data, options);
  const { variant, exhibit } = options;
  return names.map((property): CrashpointFailure => {
    const failed = cells.filter(({ failures }) => failures.some((failure) => failure.property === property));
    const { cell, failure } = plainest(failed, property);
    const { death, message } = failure;
    const second = death.second === undefined ? '' : `%${death.second}`;
    const together = death.together === undefined ? '' : `--${death.together}`;
    const point = `${pointText(cell.point, cell.phase)}/${death.image}${second}${together}`;
    const name = nameOf(data, { point, restartMs, exhibit, ...(variant === undefined ? {} : { variant }) });
    const token = formatToken(name);
    const { data: alone, options: how } = namedCase(data, name);
    return {
      property,
      count: failed.length,
      sites: countBy(failed.map(({ point: { site } }) => site)),
      point,
      message,
      token,
      failure: failureOf(alone, how, runScenario(alone, how), property, token),
    };
  });
}

/**
 * Picks the simplest death. One death is simpler than two. A kill, or a loss of everything unsynced, is simpler than a loss of nothing, and that is
 * simpler than a partial loss. Among equals the earliest is picked.
 */
function plainest(
  failed: readonly Cell[],
  property: string,
): { readonly cell: Cell; readonly failure: Cell['failures'][number] } {
  const deaths = failed.flatMap((cell) =>
    cell.failures.filter((failure) => failure.property === property).map((failure) => ({ cell, failure })),
  );
  const rankOf = (image: string): number => (/^(kill|none)/.test(image) ? 0 : image === 'all' ? 1 : 2);
  const rank = ({ failure: { death } }: (typeof deaths)[number]): number =>
    (death.second === undefined ? 0 : 10) + rankOf(death.image) + rankOf(death.together?.split('/').at(-1) ?? 'none');
  const [first] = deaths.sort((a, b) => rank(a) - rank(b) || a.cell.order - b.cell.order);
  if (first === undefined) throw new Error(`no death broke ${property}`);
  return first;
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
