/** Gives each student an exercise: a seed of their own, drawn again where two would share what makes their disks and rules their own. */
import type { Course, Enrolled } from './course-file.ts';
import { digestOf, exerciseOf, sharedParts } from './exercise.ts';
import { keyOf, type Student } from './student-list.ts';

/** The course with these students. Those that it has already keep what they have, also if the list no longer names them. */
export function enrol(course: Course, students: readonly Student[]): Course {
  const known = new Set(course.students.map(keyOf));
  const taken = new Set(course.students.flatMap(partsOf));
  const added: Enrolled[] = [];
  for (const student of students.filter((one) => !known.has(keyOf(one)))) {
    let count = 0;
    let one = seated(course.key, student, count);
    while (partsOf(one).some((part) => taken.has(part))) {
      count += 1;
      one = seated(course.key, student, count);
    }
    for (const part of partsOf(one)) taken.add(part);
    added.push(one);
  }
  return { ...course, students: [...course.students, ...added] };
}

function seated(key: string, student: Student, count: number): Enrolled {
  const seed = digestOf(`${key}\n${keyOf(student)}\n${count}`);
  return { ...student, folder: folderOf(student, seed), seed };
}

function partsOf({ seed, folder }: Enrolled): readonly string[] {
  return [...sharedParts(exerciseOf(seed)), `folder ${folder}`];
}

const longestFolder = 40;

/** `Anna Müller` has the folder `anna-muller-3f2a9c`. Any name becomes one plain folder. */
function folderOf({ name }: Student, seed: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longestFolder)
    .replaceAll(/^-+|-+$/g, '');
  return `${plain === '' ? 'student' : plain}-${seed.slice(0, 6)}`;
}
