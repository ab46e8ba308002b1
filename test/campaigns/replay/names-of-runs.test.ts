/** What a token names is the very run that printed it: in another process, with the scenario alone. */
import { expect } from 'chai';
import { pointText } from '../../../actors/scheduler/index.ts';
import { loadScenario } from '../../../apps/cli/load-scenario.ts';
import { type CrashpointsOptions, crashpointsPlan } from '../../../campaigns/crash-points/from-scenario.ts';
import { enumerateCrashpoints, namedCase, nameOf } from '../../../campaigns/index.ts';
import {
  formatToken,
  parseToken,
  type Run,
  type RunName,
  runScenario,
  type ScenarioData,
  ScenarioError,
} from '../../../scenarios/index.ts';

/** Through the text and back, as another process would. */
function said(name: RunName): RunName {
  const parsed = parseToken(formatToken(name));
  if (typeof parsed !== 'object') throw new Error(`no token: ${formatToken(name)}`);
  return parsed;
}

function runNamed(data: ScenarioData, name: RunName): Run {
  const named = namedCase(data, name);
  return runScenario(named.data, named.options);
}

describe('the name of a run', () => {
  let lesson: ScenarioData;
  let proposer: ScenarioData;
  before(async () => {
    ({ data: lesson } = await loadScenario('scenarios/library/01-the-lesson-of-the-log.ts'));
    ({ data: proposer } = await loadScenario('scenarios/library/02-the-proposer-proposes-again.ts'));
  });

  it('holds variant, seed and another end', () => {
    const ends = [{ timeMs: 3000 }, { height: 3, round: 1 }] as const;
    for (const until of ends)
      for (const variant of ['no WAL', 'fsync skipped']) {
        const name = nameOf(lesson, { variant, seed: 9, until });
        expect(runNamed(lesson, said(name)).hash).to.equal(runScenario({ ...lesson, until }, { variant, seed: 9 }).hash);
      }
  });

  const campaigns: readonly (readonly [string, Partial<CrashpointsOptions>])[] = [
    ['of another variant', { nodes: ['B'], variant: 'fsync skipped' }],
    ['of another time down', { nodes: ['C'], restartMs: 37, exhibit: 'no-fsync' }],
    ['of a victim whose own script says no time down', { nodes: ['C', 'A'], exhibit: 'no-fsync' }],
    [
      'of two deaths',
      { nodes: ['C'], nested: true, exhibit: 'no-fsync', sites: ['decided'], part: { victim: 'C', from: 0, to: 1 } },
    ],
  ];
  for (const [which, options] of campaigns)
    it(`holds a death ${which}: it breaks again what it broke`, () => {
      const data = options.variant === undefined ? proposer : lesson;
      const all = { heights: '1', sites: ['publish'], pending: 0, merge: true, ...options } as const;
      const plan = crashpointsPlan(data, all);
      const { cells } = enumerateCrashpoints(plan);
      const failed = cells.flatMap(({ point, phase, failures }) => failures.map((failure) => ({ point, phase, ...failure })));
      expect(failed).to.have.length.greaterThan(2);
      // A second death breaks something in hundreds of ways: ten of them, from beginning to end, are run again.
      const step = Math.ceil(failed.length / 10);
      for (const { point, phase, death, property } of failed.filter((_, index) => index % step === 0)) {
        const second = death.second === undefined ? '' : `%${death.second}`;
        const { variant, exhibit } = options;
        const name = nameOf(data, {
          point: `${pointText(point, phase)}/${death.image}${second}`,
          restartMs: plan.restartMs,
          exhibit,
          ...(variant === undefined ? {} : { variant }),
        });
        const { properties } = runNamed(data, said(name));
        expect(properties.find((result) => result.name === property)?.verdict, formatToken(name)).to.equal('violated');
      }
    });

  it('of another version is refused', () => {
    const name = nameOf(lesson, {});
    expect(() => runNamed(lesson, { ...name, what: 'from3000ms' })).to.throw(ScenarioError, 'another version');
    expect(() => runNamed(lesson, { ...name, variant: 7 })).to.throw(ScenarioError, 'no variant number 7');
  });
});
