/** Work in steps, each of which may give a value or the promise of one. */

/** Yields what may be a promise, and is given its value. */
export type Work<Result> = Generator<unknown, Result, never>;

/** The result at once where no step gave a promise, and the promise of it otherwise. */
export function settled<Result>(work: Work<Result>): Result | Promise<Result> {
  const proceed = (advance: () => IteratorResult<unknown, Result>): Result | Promise<Result> => {
    for (let next = advance(); ; ) {
      if (next.done === true) return next.value;
      const { value } = next;
      if (isPromise(value))
        return value.then(
          (found) => proceed(() => work.next(found as never)),
          (error: unknown) => proceed(() => work.throw(error)),
        );
      next = work.next(value as never);
    }
  };
  return proceed(() => work.next());
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
