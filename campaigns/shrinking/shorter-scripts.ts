/** Generates shorter scripts, for shrinking: with fewer steps in a valid order, with deaths that leave fewer unsynced bytes, or with earlier moments. */
import type { ScenarioData, ScriptStep } from '../../scenarios/model.ts';
import { outOfOrder } from '../../scenarios/script-order.ts';
import { fewerOf, shorterTimes, simplerImages, simplerMoments, smallerNumbers, without } from './simpler-values.ts';

export function* shorterScripts(data: ScenarioData): Generator<ScenarioData> {
  for (const [node, steps] of Object.entries(data.scripts)) {
    const become = (others: readonly ScriptStep[]): ScenarioData => ({
      ...data,
      scripts: tidyScripts({ ...data.scripts, [node]: others }),
    });
    for (const fewer of fewerSteps(steps)) if (outOfOrder(data, node, fewer).length === 0) yield become(fewer);
    for (const [at, step] of steps.entries()) for (const simpler of simplerSteps(step)) yield become(steps.with(at, simpler));
  }
}

/** Removes empty scripts, and comparisons (`sameAs`, `differsFrom`) with a moment that no step waits for any more. */
export function tidyScripts(scripts: ScenarioData['scripts']): ScenarioData['scripts'] {
  const all = Object.values(scripts).flat();
  const isSeen = (label: string | undefined): boolean => all.some((step) => step.type === 'waitUntil' && step.as === label);
  const tidied = (step: ScriptStep): ScriptStep => {
    if (step.type !== 'expect') return step;
    const { sameAs, differsFrom, ...rest } = step;
    return {
      ...rest,
      ...(sameAs !== undefined && isSeen(sameAs) ? { sameAs } : {}),
      ...(differsFrom !== undefined && isSeen(differsFrom) ? { differsFrom } : {}),
    };
  };
  const written = Object.entries(scripts).filter(([, steps]) => steps.length > 0);
  return Object.fromEntries(written.map(([node, steps]) => [node, steps.map(tidied)]));
}

/** No step; then without each half, quarter and so on; then without two neighbours, such as a death and its restart. */
function* fewerSteps(steps: readonly ScriptStep[]): Generator<readonly ScriptStep[]> {
  yield [];
  yield* fewerOf(steps);
  for (const at of steps.keys()) yield steps.filter((_, index) => index !== at && index !== at + 1);
}

function* simplerSteps(step: ScriptStep): Generator<ScriptStep> {
  switch (step.type) {
    case 'waitUntil':
    case 'expect':
      if (step.withinMs !== undefined) yield without(step, 'withinMs') as ScriptStep;
      for (const moment of simplerMoments(step.moment)) yield { ...step, moment };
      break;
    case 'never':
      for (const forMs of shorterTimes(step.forMs, 20)) yield { ...step, forMs };
      break;
    case 'start':
      if (step.afterMs !== undefined) for (const afterMs of shorterTimes(step.afterMs)) yield { ...step, afterMs };
      break;
    case 'death':
      for (const image of simplerImages(step.image)) yield { ...step, image };
      if (step.strike !== undefined)
        for (const nth of smallerNumbers(step.strike.nth, 1)) yield { ...step, strike: { ...step.strike, nth } };
      break;
    case 'restart':
      if (step.afterMs > 100) yield { ...step, afterMs: 100 };
      break;
    case 'isolate':
      if (step.forMs !== undefined) for (const forMs of shorterTimes(step.forMs, 20)) yield { ...step, forMs };
      break;
    default:
      break;
  }
}
