/** Block times in a scenario: which machines have a wrong clock, as it is written and as it is kept. */
import { type Duration, durationText, milliseconds } from './duration.ts';

export interface BlockTime {
  /** By node: from which life on its clock is wrong, and by how much (ms; below 0: it shows too little). */
  readonly clocks: Readonly<Record<string, { readonly life: number; readonly byMs: number }>>;
}

/** A clock shows too little (`back`) or too much (`ahead`), from a life on (default: from life 0, which begins at the first start). */
export interface WrittenClock {
  readonly life?: number;
  readonly back?: Duration;
  readonly ahead?: Duration;
}

export function blockTimeOf(clocks: Readonly<Record<string, WrittenClock>>): BlockTime {
  const of = ({ life = 0, back, ahead }: WrittenClock): BlockTime['clocks'][string] => ({
    life,
    byMs: (ahead === undefined ? 0 : milliseconds(ahead)) - (back === undefined ? 0 : milliseconds(back)),
  });
  return { clocks: Object.fromEntries(Object.entries(clocks).map(([name, clock]) => [name, of(clock)])) };
}

export function writtenBlockTime({ clocks }: BlockTime): { readonly clocks?: Readonly<Record<string, WrittenClock>> } {
  const of = ({ life, byMs }: BlockTime['clocks'][string]): WrittenClock => ({
    ...(life === 0 ? {} : { life }),
    ...(byMs < 0 ? { back: durationText(-byMs) as Duration } : { ahead: durationText(byMs) as Duration }),
  });
  const written = Object.entries(clocks).map(([name, clock]) => [name, of(clock)] as const);
  return written.length === 0 ? {} : { clocks: Object.fromEntries(written) };
}
