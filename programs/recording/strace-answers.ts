/** Which bytes a traced server sent to which client: system calls that write to a TCP connection, as `strace -yy` names them. */
import type { AnswerWrite } from './answer-marks.ts';
import type { SystemCall } from './strace-lines.ts';

/** The place of the socket among the arguments. */
const socketArgument: Readonly<Record<string, number>> = { write: 0, writev: 0, sendto: 0, sendmsg: 0, sendfile: 0, splice: 2 };

/** Writes to clients of the server that listens on this port. */
export function tracedAnswerWrites(calls: readonly SystemCall[], port: number): readonly AnswerWrite[] {
  return calls.flatMap(({ thread, name, args, result, begin, end }) => {
    const place = socketArgument[name];
    const bytes = Number.parseInt(result, 10);
    if (place === undefined || !(bytes > 0)) return [];
    const [, local, client] = /^\d+<TCP(?:v6)?:\[.*:(\d+)->.*:(\d+)\]>$/.exec(args[place] ?? '') ?? [];
    return Number(local) === port ? [{ connection: Number(client), begin, end, process: String(thread), bytes }] : [];
  });
}
