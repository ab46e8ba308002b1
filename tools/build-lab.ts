/** Bundles the page into `dist`, so that the installed command needs no sources. */
import { writeParts } from '../lab/template.ts';

await writeParts('dist/lab/parts.json');
