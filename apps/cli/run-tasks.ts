/** What `run` is to run: a task for each variant of each file and each seed. A file that cannot be loaded is reported, and the others still run. */
import { type ScenarioData, ScenarioError } from '../../scenarios/index.ts';
import { variantNamed } from '../../scenarios/runner.ts';
import { loadScenario, scenarioFiles } from './load-scenario.ts';
import { plainCluster } from './plain-cluster.ts';
import type { RunTask } from './run-unit.ts';
import { refuseFlags, type TraceFlags } from './trace-flags.ts';

export interface TaskFlags extends TraceFlags {
  readonly seed?: number;
  readonly seeds?: readonly number[];
  readonly delay?: readonly [number, number];
  readonly variant?: string;
  readonly grep?: string;
  readonly until?: ScenarioData['until'];
  readonly validators?: number;
  readonly crash?: string;
  readonly jobs: number;
  readonly maxSteps?: number;
}

/** What is to be run, and what is wrong with the files that cannot be. */
interface Planned {
  readonly tasks: readonly RunTask[];
  readonly mistakes: readonly string[];
}

export async function tasksOf(paths: readonly string[], flags: TaskFlags): Promise<Planned> {
  const common = {
    ...(flags.maxSteps === undefined ? {} : { maxSteps: flags.maxSteps }),
    ...(flags.delay === undefined ? {} : { delay: flags.delay }),
    ...(flags.until === undefined ? {} : { until: flags.until }),
  };
  if (paths.length === 0) {
    const plain = { file: '', plain: clusterOf(flags), ...common };
    refuseFlags(flags, plainCluster(plain.plain.validators));
    const tasks = (flags.seeds ?? [flags.seed]).map((seed) => (seed === undefined ? plain : { ...plain, seed }));
    return { tasks, mistakes: [] };
  }
  const tasks: RunTask[] = [];
  const mistakes: string[] = [];
  for (const file of scenarioFiles(paths)) {
    const data = await loadOr(file, (mistake) => mistakes.push(mistake));
    if (data === undefined) continue;
    refuseFlags(flags, data);
    if (flags.grep !== undefined && !data.name.includes(flags.grep) && !file.includes(flags.grep)) continue;
    const names = flags.variant === undefined ? data.variants.map(({ name }) => name) : [flags.variant];
    // A wrong name is reported here, before any worker starts.
    if (flags.variant !== undefined) variantNamed(data, flags.variant);
    const own = { file, ...common, ...(flags.jobs === 1 ? { data } : {}) };
    const variants = names.length === 0 ? [own] : names.map((variant) => ({ ...own, variant }));
    for (const seed of flags.seeds ?? [flags.seed])
      tasks.push(...variants.map((task) => (seed === undefined ? task : { ...task, seed })));
  }
  return { tasks, mistakes };
}

async function loadOr(file: string, onMistake: (mistake: string) => void): Promise<ScenarioData | undefined> {
  try {
    return (await loadScenario(file)).data;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    onMistake(error.message);
    return undefined;
  }
}

/** `run --validators 4`, with or without `--crash B@1.0/wal.flush~1:before`: no file at all. */
function clusterOf({ validators, crash }: TaskFlags): NonNullable<RunTask['plain']> {
  if (validators === undefined && crash === undefined)
    throw new ScenarioError(
      'give a scenario file or a folder, or a cluster: run --validators 4, and with a crash point run --validators 4 --crash B@1.0/wal.flush~1:before',
    );
  return { validators: validators ?? 4, crash };
}
