/**
 * An assertion that a test has to await. Mocha ignores a promise that rejects without being awaited, so such a test would pass although its assertion failed.
 * Here the error is thrown outside of the test in that case. Test runners report that as a failure.
 */

/** A `then` for `judged` that notes that it was awaited. If `judged` fails and nobody awaited it, the error is thrown outside of the test. */
export function awaited(judged: Promise<void>): Promise<void>['then'] {
  let isAwaited = false;
  judged.catch((error: unknown) => {
    // Waits for one turn of the event loop: the assertion may fail just before the test awaits it.
    setImmediate(() => {
      if (isAwaited) return;
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(`an assertion on an async log was not awaited, and it failed; write \`await expect(...)\`: ${said}`, {
        cause: error,
      });
    });
  });
  return (...handlers) => {
    isAwaited = true;
    return judged.then(...handlers);
  };
}
