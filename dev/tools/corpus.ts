/**
 * `npm run corpus` replays the corpus; exit 1 where a run in it is not what it was. `npm run corpus -- --gather 300 --seed 1` looks for honest runs that reached rare marks. `npm run corpus -- --add FILE` keeps a failure, such as one of `.lazurite/failures`. `--write` renews what a deliberate change made another run.
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
process.stdout.write(`${files.length} runs, ${wrong} not what they were; ${others} with another hash\n`);
process.exitCode = wrong > 0 || excess !== undefined ? 1 : 0;

/** Only the hash changes. What the run must reach, or be red by, stays. */
function renew({ file, run }: CorpusEntry): void {
  const { hash } = runFailure(run, false);
  writeFileSync(file, textOf({ ...JSON.parse(readFileSync(file, 'utf8')), hash }));
}
