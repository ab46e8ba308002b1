/**
 * HTTP answers as acknowledgements. The proxy knows what was answered; the recorder of the server knows when its bytes left. An answer counts from the begin
 * of the write that holds its last byte: from then on somebody may have read it. The time at which it came to the proxy would be too late, because
 * a sync after the answer would look like one before it.
 */
import type { RecordedCall } from './calls.ts';
import { type HttpAnswer, type KeptText, keptBytes } from './http-proxy.ts';

/** A write of the recorded server to a connection from the proxy. */
export interface AnswerWrite {
  /** The proxy's port. */
  readonly connection: number;
  readonly begin: number;
  readonly end: number;
  readonly process: string;
  /** Bytes that the system took. */
  readonly bytes: number;
}

/** One call for each answer with a status of 200 to 299. */
export function answerMarks(answers: readonly HttpAnswer[], writes: readonly AnswerWrite[]): readonly RecordedCall[] {
  const byConnection = new Map<number, AnswerWrite[]>();
  for (const write of [...writes].sort((a, b) => a.begin - b.begin)) {
    const known = byConnection.get(write.connection);
    if (known === undefined) byConnection.set(write.connection, [write]);
    else known.push(write);
  }
  const served = new Map<number, number>();
  for (const { connection } of answers) served.set(connection, (served.get(connection) ?? 0) + 1);
  const marks = answers
    .filter(({ status }) => status >= 200 && status < 300)
    .map((answer): RecordedCall => {
      const { method, path, connection, sentBytes } = answer;
      // A port that comes again would mix the bytes of two answers.
      const own = served.get(connection) === 1 ? (byConnection.get(connection) ?? []) : [];
      const last = writeOfByte(own, sentBytes);
      if (last !== undefined) {
        const { begin, end, process } = last;
        return { begin, end, process, call: { op: 'acknowledge', value: answerLine(answer) }, place: '' };
      }
      const what = `the answer to ${method} ${path}, which left the server out of sight`;
      return { begin: 0, end: 0, process: '', call: { op: 'unseen', what }, place: '' };
    });
  return marks.sort((a, b) => a.begin - b.begin);
}

/** The write that holds the byte with this 1-based number. */
function writeOfByte(writes: readonly AnswerWrite[], number: number): AnswerWrite | undefined {
  let sent = 0;
  return writes.find(({ bytes }) => {
    sent += bytes;
    return sent >= number;
  });
}

/** What a check gets for an answer: JSON in one line. */
function answerLine({ method, path, status, body, answer }: HttpAnswer): string {
  return JSON.stringify({ method, path, status, ...textFields('body', body), ...textFields('answer', answer) });
}

/** The length only if the text is cut. */
function textFields(name: string, { text, bytes }: KeptText): Record<string, string | number> {
  return { [name]: text, ...(bytes > keptBytes ? { [`${name}Bytes`]: bytes } : {}) };
}
