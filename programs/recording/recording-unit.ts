/**
 * Loaded before a Node program that is recorded, in each of its processes and worker threads: writes what it does to the files of one folder to a spool file.
 * Bundled as CommonJS, because `--require` reaches workers that `--import` does not.
 */
import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import type { AnswerWrite } from './answer-marks.ts';
import type { Call, RecordedCall } from './calls.ts';
import { watchEscapes } from './escapes.ts';
import { unwatched, watchFs } from './fs-binding.ts';
import { OutputLines } from './output-lines.ts';
import { lineOfCall } from './record-lines.ts';
import { recorder } from './recorder.ts';
import { watchTcp } from './tcp-binding.ts';

const folder = process.env['LAZURITE_RECORD_FOLDER'];
const spool = process.env['LAZURITE_RECORD_SPOOL'];
const httpPort = process.env['LAZURITE_RECORD_HTTP'];

if (folder !== undefined && spool !== undefined) {
  const nameOf = (thread: number): string => `${spool}/${process.pid}-${thread}`;
  const file = `${nameOf(threadId)}.calls`;
  // It is there although nothing is called: this thread is recorded.
  unwatched(() => appendFileSync(file, ''));
  const lines = new OutputLines();
  let last = 0;
  // One clock for all processes of the machine, and no two equal stamps in one thread.
  const stamp = (): number => {
    const [seconds, nanoseconds] = process.hrtime();
    last = Math.max(last + 1, seconds * 1e9 + nanoseconds);
    return last;
  };
  const onCall = (call: RecordedCall): void => unwatched(() => appendFileSync(file, `${lineOfCall(call)}\n`));
  const note = (call: Call, begin: number): void =>
    onCall({ begin, end: stamp(), process: String(process.pid), call, place: '' });
  const onOutput = (bytes: Uint8Array, begin: number): void => {
    for (const line of lines.linesOf(bytes)) note({ op: 'acknowledge', value: line }, begin);
  };
  watchFs(
    recorder({
      folder,
      process: String(process.pid),
      stamp,
      onCall,
      // If answers acknowledge, lines of output do not.
      ...(httpPort === undefined ? { onOutput } : {}),
    }),
  );
  if (httpPort !== undefined)
    watchTcp(Number(httpPort), () => {
      const begin = stamp();
      return (sent) => {
        const write: AnswerWrite = { ...sent, begin, end: stamp(), process: String(process.pid) };
        unwatched(() => appendFileSync(`${nameOf(threadId)}.answers`, `${JSON.stringify(write)}\n`));
      };
    });
  const passedOn = [
    `NODE_OPTIONS=${process.env['NODE_OPTIONS'] ?? ''}`,
    `LAZURITE_RECORD_FOLDER=${folder}`,
    `LAZURITE_RECORD_SPOOL=${spool}`,
    ...(httpPort === undefined ? [] : [`LAZURITE_RECORD_HTTP=${httpPort}`]),
  ];
  // Workers and Node children load this file too, unless they are given another environment.
  watchEscapes(({ kind, what, environment = [], threadId: thread = 0 }) => {
    if (kind === 'worker') unwatched(() => appendFileSync(`${nameOf(thread)}.expected`, ''));
    else if (what !== 'the child process node') note({ op: 'unseen', what }, stamp());
    else if (!passedOn.every((pair) => environment.includes(pair)))
      note({ op: 'unseen', what: `${what}, whose environment leaves out the recorder` }, stamp());
  });
}
