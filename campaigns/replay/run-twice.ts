/** What two more runs say of a run: the same once more must have the same hash, and the honest node in place of a broken one another hash. */
import type { PropertyResult, Run } from '../../scenarios/runner.ts';
import { differsFromHonest } from '../exhibit-effect.ts';

type Judged = Omit<Run, 'world' | 'node' | 'again' | 'at'>;

/** The last property is judged by a second run: it must end with the same hash. */
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

/** An exhibit that changed nothing has shown nothing: what held is undecided. */
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

/** All that the command would complain of: the run's own complaints, and those of the two further runs. */
export function complaintsOfAll(run: Run): readonly string[] {
  const { data, seed, variant, exhibit } = run;
  const options = { seed, ...(variant === null ? {} : { variant }) };
  const isIdle = exhibit !== undefined && !differsFromHonest(run.hash, data, options);
  return withIdleExhibit(withDeterminism(run, run.again().hash), isIdle).complaints;
}
