/** Failure files are checked before they are used: what campaigns keep is read as it was, what was changed by hand is refused with the reason. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkedFailure, parseFailure } from '../../../apps/cli/failure-file.ts';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import {
  crashpoints,
  drawnCase,
  explorationFailures,
  exploreDefaults,
  exploreVictim,
  type Failure,
} from '../../../campaigns/index.ts';
import { runScenario, ScenarioError } from '../../../scenarios/index.ts';
import { root } from './command-run.ts';

const libraryFolder = join(root, 'scenarios/library');
const plain = { version: 1, seed: 1, hash: '0123456789ABCDEF', properties: [], message: '' } as const;

function readBack(failure: unknown): Failure {
  return checkedFailure(parseFailure(JSON.stringify(failure), 'it.json'), 'it.json');
}

/** Every value in it replaced, one after the other, and every field removed. */
function* tampered(value: unknown): Generator<unknown> {
  for (const other of [null, -1, 0.5, 1e300, 'x', '', '\u001b[31m', [], {}, true, ['constructor'], { __proto__: null, a: 1 }])
    yield other;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const { [key]: field, ...rest } = value as Readonly<Record<string, unknown>>;
    yield Array.isArray(value) ? value.filter((_, index) => String(index) !== key) : rest;
    for (const changed of tampered(field)) yield withField(value, key, changed);
  }
}

function withField(value: object, key: string, field: unknown): unknown {
  return Array.isArray(value) ? value.map((one, index) => (String(index) === key ? field : one)) : { ...value, [key]: field };
}

describe('a failure file', function () {
  this.timeout(300_000);

  it('holds any scenario of the library, and any fault plan that is drawn over it, unchanged', async () => {
    for (const name of readdirSync(libraryFolder)) {
      const { data } = await loadScenario(join(libraryFolder, name));
      const cases = [data, drawnCase.fuzz(data, 1), drawnCase.fuzz(data, 2), drawnCase.around(data, 3)];
      for (const scenario of cases)
        expect({ about: [], ...readBack({ ...plain, scenario }).scenario }).to.deep.equal(asJson({ about: [], ...scenario }));
    }
  });

  it('holds what crash points and schedules keep, unchanged', async () => {
    const { data } = await loadScenario(join(libraryFolder, '02-the-proposer-proposes-again.ts'));
    const { failures } = crashpoints(data, { nodes: ['C'], sites: ['publish'], heights: '1', exhibit: 'no-fsync' });
    const options = { ...exploreDefaults, victim: 'C', heights: 1, deviations: 0, exhibit: 'no-fsync' } as const;
    const explored = explorationFailures(data, options, exploreVictim(data, options));
    const kept = [...failures.map(({ failure }) => failure), ...explored];
    expect(kept).to.have.length.greaterThan(1);
    for (const failure of kept) {
      const { scenario, ...rest } = readBack(failure);
      expect({ ...rest, scenario: { about: [], ...scenario } }).to.deep.equal(asJson(failure));
    }
  });

  it('that was changed by hand is refused, or is a scenario that runs', async () => {
    const { data } = await loadScenario(join(libraryFolder, '01-the-lesson-of-the-log.ts'));
    const failure = { ...plain, scenario: drawnCase.fuzz(data, 7), exhibit: 'no-wal', id: 'a-record' };
    let refused = 0;
    let ran = 0;
    for (const changed of tampered(asJson(failure))) {
      try {
        const { scenario } = readBack(changed);
        if (ran % 20 === 0) runScenario(scenario, { maxSteps: 200 });
        ran += 1;
      } catch (error) {
        expect(error, `${JSON.stringify(changed)}: ${String((error as Error).stack)}`).to.be.instanceOf(ScenarioError);
        refused += 1;
      }
    }
    expect(refused).to.be.greaterThan(500);
    expect(ran).to.be.greaterThan(100);
  });

  it('is refused with each field that is wrong', () => {
    const text = JSON.stringify({ ...plain, scenario: { name: 'x' }, seed: -1, hash: '../../x', id: 'a b' });
    expect(() => parseFailure(text, 'it.json')).to.throw(ScenarioError, /^it\.json: .*id: .*seed: .*hash: a run hash is 16/);
  });
});

function asJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
