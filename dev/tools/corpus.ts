/**
 * `npm run corpus` replays the corpus. Exit 1 if a run reaches its marks or violates its properties no longer, or if the corpus is too large.
 *
 * `--gather 300 --seed 1` first looks among 300 honest runs for those that reach rare marks, and adds these. `--add FILE` first adds a failure, such as one of
 * `.lazurite/failures`. `--write` stores the new hash of each run that a deliberate change has altered.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import { runFailure } from '../../campaigns/index.ts';
import { type CorpusEntry, corpusFiles, corpusFolder, readEntry, replayEntry, tooMuch } from '../corpus/entries.ts';
import { gather } from '../corpus/gather.ts';

const { values } = parseArgs({
  options: {
    gather: { type: 'string' },
    seed: { type: 'string', default: '1' },
    add: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
  },
});

const runsOfMark = 2;
const textOf = (value: object): string => `${JSON.stringify(value)}\n`;

if (values.gather !== undefined) {
  const { data } = await loadScenario('scenarios/yaml/four-validators.yaml');
  const seeds = Array.from({ length: Number(values.gather) }, (_none, index) => Number(values.seed) + index);
  for (const { seed, data: scenario, hash, marks, mark } of gather(data, seeds, runsOfMark)) {
    const entry = { version: 1, scenario, seed: scenario.seed, hash, properties: [], message: '', marks };
    writeFileSync(join(corpusFolder, `rare-${mark}-${seed}.json`), textOf(entry));
  }
}
for (const file of values.add) {
  const { run } = readEntry(file);
  const [property = 'held'] = run.properties;
  writeFileSync(join(corpusFolder, `red-${run.exhibit ?? 'honest'}-${property}-${run.hash.slice(0, 4)}.json`), textOf(run));
}

let [wrong, others] = [0, 0];
const files = corpusFiles();
for (const file of files) {
  const entry = readEntry(file);
  const replayed = replayEntry(entry);
  if (replayed.isOther) others += 1;
  if (replayed.isOther && values.write) renew(entry);
  if (replayed.wrong === undefined) continue;
  wrong += 1;
  process.stdout.write(`${file}: ${replayed.wrong}\n`);
}
const excess = tooMuch(files);
if (excess !== undefined) process.stdout.write(`${excess}\n`);
process.stdout.write(
  `${files.length} runs, ${wrong} no longer show what they should; ${others} with another hash than stored, which alone is no error\n`,
);
process.exitCode = wrong > 0 || excess !== undefined ? 1 : 0;

/** Only the hash changes. The marks that the run must reach stay, and the properties that it must violate. */
function renew({ file, run }: CorpusEntry): void {
  const { hash } = runFailure(run, false);
  writeFileSync(file, textOf({ ...JSON.parse(readFileSync(file, 'utf8')), hash }));
}
