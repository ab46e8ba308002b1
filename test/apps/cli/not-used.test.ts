/** What a campaign does not take from a file is said. */
import { expect } from 'chai';
import { notJudgedAtPoints, notUsedByFuzz } from '../../../apps/cli/not-used.ts';
import { decides, event, never, scenario } from '../../../scenarios/index.ts';

const four = () => scenario('four', { A: 1, B: 1, C: 1, D: 1 });
const full = four()
  .node('B', (b) => b.crash({ after: 'wal.flush' }).restart({ after: '1s' }))
  .fault({ ...event('decided', { height: 2 }), node: 'A' }, { type: 'kill', nodes: ['A'], restartMs: 100 })
  .expect(decides(5), never(event('evidence'))).data;

describe('what a campaign does not use of a file', () => {
  it('is named at crash points: what the file expects beside the properties', () => {
    expect(notJudgedAtPoints(four().data)).to.equal(undefined);
    expect(notJudgedAtPoints(full)).to.equal(
      'not judged at crash points: 1 expected decision and 1 event that must never happen of the file; run judges them',
    );
  });

  it('is named by fuzz: scripts and faults too, but not with --around', () => {
    expect(notUsedByFuzz(four().data, false)).to.equal(undefined);
    expect(notUsedByFuzz(full, false)).to.equal(
      'not used of the file: its scripts, its 1 fault, 1 expected decision, 1 event that must never happen (--around keeps scripts and faults)',
    );
    expect(notUsedByFuzz(full, true)).to.equal('not used of the file: 1 expected decision, 1 event that must never happen');
  });
});
