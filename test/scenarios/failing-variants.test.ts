/** A variant that is expected to fail is judged whole: only the properties and steps that it names may fail, and all of these must. */
import { expect } from 'chai';
import { runUnit } from '../../apps/cli/run-unit.ts';
import {
  agreement,
  decides,
  event,
  type Run,
  runScenario,
  type Scenario,
  scenario,
  type Variant,
} from '../../scenarios/index.ts';
import { scenarioSource } from '../../scenarios/print.ts';
import { formatScenario, parseScenario } from '../../scenarios/yaml.ts';

const fail = ['no-equivocation', 'replay-equivalence', 'crash-is-pause', 'says-again'];
const three = { A: 10, B: 10, C: 10 };

/** All three die at height 3. C has proposed, and comes back as a node that asks for its value again. */
function restarted(expected: Variant['expect']): Scenario {
  return scenario('all three restart', three)
    .proposer(3, 0, 'C')
    .node('A', (a) =>
      a
        .waitUntil(event('height.start', { height: 3 }))
        .kill()
        .restart({ after: '5s' }),
    )
    .node('B', (b) =>
      b
        .waitUntil(event('height.start', { height: 3 }))
        .kill()
        .restart({ after: '5s' }),
    )
    .node('C', (c) =>
      c
        .waitUntil(event('height.start', { height: 3 }))
        .waitUntil(event('publish', { type: 'proposal', height: 3 }), { as: 'first' })
        .kill()
        .restart({ after: '5s' })
        .expect(event('replay.begin', { height: 3 }), { within: '1s', as: 'the replay' })
        .expect(event('publish', { type: 'proposal', height: 3 }), { sameAs: 'first', within: '1s', as: 'the same again' }),
    )
    .variants({ name: 'asks again', break: 'replay-reasks-value', ...(expected === undefined ? {} : { expect: expected }) })
    .expect(agreement(), decides(5, { within: '60s', as: 'all decide' }));
}

function ran(expected: Variant['expect']): Run {
  return restarted(expected).run({ record: false });
}

describe('a variant that is expected to fail', () => {
  it('is as expected when each property and each step that fails is named', () => {
    const run = ran({ fail, steps: ['the same again'] });
    expect(run.complaints).to.deep.equal([]);
    expect(run.verdict).to.equal('violated');
  });

  it('is a surprise when a step fails that is not named', () => {
    const { complaints, asExpected } = ran({ fail });
    expect(asExpected).to.equal(false);
    expect(complaints.join()).to.match(/^C: expect publish \(type proposal, height 3\) was .*, and 'first' was/);
  });

  it('is a surprise when a named step, or a named decision, holds', () => {
    expect(ran({ fail, steps: ['the same again', 'the replay'] }).complaints).to.deep.equal([
      "'the replay' was expected to fail and did not",
    ]);
    expect(ran({ fail, steps: ['the same again', 'all decide'] }).complaints).to.deep.equal([
      "'all decide' was expected to fail and did not",
    ]);
  });

  it('is a surprise when nodes do not decide in time, or a step is never reached', () => {
    const broken = (base: Scenario<'A' | 'B' | 'C'>): readonly string[] =>
      base
        .variants({ name: 'early', break: 'broadcast-before-flush', expect: { fail: ['write-ahead'] } })
        .until({ time: '1s' })
        .run({ record: false }).complaints;
    const base = scenario('a node that speaks early', three);
    expect(broken(base)).to.deep.equal([]);
    expect(broken(base.expect(decides(3, { within: '10ms', nodes: ['A'] })))).to.deep.equal([
      'A did not decide height 3 within 10 ms: it decided it at 109 ms',
    ]);
    expect(broken(base.node('A', (a) => a.waitUntil(event('evidence')))).join()).to.match(
      /^A never reached step 1: waitUntil evidence; no evidence came after 0 ms/,
    );
  });

  it('is none when a fault of the plan never strikes, as a broken node may never come to it', () => {
    const never = scenario('a node that goes on', three)
      .fault(
        { ...event('publish', { height: 2 }), node: 'B' },
        { type: 'write-fails', node: 'B', code: 'ENOSPC', written: 0, file: 'wal', restartMs: 5 },
      )
      .fault({ ...event('restart'), node: 'B' }, { type: 'wipe', node: 'B' })
      .variants({ name: 'goes on', break: 'append-error-ignored', expect: { fail: ['write-ahead'] } }, { name: 'honest' })
      .until({ time: '200ms' });
    expect(never.run({ record: false }).complaints).to.deep.equal([]);
  });

  it('may name a step that is never reached, and a decision that never comes', () => {
    const run = scenario('two of three stay down', three)
      .node('A', (a) => a.waitUntil(event('evidence'), { as: 'the evidence' }))
      .variants({
        name: 'early',
        break: 'broadcast-before-flush',
        expect: { fail: ['write-ahead'], steps: ['the evidence', 'soon'] },
      })
      .expect(decides(90, { as: 'soon' }))
      .until({ time: '1s' })
      .run({ record: false });
    expect(run.complaints).to.deep.equal([]);
  });

  it('may expect what only a second run can judge', async () => {
    const twice = async (exhibit: Variant['break'] & string): Promise<readonly string[]> => {
      const { data } = scenario('two runs', three)
        .variants({ name: 'x', break: exhibit, expect: { fail: ['determinism'] } })
        .until({ time: '300ms' });
      return (await runUnit({ file: 'x', data, variant: 'x' }))().run.complaints;
    };
    expect(await twice('unseeded-choice')).to.deep.equal([]);
    expect((await twice('broadcast-before-flush')).join('\n')).to.contain('determinism was expected to fail and did not');
  });

  it('is the same in YAML and in TypeScript', () => {
    const { data } = restarted({ fail, steps: ['the same again', 'all decide'] });
    const again = parseScenario(formatScenario(data), 'again.yaml');
    expect(again).to.deep.equal(JSON.parse(JSON.stringify(data)));
    expect(runScenario(again).complaints).to.deep.equal(runScenario(data).complaints);
    const source = scenarioSource(data);
    for (const words of ["as: 'the same again'", "as: 'all decide'", "steps: ['the same again', 'all decide']"])
      expect(source).to.contain(words);
  });

  it('is refused when it names a step that no `as` names', () => {
    const { data } = restarted({ fail, steps: ['the same agian'] });
    expect(() => parseScenario(formatScenario(data), 'mine.yaml')).to.throw(
      "no step (`as`) is called 'the same agian'; did you mean 'the same again'?",
    );
  });
});
