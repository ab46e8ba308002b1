/** Writes the gallery: a page for each scenario of the library, each lesson, each exhibit of the museum, and an index. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadScenario, scenarioFiles } from '../../apps/cli/load-scenario.ts';
import { lessonsThatShip, ready } from '../../apps/page/lessons.ts';
import { recordOf } from '../../apps/page/record/record-run.ts';
import { bundle, html } from '../../apps/page/template.ts';
import { anywhere, scenes } from '../../campaigns/museum/scenes.ts';
import { exhibits } from '../../museum/index.ts';

const target = process.argv[2] ?? 'gallery';
const parts = await bundle();
mkdirSync(target, { recursive: true });

interface Entry {
  readonly file: string;
  readonly title: string;
  readonly bytes: number;
}

function write(file: string, title: string, data: object): Entry {
  const page = html(parts, title, data);
  writeFileSync(join(target, file), page);
  return { file, title, bytes: page.length };
}

const lessons = lessonsThatShip().map(ready);
const taught = lessons.map(({ lesson, records }, index) =>
  write(`lesson-${lesson.name}.html`, lesson.title, {
    records,
    lessons: lessons.map((one) => one.lesson),
    lesson: index,
  }),
);
const stories: Entry[] = [];
for (const file of scenarioFiles(['scenarios/library'])) {
  const { data } = await loadScenario(file);
  const variants = data.variants.length === 0 ? [undefined] : data.variants.map(({ name }) => name);
  const records = variants.map((variant) => recordOf(data, variant === undefined ? {} : { variant }));
  stories.push(write(`${basename(file, '.ts')}.html`, data.name, { records, lessons: [], lesson: -1 }));
}
const broken = exhibits.map(({ name }) => {
  const { data } = scenes[name] ?? anywhere;
  return write(`museum-${name}.html`, name, { records: [recordOf(data, { exhibit: name })], lessons: [], lesson: -1 });
});

const list = (title: string, entries: readonly Entry[]): string =>
  `<h2>${title}</h2><ul>${entries.map(({ file, title: name, bytes }) => `<li><a href="${file}">${name.replace(/[&<>]/g, '')}</a> <small>${Math.round(bytes / 1024)} KB</small></li>`).join('')}</ul>`;
writeFileSync(
  join(target, 'index.html'),
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Lazurite: gallery</title><body><h1>Lazurite: gallery</h1>${list('Lessons', taught)}${list('Scenarios', stories)}${list('Museum', broken)}</body></html>\n`,
);
const all = [...taught, ...stories, ...broken];
const largest = all.reduce((most, one) => (one.bytes > most.bytes ? one : most));
console.log(`${all.length} pages in ${target}; the largest is ${largest.file}, ${Math.round(largest.bytes / 1024)} KB`);
