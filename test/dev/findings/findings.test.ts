/** docs/findings-npm.md: what it claims, and that it speaks of the packages and drives that are there. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { subjects } from '../../../dev/findings/catalogue.ts';
import type { PackedAnswer } from '../../../dev/findings/packed-report.ts';
import { findingsPage } from '../../../dev/findings/page.ts';
import type { RealLoss } from '../../../dev/findings/real-loss.ts';
import { outsideTheModel, writeResult } from '../../../dev/findings/results.ts';

const root = resolve(import.meta.dirname, '../../..');
const held: PackedAnswer = { verdict: 'held', reasons: [], failing: [], states: 5, isComplete: true, findings: [] };
const red: PackedAnswer = { ...held, verdict: 'violated', failing: ['posix-weakest', 'xfs'] };
const real = (outcome: RealLoss['outcome']): readonly RealLoss[] => [{ fileSystem: 'xfs', at: 'later', outcome, words: 'words' }];

/** What the page says of the promise of lowdb, when all its packages had these results. */
function claimOf(whole: PackedAnswer, outcome: RealLoss['outcome']): string | undefined {
  const scratch = mkdtempSync(join(tmpdir(), 'lazurite-findings-'));
  try {
    for (const subject of subjects)
      writeResult(scratch, subject, { packages: subject.packages, report: { kept: red, whole }, real: real(outcome) });
    const row = findingsPage(scratch)
      .split('\n')
      .find((line) => line.startsWith('| lowdb'));
    return row?.split(' | ').at(-1)?.replace(' |', '');
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

describe('the page of packages from npm', () => {
  it('says that a promise does not hold only where a real disk showed it too', () => {
    expect(claimOf(red, 'damaged')).to.equal('does not hold');
    expect(claimOf(red, 'lost')).to.equal('not seen');
    expect(claimOf(red, 'kept')).to.equal('not seen');
    expect(claimOf(held, 'kept')).to.equal('holds');
  });

  it('is not written from results that are missing', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'lazurite-findings-'));
    expect(() => findingsPage(scratch)).to.throw(
      "no result of lowdb with real losses of power: `npm run findings -- --cut 'lowdb'`",
    );
    rmSync(scratch, { recursive: true });
  });

  it('a real loss that the model calls impossible is reported', () => {
    const result = (whole: PackedAnswer): readonly string[] =>
      outsideTheModel({ packages: [], report: { kept: red, whole }, real: real('damaged') });
    expect(result(held)).to.deep.equal(['xfs, power cut later: words']);
    expect(result(red)).to.deep.equal([]);
    expect(result({ ...held, isComplete: false })).to.deep.equal([]);
  });

  it('names each package with its version, and each has a drive', () => {
    const page = readFileSync(join(root, 'docs/findings-npm.md'), 'utf8');
    expect(page).to.not.include('\0');
    expect(new Set(subjects.map(({ name }) => name)).size).to.equal(subjects.length);
    for (const { packages, drive } of subjects) {
      const at = packages[0]?.lastIndexOf('@') ?? 0;
      expect(page).to.include(`### ${packages[0]?.slice(0, at)} ${packages[0]?.slice(at + 1)}`);
      expect(existsSync(join(root, 'dev/findings/drives', `${drive}.mjs`)), drive).to.equal(true);
    }
  });
});
