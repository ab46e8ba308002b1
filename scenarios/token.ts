/**
 * Tokens: one word that names a run exactly. `t1.<scenario>.<seed>.<variant>.<exhibit>.<what>.<check>`: the scenario is a hash of its data,
 * and the variant is its number. `what` is a crash point with its image, or `fuzz`, `around` or `environments` for a case that is drawn
 * from the seed (`fuzz-12`: around the case of seed 12), or nothing. Before the crash point is `37ms/` when the victim stays down for another time than usual. Before all is
 * `delay1-25ms` when the run has other delays, and `to3000ms` or `toh8r2` when it has another end. `f.<hash>` names a failure file.
 */
import { digestOf, textDigest } from '../core/digest.ts';
import type { ScenarioData } from './model.ts';

export interface RunName {
  /** The hash of the scenario's data: eight hexadecimal digits. */
  readonly scenario: string;
  readonly seed: number;
  readonly variant: number | undefined;
  readonly exhibit: string | undefined;
  /** A crash point as text with its image, `fuzz`, `around` or `environments` (`fuzz-12`: around the case of seed 12), another end. */
  readonly what: string | undefined;
}

/** 16 hex digits over everything that decides how a scenario runs. */
export function scenarioHash(data: ScenarioData): string {
  // Its description and the source of its faults do not change how it runs.
  const { about: _about, isDrawn: _isDrawn, ...run } = data;
  return hex(digestOf(JSON.parse(JSON.stringify(run))), 8);
}

/** The token of a run, with a checksum; `parseToken` reads it. */
export function formatToken({ scenario, seed, variant, exhibit, what }: RunName): string {
  const body = [
    't1',
    scenario,
    seed,
    variant ?? '-',
    exhibit === undefined ? '-' : exhibitText(exhibit),
    what === undefined ? '-' : what.replaceAll('.', '_'),
  ].join('.');
  return `${body}.${checkOf(body)}`;
}

/** Undefined when it is no token; `wrong` when its check digits do not fit: a letter was lost or changed. */
export function parseToken(text: string): RunName | 'wrong' | undefined {
  const found = /^(t1\.([0-9A-F]{8})\.(\d+)\.(-|\d+)\.(-|[a-z0-9-]+)\.([^.]+))\.([0-9a-f]{4})$/.exec(text);
  if (found === null) return undefined;
  const [, body = '', scenario = '', seed, variant, exhibit, what = '-', check] = found;
  if (checkOf(body) !== check) return 'wrong';
  return {
    scenario,
    seed: Number(seed),
    variant: variant === '-' ? undefined : Number(variant),
    exhibit: exhibit === undefined || exhibit === '-' ? undefined : exhibitOf(exhibit),
    what: what === '-' ? undefined : what.replaceAll('_', '.'),
  };
}

/** The path of a broken node of your own is written in hexadecimal. */
function exhibitText(exhibit: string): string {
  if (/^[a-z0-9-]+$/.test(exhibit)) return exhibit;
  return `x-${[...new TextEncoder().encode(exhibit)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function exhibitOf(text: string): string {
  const [, digits] = /^x-((?:[0-9a-f]{2})+)$/.exec(text) ?? [];
  if (digits === undefined) return text;
  return new TextDecoder().decode(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

function checkOf(body: string): string {
  return hex(textDigest(body, 0x7a), 8).slice(4).toLowerCase();
}

function hex(value: number, digits: number): string {
  return (value >>> 0).toString(16).padStart(digits, '0').toUpperCase();
}
