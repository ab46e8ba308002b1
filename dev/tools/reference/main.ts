/** Writes the generated pages of docs/reference/. `--check`: exit 1 where a page is not up to date, with its name. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandsPage } from './commands-page.ts';
import { faultsPage } from './faults-page.ts';
import { propertiesPage } from './properties-page.ts';
import { scenariosPage } from './scenarios-page.ts';

const folder = join(import.meta.dirname, '../../../docs/reference');

const pages: Readonly<Record<string, (now: string) => string>> = {
  'commands.md': commandsPage,
  'faults.md': faultsPage,
  'properties.md': propertiesPage,
  'scenarios.md': scenariosPage,
};

for (const [name, text] of Object.entries(pages)) {
  const file = join(folder, name);
  const now = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const wanted = text(now);
  if (wanted === now) continue;
  if (!process.argv.includes('--check')) writeFileSync(file, wanted);
  else {
    process.exitCode = 1;
    process.stderr.write(`docs/reference/${name} is not up to date: run \`npm run reference\`\n`);
  }
}
