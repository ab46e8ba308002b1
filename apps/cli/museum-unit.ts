/** One exhibit measured, as a worker runs it. Plain data in, plain data out. */
import { type MuseumRow, measureExhibit } from '../../campaigns/museum/measure.ts';

export interface MuseumTask {
  readonly exhibit: string;
  /** Seeds tried at most, by fuzz and by random kills. */
  readonly runs: number;
}

export function museumUnit({ exhibit, runs }: MuseumTask): () => MuseumRow {
  return () => measureExhibit(exhibit, runs, () => performance.now());
}
