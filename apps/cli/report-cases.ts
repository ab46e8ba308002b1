/** A campaign as cases for a report: one for each property that was judged, for any number of runs. */
import type { Case } from './report-formats.ts';

export interface JudgedCampaign {
  readonly suite: string;
  readonly file: string;
  readonly ms: number;
  readonly properties: readonly string[];
  /** The failure that is shown for each violated property. */
  readonly violated: readonly { readonly property: string; readonly message: string; readonly token: string }[];
  /** Why not all was judged: then nothing has held. */
  readonly open: string | undefined;
}

export function casesOf({ suite, file, ms, properties, violated, open }: JudgedCampaign): readonly Case[] {
  const names = [...new Set([...properties, ...violated.map(({ property }) => property)])];
  const common = { suite, file, ms: Math.round(ms / names.length) };
  return names.map((name): Case => {
    const failure = violated.find(({ property }) => property === name);
    if (failure !== undefined) return { ...common, ...wrong(name, failure.message, failure.token) };
    const verdict = open === undefined ? 'held' : 'undecided';
    return { ...common, name, verdict, isRight: open === undefined, message: open ?? '', token: '' };
  });
}

export function wrong(name: string, message: string, token: string): Omit<Case, 'suite' | 'file' | 'ms'> {
  return { name, verdict: 'violated', isRight: false, message, token };
}
