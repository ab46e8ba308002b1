/** Parts of a trace: by node, time and kind, and the lines around what is looked for. */
import { expect } from 'chai';
import type { RunEvent } from '../../core/events.ts';
import { event, runScenario, type ScenarioData, scenario } from '../../scenarios/index.ts';
import { traceLines } from '../../scenarios/trace-text.ts';
import { refuseUnknownFilter, type TraceFilter, TraceWindow } from '../../scenarios/trace-window.ts';

const { data } = scenario('B dies', { A: 1, B: 1, C: 1, D: 1 }).node('B', (b) =>
  b
    .waitUntil(event('height.start', { height: 2 }))
    .crash({ after: 'publish' })
    .restart({ after: '1s' }),
);

describe('parts of a trace', () => {
  const events: RunEvent[] = [...runScenario(data, { record: true }).world.trace.events()];
  const whole = [...traceLines(events)];

  const seen = (filter: TraceFilter, violations: readonly number[] = []): readonly string[] => {
    const lines: string[] = [];
    const window = new TraceWindow(filter, violations, (line) => lines.push(line));
    for (const one of events) window.see(one);
    window.end();
    return lines;
  };

  it('are all of it where nothing is chosen', () => {
    expect(seen({})).to.deep.equal(whole);
  });

  it('are ten lines before a death, the death and ten after, and how many were left out', () => {
    const lines = seen({ around: 'death' });
    const at = whole.findIndex((line) => line.includes('✕ crash'));
    expect(lines).to.deep.equal([
      `... ${at - 10} lines left out`,
      ...whole.slice(at - 10, at + 11),
      `... ${whole.length - at - 11} lines left out`,
    ]);
  });

  it('are those around an event by its name, its number or a violation', () => {
    const death = events.find(({ type }) => type === 'death')?.index ?? -1;
    const around = seen({ around: 'death' });
    expect(seen({ around: String(death) })).to.deep.equal(around);
    expect(seen({ around: `#${death}` })).to.deep.equal(around);
    expect(seen({ around: 'crash' })).to.deep.equal(around);
    expect(seen({ around: 'violation' }, [death])).to.deep.equal(around);
    expect(seen({ around: 'violation' })).to.deep.equal([`... ${whole.length - 10 + 10} lines left out`]);
  });

  it('shows no line twice where two of them are near', () => {
    const lines = seen({ around: 'vote.cast' });
    const shown = lines.filter((line) => line.startsWith('#'));
    expect(new Set(shown).size).to.equal(shown.length);
    const left = lines.filter((line) => line.startsWith('...')).map((line) => Number(/\d+/.exec(line)));
    expect(shown.length + left.reduce((sum, count) => sum + count, 0)).to.equal(whole.length);
  });

  it('are of some nodes, times and kinds, all of them together', () => {
    const votes = seen({ nodes: ['B', 'C'], kinds: ['vote.cast'], fromMs: 20, toMs: 90 });
    expect(votes).to.not.be.empty;
    for (const line of votes) expect(line).to.match(/^#\d+ +t=0\.0[2-9]\d\ds {2}[BC] .* vote\.cast/);
    const wanted = whole.filter((line) => /^#\d+ +t=0\.0([2-8]\d\d|900)s {2}[BC] .* vote\.cast/.test(line));
    expect(votes).to.deep.equal(wanted);
  });

  it('take a family, a site, a message or a name for a kind', () => {
    const kinds = (kind: string): readonly string[] => seen({ kinds: [kind] });
    const sitesIn = (lines: readonly string[]): readonly string[] => [
      ...new Set(lines.map((line) => /s {2}[A-D](?:\+\d)? +(\S+)/.exec(line)?.[1] ?? '')),
    ];
    expect(sitesIn(kinds('wal'))).to.deep.equal(['wal.append', 'wal.flush']);
    expect(sitesIn(kinds('decided'))).to.deep.equal(['decided']);
    expect(kinds('precommit').every((line) => line.includes('precommit'))).to.equal(true);
    expect(kinds('precommit')).to.not.be.empty;
    expect(kinds('death')).to.have.length(1);
    expect(kinds('restart')).to.have.length(1);
    expect(seen({ kinds: ['death', 'restart'] })).to.have.length(2);
  });

  it('are refused where the words name nothing', () => {
    const raft: ScenarioData = { ...data, protocol: 'raft' };
    expect(() => refuseUnknownFilter({ kinds: ['vote.casted'] }, data)).to.throw("did you mean 'vote.cast'?");
    expect(() => refuseUnknownFilter({ around: 'deaths' }, data)).to.throw("did you mean 'death'?");
    expect(() => refuseUnknownFilter({ nodes: ['Z'] }, data)).to.throw('there are A, B, C, D');
    for (const right of ['wal', 'elected', 'death', 'hears', 'prevote'])
      expect(() => refuseUnknownFilter({ kinds: [right] }, raft), right).to.not.throw();
    for (const right of ['death', 'violation', '12', '#12', 'replay.end'])
      expect(() => refuseUnknownFilter({ around: right }, data), right).to.not.throw();
  });
});
