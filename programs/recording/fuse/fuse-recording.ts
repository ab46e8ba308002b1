/**
 * Programs of any kind are recorded by a file system that is mounted over their folder: also what they do through mapped memory, and where nobody may trace
 * them (docs/decisions/0032).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RecordingError } from '../recording-error.ts';
import type { RunToRecord, Way } from '../way.ts';
import { fileSystemProgram } from './file-system-program.ts';
import { callsOfOperations } from './fuse-calls.ts';
import { fuseOperations } from './fuse-operations.ts';
import { mountedFolder } from './mounted-folder.ts';

export async function fuseWay({ command, folder, spool, http }: RunToRecord): Promise<Way> {
  if (http !== undefined)
    throw new RecordingError(
      'a file system does not see when an answer leaves its server: record HTTP answers with --by node or strace',
    );
  const program = fileSystemProgram();
  const name = `.${basename(spool)}`;
  const output = join(spool, name);
  const record = join(spool, 'operations');
  writeFileSync(output, '');
  const mounted = await mountedFolder({ program, folder, record, output });
  return {
    command,
    env: process.env,
    // Through the file system, so that lines and changes of files have one order.
    output: join(folder, name),
    shown: output,
    seen: async () => {
      await mounted.unmount();
      return { calls: callsOfOperations(fuseOperations(readFileSync(record))), answerWrites: [] };
    },
    end: () => mounted.abandon(),
  };
}
