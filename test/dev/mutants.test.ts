/** The mutation run: guards and equivalent mutants do not count for its rate, and what is written down of mutants names code that is there. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { equivalent, open } from '../../dev/mutants/equivalent.ts';
import type { MutantVerdict } from '../../dev/mutants/judge.ts';
import { rateOf, reportText } from '../../dev/mutants/report.ts';
import { isGuard, isInScope, type Mutant } from '../../dev/mutants/scope.ts';

const mutant = (file: string, from: string, to = 'false'): Mutant => ({
  id: from,
  file,
  line: 1,
  column: 0,
  kind: 'x',
  from,
  to,
});
const judged = (one: Mutant, verdict: MutantVerdict['verdict'], unitTest?: string) => ({
  mutant: one,
  verdict: { id: one.id, verdict, ms: 1, ...(verdict === 'violated' ? { properties: ['agreement'] } : {}) },
  ...(unitTest === undefined ? {} : { unitTest }),
});
const guard = mutant('actors/node/network.ts', "typeof height === 'number'");
const [known] = equivalent;

describe('the mutation run', () => {
  it('counts as caught what a property, or an exception, turned red, of all that is no guard and not equivalent', () => {
    const same = mutant(known?.file ?? '', known?.from ?? '', known?.to);
    const all = [
      judged(mutant('actors/node/gate.ts', 'a'), 'violated'),
      judged(mutant('actors/node/gate.ts', 'b'), 'exception'),
      judged(mutant('actors/node/gate.ts', 'c'), 'undecided'),
      judged(mutant('actors/node/gate.ts', 'd'), 'survived', 'the gate opens'),
      judged(same, 'survived'),
      judged(mutant('actors/node/gate.ts', 'e'), 'lost'),
      judged(guard, 'survived'),
    ];
    const rate = rateOf(all);
    expect(rate).to.include({
      guards: 1,
      caught: 2,
      undecided: 1,
      survived: 2,
      lost: 1,
      equivalent: 1,
      onlyByUnitTest: 1,
      percent: 40,
    });
    const text = reportText(all, '--seed 1', 100);
    expect(text).to.contain('| agreement | 1 |').and.contain('| survived | the gate opens |').and.contain('equivalent: ');
    expect(text.indexOf('typeof height')).to.be.above(text.indexOf('## Guards'));
  });

  it('calls guards what checks a shape or a limit, and nothing else', () => {
    expect(isGuard(guard)).to.equal(true);
    expect(isGuard(mutant('wal/format.ts', 'length > maxPayloadBytes'))).to.equal(true);
    expect(isGuard(mutant('actors/node/gate.ts', 'sequence > opened'))).to.equal(false);
    expect(isGuard(mutant('actors/tendermint/driver.ts', "typeof value === 'string'"))).to.equal(false);
  });

  it('gives reasons for code that is there', () => {
    for (const { file, from, reason } of [...equivalent, ...open]) {
      expect(isInScope(file), file).to.equal(true);
      expect(readFileSync(file, 'utf8').replace(/\s+/g, ' '), `${file}: ${reason}`).to.contain(from);
    }
  });
});
