/**
 * The `it` of the test runner that this runs under: the global one of mocha, jest and vitest with globals, else that of vitest or of node:test.
 * Gives each test its own limit of time.
 */

/** Declares one test. The third argument is for vitest and jest; mocha and node:test ignore it. */
export type It = (name: string, test: () => void | Promise<void>, timeoutMs?: number) => unknown;

/** Mocha's `it` returns the test, whose limit can be set. */
interface MochaTest {
  timeout(): number;
  timeout(ms: number): unknown;
}

/** Declares a test that may take so long (ms), or longer where the runner allows more. `given`: an `it` in place of the runner's. */
export function declareTest(given: It | undefined, name: string, test: () => void | Promise<void>, limitMs: number): void {
  const it = given ?? globalIt() ?? vitestIt();
  if (it === undefined) {
    nodeIt()(name, { timeout: limitMs }, test);
    return;
  }
  const declared = it(name, test, limitMs);
  if (!isMochaTest(declared)) return;
  const allowed = declared.timeout();
  // Without a limit (0) somebody is looking for a mistake.
  if (allowed !== 0 && allowed < limitMs) declared.timeout(limitMs);
}

function isMochaTest(declared: unknown): declared is MochaTest {
  return typeof declared === 'object' && declared !== null && 'timeout' in declared && typeof declared.timeout === 'function';
}

function globalIt(): It | undefined {
  const { it } = globalThis as { readonly it?: unknown };
  return typeof it === 'function' ? (it as It) : undefined;
}

/** Vitest without globals keeps its functions here, for tests within source files. */
function vitestIt(): It | undefined {
  return (globalThis as { readonly __vitest_index__?: { readonly it?: It } }).__vitest_index__?.it;
}

type NodeIt = (name: string, options: { readonly timeout: number }, test: () => void | Promise<void>) => unknown;

function nodeIt(): NodeIt {
  return (process.getBuiltinModule('node:test') as unknown as { readonly it: NodeIt }).it;
}
