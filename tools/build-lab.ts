/** Bundles the page into `dist`, so that the installed command needs no sources. */
import { writeFileSync } from 'node:fs';
import { bundle } from '../lab/template.ts';

writeFileSync('dist/lab/parts.json', JSON.stringify(await bundle()));
