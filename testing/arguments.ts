/** Arguments of assertions, checked: a name that is in no list would let a negated assertion hold for ever. */
import type { Moment } from '../scenarios/moments.ts';
import { wordsOf, wrongMoments } from '../scenarios/names.ts';
import type { Run } from '../scenarios/runner.ts';

export function wrongHeight(of: string, height: unknown): string | undefined {
  if (Number.isSafeInteger(height) && (height as number) >= 1) return undefined;
  return `${of} takes a height, a whole number from 1 on, and found ${textOf(height)}`;
}

export function wrongProperty({ properties }: Run, name: unknown): string | undefined {
  const names = properties.map((one) => one.name);
  if (name === 'determinism') return 'a second run judges determinism: `expect(run).to.be.deterministic()`';
  return names.includes(String(name)) ? undefined : wordsOf({ what: 'property', name: String(name), names });
}

export function wrongMoment({ data }: Run, moment: unknown): string | undefined {
  const isMoment = typeof moment === 'object' && moment !== null && 'event' in moment && 'where' in moment;
  if (!isMoment) return `see() takes what \`event(...)\` gives, and found ${textOf(moment)}`;
  return wrongMoments(moment as Moment, data.protocol)[0];
}

export function wrongRestorable(what: readonly string[], names: readonly string[]): string | undefined {
  if (what.length === 0) return `restoring() takes what must be restored: ${names.join(', ')}`;
  const unknown = what.find((one) => !names.includes(one));
  return unknown === undefined ? undefined : wordsOf({ what: 'part of a state', name: String(unknown), names });
}

function textOf(given: unknown): string {
  if (typeof given === 'string') return `'${given}'`;
  return typeof given === 'object' && given !== null ? JSON.stringify(given) : String(given);
}
