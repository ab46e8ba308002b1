/** The gallery: a page for each lesson, each scenario of the library and each broken node of the museum, and a first page with a card for each. */
import { anywhere, scenes } from '../../campaigns/museum/scenes.ts';
import { exhibits } from '../../museum/index.ts';
import type { ScenarioData } from '../../scenarios/index.ts';
import { type Card, firstPage } from './gallery-index.ts';
import type { Lesson } from './lesson.ts';
import { lessonsThatShip } from './lessons.ts';
import { runPage } from './pages.ts';
import { prepared } from './prepare-lesson.ts';
import { html, type Parts } from './template.ts';
import { pictureOf } from './thumbnail.ts';

export interface GalleryFile {
  readonly name: string;
  readonly text: string;
}

export interface NamedScenario {
  /** The file's name without its ending. */
  readonly name: string;
  readonly data: ScenarioData;
}

/** Each file as it is made, the first page last. */
export function* galleryFiles(
  parts: Parts,
  scenarios: readonly NamedScenario[],
  lessons: readonly Lesson[] = lessonsThatShip(),
): Generator<GalleryFile> {
  const cards: Record<'lessons' | 'scenarios' | 'museum', Card[]> = { lessons: [], scenarios: [], museum: [] };
  for (const [index, lesson] of lessons.entries()) {
    const ready = prepared(lesson);
    const name = `lesson-${lesson.name}.html`;
    const all = lessons.map((one, at) => (at === index ? ready.lesson : one));
    yield { name, text: html(parts, lesson.title, { records: ready.records, lessons: all, lesson: index }) };
    const shown = ready.records.find(({ variant }) => variant === ready.lesson.stops[0]?.at.variant) ?? ready.records[0];
    cards.lessons.push({
      file: name,
      title: `${index + 1}. ${lesson.title}`,
      sentence: lesson.about.text,
      length: `${lesson.stops.length} steps, ${minutesFor(lesson.stops.length)} minutes`,
      picture: shown === undefined ? '' : pictureOf(shown, ready.lesson.stops.at(-1)?.row),
    });
  }
  for (const { name, data } of scenarios) {
    const { page, first } = runPage(parts, data);
    yield { name: `${name}.html`, text: page };
    cards.scenarios.push({
      file: `${name}.html`,
      title: data.name,
      sentence: data.description,
      length: lengthOf(first.rows.at(-1)?.time ?? 0, data.variants.length),
      picture: pictureOf(first),
    });
  }
  for (const { name, bug } of exhibits) {
    const { data } = scenes[name] ?? anywhere;
    const { page, first } = runPage(parts, { ...data, variants: [] }, { exhibit: name });
    yield { name: `museum-${name}.html`, text: page };
    cards.museum.push({
      file: `museum-${name}.html`,
      title: name.replaceAll('-', ' '),
      sentence: bug,
      length: lengthOf(first.rows.at(-1)?.time ?? 0, 0),
      picture: pictureOf(first),
    });
  }
  yield { name: 'index.html', text: firstPage(cards) };
}

/** Half a minute a step, and one for the question and the rule. */
const minutesFor = (steps: number): number => Math.ceil(steps / 2) + 1;

function lengthOf(microseconds: number, variants: number): string {
  const time = `${(microseconds / 1_000_000).toFixed(1)} s of virtual time`;
  return variants < 2 ? time : `${time}, ${variants} variants`;
}
