/** Says in words why a run ended. */
import type { RunEnd, World } from '../actors/scheduler/index.ts';
import type { ScenarioData } from './model.ts';
import { powerMissing } from './standstill.ts';

/** Whether a limit of deliveries ended the run, and not its own end or its time. */
export function wasGivenUp(end: RunEnd): boolean {
  return end === 'steps' || end === 'instant';
}

/** Whether the run ended in a way that the scenario does not ask for. */
export function wasCut({ until }: ScenarioData, end: RunEnd): boolean {
  return wasGivenUp(end) || (end !== 'reached' && (until === undefined || !('timeMs' in until)));
}

export function endText(data: ScenarioData, end: RunEnd, world: World): string {
  const missing = end === 'reached' ? undefined : powerMissing(data, world);
  const why = missing === undefined ? '' : `; ${missing}`;
  const ms = Math.round(world.now / 1000);
  if (wasCut(data, end)) return `given up at ${limitText[end]}, after ${world.steps} deliveries and ${ms} ms${why}`;
  return `ended at ${ms} ms: ${reasonText(data)}${why}`;
}

const limitText: Readonly<Record<RunEnd, string>> = {
  steps: 'the limit of deliveries',
  time: 'the limit of virtual time (an end in time, such as `--until 5m`, sets another)',
  instant: 'an instant at which ever more is delivered (something answers at once, for ever)',
  idle: 'a standstill',
  reached: 'its end',
};

function reasonText({ until, safetyMs, schedule }: ScenarioData): string {
  if (until !== undefined && 'timeMs' in until) return 'the time that `until` names';
  if (until !== undefined) {
    const round = until.round === 0 ? '' : `, round ${until.round}`;
    return `every node that is up was at height ${until.height}${round}, as \`until\` says`;
  }
  if (schedule !== undefined) return 'the chosen order of messages was over';
  if (safetyMs !== undefined) return 'the safety phase was over, and the nodes had gone on after it';
  return 'the scripts were done, and the nodes had gone on after them';
}
