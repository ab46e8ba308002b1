/** Judges a run by two more runs. The same run again must have the same hash. The run with the honest node must have another hash than that with an exhibit. */
import type { PropertyResult, Run } from '../../scenarios/runner.ts';
import { differsFromHonest } from '../exhibit-effect.ts';

type Judged = Omit<Run, 'world' | 'node' | 'again' | 'at'>;

/** Adds the property `determinism` to a run. It holds if the second run has the same hash, `again`. */
export function withDeterminism<Report extends Judged>(run: Report, again: string): Report {
  const isSame = again === run.hash;
  const message = `a second run ended with the hash ${again}`;
  const result: PropertyResult = isSame
    ? { name: 'determinism', verdict: 'held' }
    : { name: 'determinism', verdict: 'violated', message };
  const properties = [...run.properties, result];
  const variant = run.data.variants.find(({ name }) => name === run.variant);
  const isExpected = variant?.expect?.fail.includes('determinism') === true;
  const verdict = isSame ? run.verdict : 'violated';
  if (isSame !== isExpected) return { ...run, properties, verdict };
  const complaint = isSame ? 'determinism was expected to fail and did not' : `determinism was violated: ${message}`;
  return { ...run, properties, verdict, asExpected: false, complaints: [...run.complaints, complaint] };
}

/** Makes a run undecided if its exhibit changed nothing (`isIdle`), because it has then shown nothing about the exhibit. */
export function withIdleExhibit<Report extends Judged>(run: Report, isIdle: boolean): Report {
  if (!isIdle) return run;
  const complaint = `the exhibit '${run.exhibit}' changed nothing: the run has the hash of the honest node's`;
  const verdict = run.verdict === 'violated' ? 'violated' : 'undecided';
  return {
    ...run,
    verdict,
    asExpected: false,
    complaints: [complaint, ...run.complaints],
    notCarriedOut: [complaint, ...run.notCarriedOut],
    open: [complaint, ...run.complaints],
  };
}

/** All complaints that the command would print: those of the run, and those of the two further runs. */
export function complaintsOfAll(run: Run): readonly string[] {
  const { data, seed, variant, exhibit } = run;
  const options = { seed, ...(variant === null ? {} : { variant }) };
  const isIdle = exhibit !== undefined && !differsFromHonest(run.hash, data, options);
  return withIdleExhibit(withDeterminism(run, run.again().hash), isIdle).complaints;
}
