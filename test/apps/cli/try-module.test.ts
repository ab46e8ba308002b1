/** Scenario files that do more than make a scenario: an exit, an endless wait, a late throw. Each is named, and costs no verdict. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { ScenarioError } from '../../../scenarios/index.ts';

const scenario = "import { scenario } from 'lazurite';\nexport default scenario('x', { A: 1, B: 1, C: 1, D: 1 });\n";

const refused: Readonly<Record<string, readonly [source: string, says: RegExp]>> = {
  'ends the process': ['process.exit(0);', /it ends the process \(exit code 0\) while it is loaded/],
  'ends it a little later': ['setTimeout(() => process.exit(3), 30);', /it ends the process \(exit code 3\)/],
  'waits for what never comes': ['await new Promise(() => {});', /it waits for something that never comes/],
  'throws at once': ["throw new Error('early');", /:3:\d+: early/],
  'throws null': ['throw null;', /null/],
  'throws late': ["setTimeout(() => { throw new Error('late'); }, 30);", /late/],
  'leaves a rejection to nobody': ["Promise.reject(new Error('nobody'));", /nobody/],
  'leaves a timer behind': ['setInterval(() => {}, 1000);', /is still at work \(Timeout\)/],
  'never ends': ['for (;;);', /it was not loaded after 10 s/],
};

describe('a scenario file', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-try-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const load = (source: string): Promise<unknown> => {
    const file = join(folder, 'it.js');
    rmSync(file, { force: true });
    writeFileSync(file, scenario + source);
    return loadScenario(file).then(
      () => undefined,
      (error: unknown) => error,
    );
  };

  for (const [what, [source, says]] of Object.entries(refused))
    it(`that ${what} is refused with its name`, async () => {
      const error = await load(source);
      expect(error).to.be.instanceOf(ScenarioError);
      expect((error as Error).message)
        .to.match(new RegExp(`^${join(folder, 'it.js')}(:\\d+:\\d+)?: `))
        .and.match(says);
    });

  it('that only makes a scenario is loaded after all of these, and its word on the exit code is not heard', async () => {
    expect(await load('process.exitCode = 7; await new Promise((done) => setTimeout(done, 20));')).to.equal(undefined);
    expect(process.exitCode).to.equal(undefined);
  });
});
