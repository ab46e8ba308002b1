/** A log that starts a new file after each line: the old one is renamed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createStream } from 'rotating-file-stream';
import { lastLine } from './lines.mjs';

export function open(folder) {
  const name = (time, index) => (time ? `log.${String(index)}` : 'log');
  let stream;
  return {
    set: (value) => {
      stream ??= createStream(name, { path: folder, size: '11B' });
      return new Promise((resolve, reject) => {
        stream.write(`${JSON.stringify({ value })}\n`, (error) => (error ? reject(error) : resolve()));
      });
    },
    get: () => {
      const rotated = readdirSync(folder).filter((file) => /^log\.\d+$/.test(file));
      const files = rotated.sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)));
      if (existsSync(`${folder}/log`)) files.push('log');
      return lastLine(files.map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join(''));
    },
    close: () => stream && new Promise((resolve) => stream.end(resolve)),
  };
}
