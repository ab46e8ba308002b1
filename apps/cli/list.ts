/** `list`: the scenarios in a folder, with their descriptions and variants. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { shown } from '../output/escape.ts';
import { exitCodeOf } from './exit-code.ts';
import { libraryFolder } from './find-scenario.ts';
import { loadScenario, scenarioFiles } from './load-scenario.ts';
import type { Paint, Print } from './terminal.ts';

export function listCommand(program: Command, print: Print, paint: Paint): void {
  program
    .command('list')
    .description('the scenarios in a folder (default: those that ship)')
    .argument('[folder]', 'a folder of scenario files')
    .option('--json', 'for machines')
    .action(async (folder: string | undefined, flags: { readonly json?: boolean }) => {
      const listed = [];
      for (const file of scenarioFiles([folder ?? libraryFolder()])) {
        const { data } = await loadScenario(file);
        listed.push({ file, name: data.name, description: data.description, variants: data.variants.map(({ name }) => name) });
      }
      if (flags.json === true) print(JSON.stringify({ version: 1, scenarios: listed }, null, 1));
      else
        for (const { file, name, description, variants } of shown(listed)) {
          const text = `${basename(file)}\n    ${name}\n    ${paint.dim(description)}`;
          print(variants.length === 0 ? text : `${text}\n    variants: ${variants.join(', ')}`);
        }
      if (listed.length === 0) process.exitCode = exitCodeOf({ isEmpty: true });
    });
}
