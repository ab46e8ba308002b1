// Answers each line of input with one of effects, at once. Reads and writes synchronously: the next input only comes after its answer.
import { readSync, writeSync } from 'node:fs';

const buffer = Buffer.alloc(65_536);
let held = '';
for (;;) {
  const count = readSync(0, buffer);
  if (count === 0) break;
  held += buffer.toString('latin1', 0, count);
  for (let end = held.indexOf('\n'); end !== -1; end = held.indexOf('\n')) {
    const { type, from = '', data } = JSON.parse(held.slice(0, end));
    held = held.slice(end + 1);
    writeSync(1, `${JSON.stringify({ effects: [{ type: 'publish', data: { type, from, data } }] })}\n`);
  }
}
