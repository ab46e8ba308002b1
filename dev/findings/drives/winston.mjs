/** A log file; what was written is acknowledged when the stream says so. */
import { existsSync, readFileSync } from 'node:fs';
import winston from 'winston';
import { lastLine } from './lines.mjs';

export function open(folder) {
  const file = `${folder}/log`;
  const transport = new winston.transports.File({ filename: file, format: winston.format.json() });
  const logger = winston.createLogger({ transports: [transport] });
  return {
    set: (value) =>
      new Promise((resolve) => {
        transport.once('logged', resolve);
        logger.info({ message: '', value });
      }),
    get: () => (existsSync(file) ? lastLine(readFileSync(file, 'utf8')) : undefined),
    close: () =>
      new Promise((resolve) => {
        transport.once('finish', resolve);
        logger.end();
      }),
  };
}
