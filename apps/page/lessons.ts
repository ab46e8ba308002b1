/** The lessons that ship. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lesson } from './lesson.ts';
import { parseLesson } from './parse-lesson.ts';

/** Beside this file in the sources, two above in `dist`. */
function folder(): string {
  const found = ['./lessons', '../../../apps/page/lessons'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return found.find(existsSync) ?? './lessons';
}

export function lessonsThatShip(): readonly Lesson[] {
  const names = readdirSync(folder()).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => parseLesson(readFileSync(join(folder(), name), 'utf8'), `apps/page/lessons/${name}`));
}
