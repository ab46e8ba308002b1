/** `course.json`, the teacher's list of students and their exercises, and `exercise.json` in the folder of a student. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ScenarioError } from '../../scenarios/index.ts';

export interface Enrolled {
  readonly name: string;
  readonly id: string;
  /** One folder beside the file, and none elsewhere. */
  readonly folder: string;
  readonly seed: string;
}

export interface Course {
  readonly version: 1;
  readonly key: string;
  readonly students: readonly Enrolled[];
}

export interface ExerciseName {
  readonly version: 1;
  readonly seed: string;
}

const seed: z.ZodType<string> = z.string().regex(/^[0-9a-f]{12}$/, 'expected 12 digits or letters from a to f');
const folder: z.ZodType<string> = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected a name of small letters, digits and hyphens');
const enrolled: z.ZodType<Enrolled> = z.strictObject({
  name: z.string().min(1).max(200),
  id: z.string().max(200),
  folder,
  seed,
});
const course: z.ZodType<Course> = z.strictObject({
  version: z.literal(1),
  key: z.string().min(1),
  students: z.array(enrolled),
});
const exercise: z.ZodType<ExerciseName> = z.object({ version: z.literal(1), seed });

export const courseFile = 'course.json';
export const exerciseFile = 'exercise.json';

/** Throws `ScenarioError` that names all that is wrong in the file. */
export function readCourse(path: string): Course {
  return read(path, course);
}

export function readExercise(path: string): ExerciseName {
  return read(path, exercise);
}

function read<Data>(path: string, schema: z.ZodType<Data>): Data {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ScenarioError(
      `${path}: ${error instanceof Error ? error.message : String(error)}; \`lazurite course new\` writes it`,
    );
  }
  const found = schema.safeParse(data);
  if (found.success) return found.data;
  const mistakes = found.error.issues.map(
    ({ path: at, message }) => `${path}: ${at.length === 0 ? 'the file' : at.join('.')}: ${message}`,
  );
  throw new ScenarioError(mistakes.join('\n'));
}
