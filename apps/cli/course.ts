/** `course new` and `course grade`: an exercise for each student of a list, and points of 100 with reasons. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { type Course, courseFile, exerciseFile, readCourse, readExercise } from '../course/course-file.ts';
import { exerciseFiles, solutionFiles } from '../course/course-files.ts';
import { enrol } from '../course/enrol.ts';
import type { FileName } from '../course/points.ts';
import { keyOf, studentsOf } from '../course/student-list.ts';
import { shown } from '../output/escape.ts';
import { tryToWrite, writeWhole } from '../output/write-whole.ts';
import { type Grade, gradeOf } from './course-grade.ts';
import { exitCodeOf } from './exit-code.ts';
import { jobsOption, wholeNumber } from './flags.ts';
import { packageVersion } from './packaged.ts';
import type { Paint } from './terminal.ts';

type Print = (text: string) => void;

interface NewFlags {
  readonly students: string;
  readonly solutions?: string;
  readonly key?: string;
}

interface GradeFlags {
  readonly only?: FileName;
  readonly pass?: number;
  readonly jobs: number;
  readonly json?: boolean;
}

/** One folder to grade, and its student. */
interface StudentFolder {
  readonly name: string;
  readonly id: string;
  readonly folder: string;
  readonly path: string;
  readonly seed: string;
  readonly key: string;
}

export function courseCommand(program: Command, print: Print, paint: Paint): void {
  const course = program
    .command('course')
    .description('exercises for a class: a broken log and a broken node for each student, and points');
  course
    .command('new')
    .description('writes a folder for each student of a list; those who have one keep it')
    .argument('[dir]', 'the folder of the course', 'course')
    .requiredOption('--students <file>', 'CSV whose first line names the columns: name, and id where names are not enough')
    .option('--solutions <dir>', 'write the solutions there, a folder for each student')
    .option('--key <text>', 'draws the exercises; equal keys give equal ones (default: at random)')
    .action((dir: string, flags: NewFlags) => writeCourse(dir, flags, print));
  course
    .command('grade')
    .description('points of 100 for each student, with reasons; also for the folder of one student')
    .argument('<dir>', 'the folder of the course, or of a student')
    .addOption(new Option('--only <file>', 'one of the two files, 50 points').choices(['log', 'node']))
    .option('--pass <points>', 'exit with 1 where somebody has fewer', points)
    .addOption(jobsOption())
    .option('--json', 'for machines')
    .action((dir: string, flags: GradeFlags) => gradeAll(dir, flags, print, paint));
}

function points(text: string): number {
  const value = wholeNumber(text);
  if (value > 100) throw new InvalidArgumentError('give points from 0 to 100');
  return value;
}

function writeCourse(dir: string, { students: list, solutions, key }: NewFlags, print: Print): void {
  const { students, mistakes } = studentsOf(bytesOf(list), list);
  if (mistakes.length > 0) throw new ScenarioError(mistakes.join('\n'));
  const file = join(dir, courseFile);
  const before: Course | undefined = existsSync(file) ? readCourse(file) : undefined;
  if (before !== undefined && key !== undefined && key !== before.key)
    throw new ScenarioError(`${file} has another key; leave out --key, or choose another folder`);
  if (key === '') throw new ScenarioError('--key is empty; give some text, or leave it out');
  const empty: Course = { version: 1, key: key ?? randomBytes(16).toString('hex'), students: [] };
  const course = enrol(before ?? empty, students);
  const added = course.students.slice(before?.students.length ?? 0);
  const texts = new Map<string, string>();
  for (const { folder, seed } of added) {
    const isTaken = existsSync(join(dir, folder));
    if (isTaken) throw new ScenarioError(`${join(dir, folder)} is there already; nothing was written. Choose another folder`);
    for (const [name, text] of Object.entries(exerciseFiles(seed, folder, packageVersion())))
      texts.set(join(dir, folder, name), text);
  }
  if (solutions !== undefined)
    for (const { folder, seed } of course.students)
      for (const [name, text] of Object.entries(solutionFiles(seed))) texts.set(join(solutions, folder, name), text);
  tryToWrite(file);
  for (const [path, text] of texts) writeWhole(path, text);
  // Last: a course that is written says that all its folders are there.
  writeWhole(file, `${JSON.stringify(course, null, 2)}\n`);
  const named = new Set(students.map(keyOf));
  for (const one of shown((before?.students ?? []).filter((student) => !named.has(keyOf(student)))))
    print(`${one.name} (${one.folder}) is no longer in the list, and was kept`);
  print(
    `${added.length} new, ${course.students.length} in all; ${file} is for the teacher alone: with its key the exercises are drawn and graded`,
  );
  print(`next: give each student one folder; then lazurite course grade ${dir} --json`);
}

function bytesOf(file: string): Uint8Array {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() === true && found.size <= 4 * 1024 * 1024) return readFileSync(file);
  throw new ScenarioError(
    `${file}: ${found === undefined ? 'there is no such file' : 'this is no list of students'}; give a CSV file with a line for each`,
  );
}

async function gradeAll(dir: string, { only, pass, jobs, json }: GradeFlags, print: Print, paint: Paint): Promise<void> {
  const folders = foldersIn(dir);
  const grades: Grade[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < folders.length; at = next++) {
      const { path, seed, key } = folders[at] as StudentFolder;
      grades[at] = await gradeOf(path, seed, key, only === undefined ? {} : { only });
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, folders.length) }, lane));
  const students = folders.map(({ name, id, folder }, at) => ({ name, id, folder, ...(grades[at] as Grade) }));
  if (json === true) print(JSON.stringify({ version: 1, students }, null, 1));
  else for (const student of shown(students)) print(textOf(student, paint));
  if (pass !== undefined && students.some((student) => student.points < pass))
    process.exitCode = exitCodeOf({ isViolated: true });
  else if (students.length === 0) process.exitCode = exitCodeOf({ isEmpty: true });
}

function foldersIn(dir: string): readonly StudentFolder[] {
  const course = join(dir, courseFile);
  if (existsSync(course)) {
    const { key, students } = readCourse(course);
    return students.map((one) => ({ ...one, path: join(dir, one.folder), key: `${key} ${one.seed}` }));
  }
  const exercise = join(dir, exerciseFile);
  if (!existsSync(exercise))
    throw new ScenarioError(`${dir}: it has no ${courseFile} and no ${exerciseFile}; \`lazurite course new\` writes them`);
  const { seed } = readExercise(exercise);
  return [{ name: '', id: '', folder: dir, path: dir, seed, key: seed }];
}

function textOf(
  { name, folder, points: got, of, parts }: Grade & { readonly name: string; readonly folder: string },
  paint: Paint,
): string {
  const head = `${String(got).padStart(3)} of ${of}  ${name === '' ? folder : `${name} (${folder})`}`;
  const lines = parts.flatMap(({ says, points: here, of: most, reasons }) => [
    `  ${here === most ? paint.good('✓') : paint.bad('✕')} ${here} of ${most}: ${says}`,
    ...reasons.map((reason) => paint.dim(`      ${reason.replaceAll('\n', '\n      ')}`)),
  ]);
  return [head, ...lines].join('\n');
}
