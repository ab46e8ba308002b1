/** The formats of other tools, as their readers take them. */
import { ofItf } from '@informalsystems/quint/dist/src/itf.js';
import { expect } from 'chai';
import { exported } from '../../../apps/page/export.ts';
import { recordOf } from '../../../apps/page/record/record-run.ts';
import { event, scenario } from '../../../scenarios/index.ts';

const record = recordOf(
  scenario('a crash & a return <1>', { A: 1, B: 1, C: 1, D: 1 })
    .node('B', (b) =>
      b
        .waitUntil(event('publish', { type: 'precommit', height: 2 }))
        .crash()
        .restart({ after: '200ms' }),
    )
    .until({ time: '800ms' }).data,
);

describe('export', () => {
  it('perfetto: a trace whose flows end where they begin', () => {
    const { traceEvents } = JSON.parse(exported(record, 'perfetto')) as {
      traceEvents: readonly { ph: string; id?: number; ts: number }[];
    };
    const starts = new Map(traceEvents.filter(({ ph }) => ph === 's').map(({ id, ts }) => [id, ts]));
    const ends = traceEvents.filter(({ ph }) => ph === 'f');
    expect(ends.length).to.be.greaterThan(50);
    for (const { id, ts } of ends) expect(starts.get(id)).to.be.at.most(ts);
  });

  it('shiviz: its own expression reads every event, and what is heard knows what was sent', () => {
    const text = exported(record, 'shiviz');
    const [first = ''] = text.split('\n');
    const found = [...text.split('\n').slice(2).join('\n').matchAll(new RegExp(first, 'g'))];
    expect(found.length).to.equal(record.rows.filter(({ node }) => node >= 0).length);
    const last = JSON.parse(found.at(-1)?.groups?.['clock'] ?? '{}') as Record<string, number>;
    expect(Object.keys(last).length).to.be.greaterThan(1);
  });

  it('itf: Quint reads every state, with the variables it declares', () => {
    const { vars, states } = JSON.parse(exported(record, 'itf')) as {
      vars: readonly string[];
      states: readonly Record<string, unknown>[];
    };
    expect(states.length).to.equal(record.rows.length);
    for (const state of states) expect(Object.keys(state)).to.deep.equal(['#meta', ...vars]);
    const read = ofItf(JSON.parse(exported(record, 'itf')));
    expect(read.length).to.equal(states.length);
    for (const state of read) expect(state).to.include({ kind: 'app', opcode: 'Rec' });
  });

  it('mermaid and svg: what stands in names ends nothing', () => {
    const mermaid = exported(record, 'mermaid').split('\n');
    expect(mermaid.slice(3, 4)).to.deep.equal(['sequenceDiagram']);
    for (const line of mermaid.slice(4).filter((one) => one !== ''))
      expect(line).to.match(/^ {2}(participant n\d as \w+|n\d(->>|-x)n\d: ([^;#]|#\d+;)*|Note over n\d: ([^;#]|#\d+;)*)$/);
    const svg = exported(record, 'svg');
    expect(svg).to.contain('a crash &amp; a return &lt;1&gt;');
    expect(svg.match(/<text/g)?.length).to.equal(svg.match(/<\/text>/g)?.length);
  });
});
