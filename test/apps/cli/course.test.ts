/** `course new` and `course grade` as commands: what is written, what is refused, and what they exit with. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type Ended, lazuriteIn } from './command-run.ts';

interface Graded {
  readonly students: readonly { readonly name: string; readonly folder: string; readonly points: number; readonly of: number }[];
}

describe('course', function () {
  this.timeout(300_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-course-'));
    writeFileSync(join(folder, 'list.csv'), 'name\n../../Evil\nAnna\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const lazurite = (...args: readonly string[]): Ended => lazuriteIn(folder, args);
  const newCourse = (...more: readonly string[]): Ended =>
    lazurite('course', 'new', 'class', '--students', 'list.csv', '--key', 'k', ...more);
  const foldersIn = (name: string): readonly string[] => readdirSync(join(folder, name)).filter((one) => one !== 'course.json');

  it('new writes a folder for each student, and nothing outside the course', () => {
    const { status, stdout, stderr } = newCourse('--solutions', 'solutions');
    expect(status, stderr).to.equal(0);
    expect(stdout).to.contain('2 new, 2 in all');
    expect(readdirSync(folder).sort()).to.deep.equal(['class', 'list.csv', 'solutions']);
    expect(foldersIn('class')).to.have.length(2);
    expect(foldersIn('solutions')).to.deep.equal(foldersIn('class'));
    const [one = ''] = foldersIn('class');
    expect(readdirSync(join(folder, 'class', one), { recursive: true, encoding: 'utf8' }).sort()).to.include.members([
      '.github/workflows/classroom.yml',
      'README.md',
      'exercise.json',
      'log.js',
      'node.js',
      'package.json',
    ]);
    const workflow = readFileSync(join(folder, 'class', one, '.github/workflows/classroom.yml'), 'utf8');
    const { jobs } = parse(workflow) as { jobs: { grade: { steps: { with?: { command?: string; 'max-score'?: number } }[] } } };
    const scores = jobs.grade.steps.map((step) => step.with?.['max-score'] ?? 0);
    expect(scores.reduce((a, b) => a + b)).to.equal(100);
  });

  it('grade: 100 for the solutions, 0 for what nobody touched; the tests of a student are red, then green', () => {
    newCourse('--solutions', 'solutions');
    const [solved = '', untouched = ''] = foldersIn('class');
    const test = (name: string): number | null => {
      const manifest = readFileSync(join(folder, 'class', name, 'package.json'), 'utf8');
      const { scripts } = JSON.parse(manifest) as { readonly scripts: { readonly test: string } };
      return lazuriteIn(join(folder, 'class', name), scripts.test.split(' ').slice(1)).status;
    };
    expect(test(solved)).to.equal(1);
    cpSync(join(folder, 'solutions', solved), join(folder, 'class', solved), { recursive: true });
    expect(test(solved)).to.equal(0);
    const { status, stdout } = lazurite('course', 'grade', 'class', '--json');
    expect(status).to.equal(0);
    const { students } = JSON.parse(stdout) as Graded;
    const pointsOf = (name: string): number | undefined => students.find((one) => one.folder === name)?.points;
    expect([pointsOf(solved), pointsOf(untouched)]).to.deep.equal([100, 0]);
    const half = lazurite('course', 'grade', join('class', solved), '--only', 'log', '--json', '--pass', '50');
    expect(half.status).to.equal(0);
    expect((JSON.parse(half.stdout) as Graded).students[0]).to.include({ points: 50, of: 50 });
  });

  it('new again keeps what students have, adds those who are new, and says who is no longer in the list', () => {
    newCourse();
    const before = readFileSync(join(folder, 'class/course.json'), 'utf8');
    const [first = ''] = foldersIn('class');
    writeFileSync(join(folder, 'class', first, 'log.js'), '// mine');
    writeFileSync(join(folder, 'list.csv'), 'name\nAnna\nBen\n');
    const { status, stdout } = lazurite('course', 'new', 'class', '--students', 'list.csv');
    expect(status).to.equal(0);
    expect(stdout).to.contain('1 new, 3 in all').and.to.contain('../../Evil');
    expect(readFileSync(join(folder, 'class', first, 'log.js'), 'utf8')).to.equal('// mine');
    const { students } = JSON.parse(readFileSync(join(folder, 'class/course.json'), 'utf8')) as { students: unknown[] };
    expect(students.slice(0, 2)).to.deep.equal((JSON.parse(before) as { students: unknown[] }).students);
  });

  it('refuses, before anything is written: a wrong list, a folder that is taken, another key', () => {
    newCourse();
    const taken = foldersIn('class')[0] ?? '';
    mkdirSync(join(folder, 'other', taken), { recursive: true });
    const again = lazurite('course', 'new', 'other', '--students', 'list.csv', '--key', 'k');
    expect(again.status).to.equal(2);
    expect(again.stderr).to.contain('is there already; nothing was written');
    expect(existsSync(join(folder, 'other/course.json'))).to.equal(false);
    expect(lazurite('course', 'new', 'class', '--students', 'list.csv', '--key', 'other').stderr).to.contain('has another key');
    writeFileSync(join(folder, 'list.csv'), 'nme\n"A\n');
    const wrong = lazurite('course', 'new', 'third', '--students', 'list.csv');
    expect(wrong.status).to.equal(2);
    expect(wrong.stderr)
      .to.contain('list.csv:1:1: no column is called name')
      .and.to.contain('list.csv:2:1: this quote is never closed');
    expect(existsSync(join(folder, 'third'))).to.equal(false);
    expect(lazurite('course', 'new', 'third', '--students', 'none.csv').stderr).to.contain('none.csv: there is no such file');
  });

  it('refuses a course file that was changed by hand, all mistakes at once', () => {
    mkdirSync(join(folder, 'class'));
    const students = [
      { name: 'A', id: '', folder: '../up', seed: '0123456789ab' },
      { name: 'B', id: '', folder: 'b', seed: 'x' },
    ];
    writeFileSync(join(folder, 'class/course.json'), JSON.stringify({ version: 1, key: 'k', students }));
    const { status, stderr } = lazurite('course', 'grade', 'class');
    expect(status).to.equal(2);
    expect(stderr).to.contain('students.0.folder: expected a name').and.to.contain('students.1.seed: expected 12 digits');
    expect(lazurite('course', 'grade', '.').stderr).to.contain('it has no course.json and no exercise.json');
  });
});
