/**
 * Declares an asynchronous test under the runner that is there: the global `it` of mocha, or of vitest with globals; vitest's own `it`; otherwise the one of
 * node:test. A generated test brings its own time limit.
 */
import { it as nodeIt } from 'node:test';

type Test = () => Promise<void>;
type AnyIt = (title: string, body: unknown, timeout?: number) => unknown;

const limitMs = 300_000;

/** vitest without globals is imported by name; the runner has loaded it already. */
const vitestIt =
  process.env['VITEST'] === undefined || typeof globalIt() === 'function'
    ? undefined
    : ((await import('vitest' as string)) as { readonly it: AnyIt }).it;

export function declareTest(title: string, test: Test): void {
  const found = globalIt();
  if (vitestIt !== undefined || process.env['VITEST'] !== undefined) (vitestIt ?? (found as AnyIt))(title, test, limitMs);
  else if (found === undefined) nodeIt(title, { timeout: limitMs }, test);
  else
    found(title, function (this: { timeout?: (ms: number) => void }) {
      this.timeout?.(limitMs);
      return test();
    });
}

function globalIt(): AnyIt | undefined {
  return (globalThis as { readonly it?: AnyIt }).it;
}
