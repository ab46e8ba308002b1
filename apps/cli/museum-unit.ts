/** Measures one exhibit in a worker. Its argument and its result are plain data. */
import { type MuseumRow, measureExhibit } from '../../campaigns/museum/measure.ts';

export interface MuseumTask {
  readonly exhibit: string;
  /** The most seeds that fuzz and random kills try. */
  readonly runs: number;
}

export function museumUnit({ exhibit, runs }: MuseumTask): () => MuseumRow {
  return () => measureExhibit(exhibit, runs, () => performance.now());
}
