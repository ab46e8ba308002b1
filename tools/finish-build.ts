/** What `tsc` leaves to do: the page is bundled into `dist`, so that the installed command needs no sources, and the command may be run. */
import { chmodSync, writeFileSync } from 'node:fs';
import { bundle } from '../lab/template.ts';

writeFileSync('dist/lab/parts.json', JSON.stringify(await bundle()));
// `npx` in a checkout runs the file itself: npm makes it executable when it links it, and each build would undo that.
chmodSync('dist/cli/main.js', 0o755);
