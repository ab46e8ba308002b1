/**
 * What a test has to await. Mocha drops the rejection of a promise that nobody awaits, and the test would be green in vain. So an error that nobody has
 * asked for is thrown outside of every test, which all runners notice.
 */

/** The `then` of this promise. */
export function awaited(judged: Promise<void>): Promise<void>['then'] {
  let isAwaited = false;
  judged.catch((error: unknown) => {
    // A test that awaits it late, though within this turn, has asked for it by then.
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
