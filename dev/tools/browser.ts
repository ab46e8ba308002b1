import { existsSync } from 'node:fs';

/** Debian's Chromium, or what CHROMIUM names; undefined: there is none, and tests in it are pending. */
export const executablePath: string | undefined =
  process.env['CHROMIUM'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
