/** The inputs by number: which reader gets it, and what it is. The same number and seed give the same input. */
import { seeded } from '../../core/choice.ts';
import { type Draw, mutatedBytes, mutatedText } from './mutations.ts';
import { type Reader, readers } from './readers.ts';

const round: readonly Reader[] = readers.flatMap((reader) => Array.from({ length: reader.share }, () => reader));

export interface Tried {
  readonly reader: string;
  /** What is wrong with how it was read; undefined: nothing. */
  readonly wrong: string | undefined;
}

export function tryInput(seed: number, number: number): Tried {
  const reader = round[number % round.length] as Reader;
  const choices = seeded((seed * 1_000_003 + number) >>> 0);
  let draws = 0;
  const draw: Draw = (below) => {
    draws += 1;
    return choices.choose(below, 'hostile', draws);
  };
  try {
    if (reader.kind === 'bytes') reader.read(mutatedBytes(draw, one(reader.samples, draw), one(reader.samples, draw)));
    else reader.read(mutatedText(draw, one(reader.samples, draw), one(reader.samples, draw)));
  } catch (error) {
    const isRefusal = reader.refuses.some((kind) => error instanceof kind);
    const stack = error instanceof Error ? error.stack : String(error);
    if (!isRefusal) return { reader: reader.name, wrong: `an error that is no refusal: ${stack}` };
  }
  return { reader: reader.name, wrong: undefined };
}

function one<Sample>(samples: readonly Sample[], draw: Draw): Sample {
  return samples[draw(samples.length)] as Sample;
}
