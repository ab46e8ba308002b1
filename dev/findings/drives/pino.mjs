/** A log: one JSON line for each call. */
import { existsSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { lastLine } from './lines.mjs';

export function open(folder, variant) {
  const file = `${folder}/log`;
  const destination = pino.destination({ dest: file, sync: true, fsync: variant === 'fsync' });
  const log = pino({ base: null, timestamp: false }, destination);
  return {
    set: (value) => log.info({ value }),
    get: () => (existsSync(file) ? lastLine(readFileSync(file, 'utf8')) : undefined),
    close: () => destination.end(),
  };
}
