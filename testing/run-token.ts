/** The token that a failed assertion carries: `lazurite replay` runs what it names. */
import { nameOf } from '../campaigns/replay/named-run.ts';
import type { Run } from '../scenarios/runner.ts';
import { formatToken } from '../scenarios/token.ts';

/** Runs that were made from another scenario, under the name that this one gives them. */
const named = new WeakMap<Run, string>();

/** From now on the run has this token: it was made from a scenario that a user knows. */
export function giveToken(run: Run, token: string): void {
  named.set(run, token);
}

export function tokenOf(run: Run): string {
  const { data, seed, variant, exhibit } = run;
  return named.get(run) ?? formatToken(nameOf(data, { seed, variant, exhibit: ownExhibit(run, exhibit) }));
}

/** An exhibit that the variant names is part of the scenario. */
function ownExhibit({ data, variant }: Run, exhibit: string | undefined): string | undefined {
  return data.variants.some(({ name }) => name === variant) ? undefined : exhibit;
}

/** Puts lines below the words of an error, also if its stack repeats them. */
export function addLines(error: Error, lines: readonly string[]): void {
  const { message, stack = '' } = error;
  error.message = [message, ...lines].join('\n');
  if (stack.includes(message)) error.stack = stack.replace(message, () => error.message);
}
