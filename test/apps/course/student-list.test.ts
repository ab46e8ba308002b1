/** Lists of students: what is wrong is said all at once with its place, names are data, and everybody has an exercise of their own. */
import { expect } from 'chai';
import { enrol } from '../../../apps/course/enrol.ts';
import { exerciseOf } from '../../../apps/course/exercise.ts';
import { logSource } from '../../../apps/course/log-source.ts';
import { nodeSource } from '../../../apps/course/node-source.ts';
import { studentsOf } from '../../../apps/course/student-list.ts';

const read = (text: string) => studentsOf(new TextEncoder().encode(text), 'list.csv');
const empty = { version: 1, key: 'a key', students: [] } as const;

describe('the list of students', () => {
  it('is CSV with a line of names, quotes, CRLF, a byte order mark, and columns that nobody asked for', () => {
    const { students, mistakes } = read(
      '\ufeffGroup,Name,ID\r\n1,"O""Brien, Pat",p1\r\n2,李雷,p2\r\n\r\n3,"constructor",__proto__\r\n',
    );
    expect(mistakes).to.deep.equal([]);
    expect(students).to.deep.equal([
      { name: 'O"Brien, Pat', id: 'p1' },
      { name: '李雷', id: 'p2' },
      { name: 'constructor', id: '__proto__' },
    ]);
  });

  it("may be a roster of GitHub Classroom: 'identifier' is the name", () => {
    expect(read('identifier,github_username\nAnna,anna\n').students).to.deep.equal([{ name: 'Anna', id: '' }]);
  });

  it('says all mistakes at once, each with line and column', () => {
    const { mistakes } = read('name,id,name\n,1,x\nab"c,2,x,4\n"x"y,2,z\nA\tB,5,6\nZoë,7\n"never,8,9\n');
    expect(mistakes).to.deep.equal([
      'list.csv:1:9: a second column is called "name"',
      'list.csv:2:1: the name is empty',
      'list.csv:3:3: a quote within a field; put the field in quotes, and write this one twice',
      'list.csv:3:10: expected 3 fields as in the first line, found 4; a name with a comma needs quotes',
      'list.csv:4:4: after the closing quote comes more text; write a quote within a field twice',
      'list.csv:4:6: the same id as on line 3',
      'list.csv:5:1: the name has a control character or a line break in it; remove it',
      'list.csv:6:1: expected 3 fields as in the first line, found 2; a name with a comma needs quotes',
      'list.csv:7:1: this quote is never closed',
    ]);
  });

  for (const [what, text, message] of [
    ['nothing', '', 'list.csv:1:1: the list is empty; its first line names the columns, such as name,id'],
    ['no name', 'nme\nA\n', 'list.csv:1:1: no column is called name; its first line names the columns, such as name,id'],
    ['nobody', 'name\n', 'list.csv:2:1: there is no student; write one on each line'],
    [
      'one name twice, also in another form of Unicode',
      'name\nZoe\u0308\nAnna\nZoë\n',
      'list.csv:4:1: the same name as on line 2; remove it, or add a column id that distinguishes the two',
    ],
    ['a long name', `name\n${'x'.repeat(201)}\n`, 'list.csv:2:1: the name has 201 signs (at most 200)'],
    ['an empty id', 'name,id\nA,\n', 'list.csv:2:3: the id is empty'],
  ] as const)
    it(`${what}: a mistake`, () => expect(read(text).mistakes).to.deep.equal([message]));

  it('in another encoding: said as such', () => {
    expect(studentsOf(Uint8Array.of(0x6e, 0xff, 0xfe), 'list.csv').mistakes).to.deep.equal([
      'list.csv:1:1: this is not UTF-8; save the list as "CSV UTF-8"',
    ]);
  });
});

describe('exercises of a class', () => {
  const names = Array.from({ length: 200 }, (_, index) => ({ name: `Student ${index}`, id: '' }));
  const plain = (text: string): string => text.replaceAll(/^\s*\/\/.*$/gm, '');

  it('200 students have 200 different ones, in code and in what only they can hand in', () => {
    const exercises = enrol(empty, names).students.map(({ seed }) => exerciseOf(seed));
    const different = (of: (one: (typeof exercises)[number]) => unknown): number => new Set(exercises.map(of)).size;
    expect(different((one) => plain(logSource(one, true)))).to.equal(200);
    expect(different((one) => plain(nodeSource(one, true)))).to.equal(200);
    expect(different(({ log }) => log.magic)).to.equal(200);
    expect(different(({ node }) => node.modulus)).to.equal(200);
    expect(different(({ promise, recovery, word, state }) => [promise, recovery, word, state].join())).to.be.greaterThan(60);
  });

  it('no two share a format or a rule where thousands of students draw from few', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ name: 'One Name', id: String(index) }));
    const { students } = enrol(empty, many);
    expect(new Set(students.map(({ folder }) => folder)).size).to.equal(3000);
    expect(new Set(students.map(({ seed }) => exerciseOf(seed).node.modulus)).size).to.equal(3000);
  });

  it('are the same for the same key, whatever the order of the list, and stay when it grows', () => {
    const few = enrol(empty, names.slice(0, 5));
    const seedOf = (name: string, of: typeof few): string | undefined => of.students.find((one) => one.name === name)?.seed;
    expect(seedOf('Student 3', enrol(empty, names.slice(0, 5).reverse()))).to.equal(seedOf('Student 3', few));
    expect(enrol(few, names).students.slice(0, 5)).to.deep.equal(few.students);
    expect(seedOf('Student 3', enrol({ ...empty, key: 'another' }, names))).to.not.equal(seedOf('Student 3', few));
  });

  it('have plain folders, whatever is in a name', () => {
    const hostile = [
      '../../etc/passwd',
      '/',
      '.',
      '..',
      'CON',
      'a\\b',
      '<script>',
      '%2e%2e',
      '👩‍💻',
      'Ünï cödé',
      '-rf',
      '$(reboot)',
      'x'.repeat(200),
    ];
    for (const { folder } of enrol(
      empty,
      hostile.map((name) => ({ name, id: '' })),
    ).students)
      expect(folder).to.match(/^[a-z0-9][a-z0-9-]{0,40}-[0-9a-f]{6}$/);
  });
});
