/** The outcome of a fuzz campaign as cases for a report: its properties, the marks it did not reach, and failures that were kept from before. */
import { propertiesOf, type ScenarioData } from '../../scenarios/index.ts';
import { offWithoutLog } from '../../scenarios/runner.ts';
import { idleText } from './idle-exhibit.ts';
import { isIdle, type Outcome } from './print-fuzz.ts';
import { casesOf, wrong } from './report-cases.ts';
import type { Case } from './report-formats.ts';

export function fuzzCases(
  data: ScenarioData,
  file: string,
  outcome: Outcome,
  exhibit: string | undefined,
  ms: number,
): readonly Case[] {
  const off = exhibit === 'no-wal' ? offWithoutLog : [];
  const properties = propertiesOf(data).flatMap(({ name }) => (off.includes(name) ? [] : [name]));
  const violated = outcome.found.map(({ property, message, token, shrunk }) => ({
    property,
    message,
    token: shrunk?.token ?? token,
  }));
  const common = { suite: data.name, file, ms: 0 };
  return [
    ...casesOf({ ...common, ms, properties, violated, open: openIn(outcome) }),
    ...outcome.missed.map((mark) => ({ ...common, ...wrong(`reaches ${mark}`, `no run came by '${mark}'`, '') })),
    ...outcome.again.map(({ token, stillFails, properties: broken }): Case => {
      const name = `${token}, kept from before`;
      if (stillFails) return { ...common, ...wrong(name, `still breaks ${broken.join(', ')}`, token) };
      return { ...common, name, verdict: 'held', isRight: true, message: '', token };
    }),
  ];
}

/** Why not all was judged. */
function openIn(outcome: Outcome): string | undefined {
  const { idle, campaign } = outcome;
  const { runs, undecided, lost, isInterrupted } = campaign;
  const reasons = [
    ...(isInterrupted ? [`interrupted after ${runs} runs`] : []),
    ...(undecided.length > 0 ? [`${undecided.length} of ${runs} runs were undecided`] : []),
    ...(idle === undefined ? [] : [idleText(idle)]),
    ...(isIdle(outcome) ? ['no run decided anything'] : []),
    ...lost.map(({ unit, error }) => `lost: ${unit}: ${error}`),
  ];
  if (reasons.length === 0) return runs === 0 ? 'no seed matched' : undefined;
  return reasons.join('; ');
}
