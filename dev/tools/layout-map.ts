/** Writes the table of dev/layout.ts into docs/how-it-works.md, between its marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { layoutMap } from '../layout.ts';

const page = 'docs/how-it-works.md';
const text = readFileSync(page, 'utf8');
writeFileSync(
  page,
  text.replace(/(<!-- layout -->\n)[\s\S]*?(\n<!-- end of layout -->)/, (_, start, end) => `${start}${layoutMap()}${end}`),
);
