/** Deaths wait here, to be judged many at a time: more would share more of their futures, but each keeps a world. */
import type { Cell, CellFailure } from './crashpoints-plan.ts';
import type { Fallen } from './falls.ts';

export type Judged = Omit<Cell, 'order' | 'point' | 'phase'>;

const most = 32;

export class Waiting {
  readonly #judge: (fallen: readonly Fallen[]) => readonly Judged[];
  readonly #most: number;
  readonly #points: { readonly fallen: readonly Fallen[]; readonly done: (judged: Judged) => void }[] = [];

  /** `judge` says what came of each, in their order. */
  constructor(judge: (fallen: readonly Fallen[]) => readonly Judged[], isOneByOne = false) {
    this.#judge = judge;
    this.#most = isOneByOne ? 1 : most;
  }

  /** `done` is told what came of all deaths at a point, in the order of the points. Nothing comes of a point at which nobody dies. */
  add(fallen: readonly Fallen[], done: (judged: Judged) => void): void {
    if (fallen.length === 0) return;
    this.#points.push({ fallen, done });
    if (this.#points.length >= this.#most) this.settle();
  }

  settle(): void {
    const points = this.#points.splice(0);
    const judged = this.#judge(points.flatMap(({ fallen }) => fallen));
    let next = 0;
    for (const { fallen, done } of points) {
      done(joined(judged.slice(next, next + fallen.length)));
      next += fallen.length;
    }
  }
}

/** Of each property the first failure; the gravest verdict. */
export function joined(parts: readonly Judged[]): Judged {
  const failures: CellFailure[] = [];
  for (const failure of parts.flatMap((part) => part.failures))
    if (!failures.some(({ property }) => property === failure.property)) failures.push(failure);
  const verdicts = new Set(parts.map(({ verdict }) => verdict));
  return {
    images: parts.reduce((sum, { images }) => sum + images, 0),
    verdict: verdicts.has('violated') ? 'violated' : verdicts.has('undecided') ? 'undecided' : 'held',
    failures,
  };
}
