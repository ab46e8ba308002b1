/** Draws what a command prints as a picture for the README: docs/pictures/terminal.svg. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const args = [
  'crashpoints',
  'scenarios/library/02-the-proposer-proposes-again.ts',
  '--node',
  'C',
  '--site',
  'wal.flush,publish',
  '--break',
  'no-fsync',
];
const { stdout } = spawnSync(process.execPath, ['dist/apps/cli/main.js', ...args, '--no-progress'], { encoding: 'utf8' });
const lines = [`$ npx lazurite ${args.join(' ')}`, ...stdout.trimEnd().split('\n')]
  .slice(0, 34)
  .map((line) => line.slice(0, 132));
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const colourOf = (line: string): string =>
  line.startsWith('$') ? '#7db8f5' : /^✕|^\S+ h\d+ r\d+ .*✕/.test(line) ? '#ff8f87' : '#e8eef5';
const height = 28 + lines.length * 17;
const texts = lines.map(
  (line, index) => `<text x="16" y="${30 + index * 17}" fill="${colourOf(line)}" xml:space="preserve">${escaped(line)}</text>`,
);
writeFileSync(
  'docs/pictures/terminal.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1080 ${height}" font-family="ui-monospace, monospace" font-size="13"><title>crash points of a node whose fsync is skipped</title><rect width="1080" height="${height}" rx="10" fill="#0d141d"/>${texts.join('')}</svg>\n`,
);
