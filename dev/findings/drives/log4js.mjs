/** A log file; a shutdown waits for what was written. */
import { existsSync, readFileSync } from 'node:fs';
import log4js from 'log4js';
import { lastLine } from './lines.mjs';

export function open(folder) {
  const filename = `${folder}/log`;
  const shutdown = () => new Promise((resolve) => log4js.shutdown(resolve));
  const start = () =>
    log4js.configure({
      appenders: { file: { type: 'file', filename, layout: { type: 'messagePassThrough' } } },
      categories: { default: { appenders: ['file'], level: 'info' } },
    });
  return {
    set: async (value) => {
      start();
      log4js.getLogger().info(JSON.stringify({ value }));
      await shutdown();
    },
    get: () => (existsSync(filename) ? lastLine(readFileSync(filename, 'utf8')) : undefined),
  };
}
