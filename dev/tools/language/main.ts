/**
 * Measures the language of comments and documents, and fails where a measure is above its kept count (dev/language.json). `--lower` keeps the
 * counts of now where they are lower. `--show NAME` lists the places of the measures whose names contain NAME.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Kept, lowered, type Measure, measuresOf, riseOver } from './measures.ts';

const root = resolve(import.meta.dirname, '../../..');
const keptFile = join(root, 'dev/language.json');
const shownPlaces = 20;

/** Generated from what is measured elsewhere, written by tools, or data. */
const skipped =
  /^(node_modules|dist|coverage|\.[^/]*|docs\/api|docs\/museum\.md|docs\/reference\/commands\.md|scenarios\/peers|apps\/page\/lessons)(\/|$)/;

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (skipped.test(name) || entry.isSymbolicLink()) return [];
    if (entry.isDirectory()) return filesIn(name);
    return /\.(ts|tsx|js|md)$/.test(entry.name) ? [name] : [];
  });
}

/** The newest files come first: there the last change was made. */
function placesText({ name, value, places }: Measure, kept: Kept): string {
  const newest = [...places].sort((a, b) => modified(b.file) - modified(a.file)).slice(0, shownPlaces);
  const lines = newest.map(({ file, line, text }) => `    ${file}:${line}: ${text}`);
  return [`${name}: ${value}, and ${kept[name] ?? 0} are kept`, ...lines].join('\n');
}

function modified(file: string): number {
  return statSync(join(root, file)).mtimeMs;
}

const measures = measuresOf(filesIn('').map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') })));
const before = JSON.parse(readFileSync(keptFile, 'utf8')) as Kept;
const kept = process.argv.includes('--lower') ? lowered(measures, before) : before;
const shown = process.argv.indexOf('--show');
if (shown !== -1) {
  for (const { name, places } of measures.filter((one) => one.name.includes(process.argv[shown + 1] ?? '')))
    process.stdout.write(`${name}\n${places.map(({ file, line, text }) => `    ${file}:${line}: ${text}\n`).join('')}`);
} else {
  const risen = riseOver(measures, kept);
  for (const measure of risen) process.stderr.write(`${placesText(measure, kept)}\n`);
  if (risen.length > 0) {
    process.stderr.write('Say it plainly (CONTRIBUTING.md); these counts may only fall.\n');
    process.exitCode = 1;
  }
  if (kept !== before) writeFileSync(keptFile, `${JSON.stringify(kept, null, 2)}\n`);
}
