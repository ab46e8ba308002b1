/**
 * Runs inside the mutated copy. First it runs all units without a mutant, to see what each reaches. Then it runs each mutant against the
 * units that reach it, the cheapest first, until one gives a result that differs from that of the honest node. Reads tasks from a file and
 * writes a line of JSON for each verdict.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Outcome, type Unit, unitsOf } from './units.ts';

export interface Task {
  readonly mutants: readonly string[];
  readonly seeds: number;
  /** Without crash points. */
  readonly isQuick: boolean;
  /** Where the pass without a mutant is kept, for mutants that need a process of their own. */
  readonly baseline: string;
  readonly verdicts: string;
}

export interface MutantVerdict {
  readonly id: string;
  /**
   * `static`: it is switched when its module is loaded, so it needs a process of its own. `lost`: its process died or took too long, which a busy machine
   * can cause as well, so nothing is known of it.
   */
  readonly verdict: 'violated' | 'exception' | 'undecided' | 'survived' | 'unreached' | 'static' | 'lost';
  /** The unit that caught it, and the properties that were red there. */
  readonly unit?: string;
  readonly properties?: readonly string[];
  readonly ms: number;
}

interface Known extends Outcome {
  readonly ms: number;
  readonly reached: readonly string[];
}

interface Baseline {
  readonly units: Readonly<Record<string, Known>>;
  readonly atLoad: readonly string[];
}

interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number;
  mutantCoverage?: {
    readonly static: Readonly<Record<string, number>>;
    readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

/** How often the place of a mutant may be passed in one unit: a loop that does not end is left by it. */
const mostHits = 5_000_000;

const space = globalThis as unknown as { __stryker__?: Switches };
space.__stryker__ ??= {};
const switches = space.__stryker__;

const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Task;
const units = await unitsOf(task.seeds, task.isQuick);
const isAtLoad = process.env['__STRYKER_ACTIVE_MUTANT__'] !== undefined;
const baseline = existsSync(task.baseline) ? (JSON.parse(readFileSync(task.baseline, 'utf8')) as Baseline) : measure();
for (const id of task.mutants) appendFileSync(task.verdicts, `${JSON.stringify(judge(id))}\n`);

function measure(): Baseline {
  const known: Record<string, Known> = {};
  for (const { name, run } of units) {
    switches.currentTestId = name;
    const started = performance.now();
    const outcome = run();
    const reached = Object.keys(switches.mutantCoverage?.perTest[name] ?? {});
    known[name] = { ...outcome, ms: performance.now() - started, reached };
  }
  switches.currentTestId = undefined;
  const found = { units: known, atLoad: Object.keys(switches.mutantCoverage?.static ?? {}) };
  writeFileSync(task.baseline, JSON.stringify(found));
  return found;
}

function judge(id: string): MutantVerdict {
  const started = performance.now();
  const since = (): number => Math.round(performance.now() - started);
  const reaching = units
    .filter(({ name }) => isAtLoad || baseline.units[name]?.reached.includes(id) === true)
    .sort((a, b) => (baseline.units[a.name]?.ms ?? 0) - (baseline.units[b.name]?.ms ?? 0));
  if (reaching.length === 0) return { id, verdict: baseline.atLoad.includes(id) ? 'static' : 'unreached', ms: 0 };
  switches.activeMutant = id;
  let undecided: MutantVerdict | undefined;
  for (const unit of reaching) {
    const found = tried(unit);
    if (found === undefined) continue;
    if (found.verdict !== 'undecided') {
      switches.activeMutant = undefined;
      return { id, ...found, ms: since() };
    }
    undecided ??= { id, ...found, ms: since() };
  }
  switches.activeMutant = undefined;
  return undecided === undefined ? { id, verdict: 'survived', ms: since() } : { ...undecided, ms: since() };
}

/** What a unit says of the mutant that it does not say of the honest node. */
function tried({ name, run }: Unit): Omit<MutantVerdict, 'id' | 'ms'> | undefined {
  const honest = baseline.units[name];
  switches.hitCount = 0;
  switches.hitLimit = mostHits;
  try {
    const { violated, isUndecided } = run();
    const properties = violated.filter((property) => honest?.violated.includes(property) !== true);
    if (properties.length > 0)
      return {
        verdict: properties.every((property) => property === 'no-exception') ? 'exception' : 'violated',
        unit: name,
        properties,
      };
    return isUndecided && honest?.isUndecided !== true ? { verdict: 'undecided', unit: name } : undefined;
  } catch (error) {
    return {
      verdict: 'exception',
      unit: name,
      properties: [error instanceof Error ? error.message.slice(0, 120) : String(error)],
    };
  } finally {
    switches.hitCount = undefined;
  }
}
