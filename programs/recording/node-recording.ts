/** Node programs are recorded by a file that each of their processes and worker threads loads first; what it writes to the spool folder is read here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnswerWrite } from './answer-marks.ts';
import type { RecordedCall } from './calls.ts';
import { readSpool } from './record-file.ts';
import { RecordingError } from './recording-error.ts';
import type { RunToRecord, Way } from './way.ts';

export async function nodeWay(run: RunToRecord): Promise<Way> {
  const { command, spool } = run;
  const output = join(spool, 'output');
  return {
    command,
    env: await nodeEnvironment(run),
    output,
    shown: output,
    seen: async () => ({ calls: spooledCalls(spool), answerWrites: spooledAnswerWrites(spool) }),
    end: async () => undefined,
  };
}

async function nodeEnvironment({ folder, spool, http: server }: RunToRecord): Promise<NodeJS.ProcessEnv> {
  const preload = join(spool, 'preload.cjs');
  // As a source, and beside the command where it was built.
  const places = ['./recording-unit.ts', '../../programs/recording/recording-unit.js'];
  const entry = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
  if (entry === undefined) throw new RecordingError('the recorder for Node programs is missing from this copy of lazurite');
  // Loaded only here, because it takes a part of the command's start.
  const { build } = await import('esbuild');
  await build({
    entryPoints: [entry],
    outfile: preload,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    banner: { js: 'const lazuriteUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { 'import.meta.url': 'lazuriteUrl' },
  });
  const options = [process.env['NODE_OPTIONS'], `--require ${JSON.stringify(preload)}`].filter(Boolean).join(' ');
  const http = server === undefined ? {} : { LAZURITE_RECORD_HTTP: String(server.port) };
  return { ...process.env, NODE_OPTIONS: options, LAZURITE_RECORD_FOLDER: folder, LAZURITE_RECORD_SPOOL: spool, ...http };
}

function spooledCalls(spool: string): readonly RecordedCall[] {
  const names = readdirSync(spool);
  const files = names.filter((name) => name.endsWith('.calls'));
  const calls = files.flatMap((name) => readSpool(join(spool, name))).sort((a, b) => a.begin - b.begin);
  const silent = names.find((name) => name.endsWith('.expected') && !files.includes(name.replace(/expected$/, 'calls')));
  if (silent === undefined) return calls;
  const what = 'a worker thread whose environment leaves out the recorder';
  return [...calls, { begin: 0, end: 0, process: silent, call: { op: 'unseen', what }, place: '' }];
}

/** Writes of answers; a line that a death cut off is ignored. */
function spooledAnswerWrites(spool: string): readonly AnswerWrite[] {
  const files = readdirSync(spool).filter((name) => name.endsWith('.answers'));
  return files.flatMap((name) => {
    const lines = readFileSync(join(spool, name), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as AnswerWrite);
  });
}
