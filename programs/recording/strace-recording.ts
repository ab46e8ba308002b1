/** Programs of any kind are recorded by strace; the lines that it leaves are read here. Linux alone has it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { tracedAnswerWrites } from './strace-answers.ts';
import { recordedCalls } from './strace-calls.ts';
import { linesOf, straceCommand, straceEnvironment } from './strace-command.ts';
import { systemCalls } from './strace-lines.ts';
import type { RunToRecord, Seen, Way } from './way.ts';

export function straceWay({ command, folder, workingFolder, spool, http }: RunToRecord): Way {
  const output = join(spool, 'output');
  const trace = join(spool, 'trace');
  const seen = async (): Promise<Seen> => {
    const { dev } = statSync(folder);
    const isOnSameFileSystem = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.dev === dev;
    const isAcknowledgedByOutput = http === undefined;
    const system = systemCalls(linesOf(trace));
    return {
      calls: recordedCalls(system, { folder, output, workingFolder, isAcknowledgedByOutput, isOnSameFileSystem }),
      answerWrites: http === undefined ? [] : tracedAnswerWrites(system, http.port),
    };
  };
  return {
    command: straceCommand(command, trace, http !== undefined),
    env: straceEnvironment(),
    output,
    shown: output,
    seen,
    end: async () => undefined,
  };
}
