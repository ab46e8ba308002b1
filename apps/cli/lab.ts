/** `lab`: writes the gallery, a folder of pages with a first page. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { writeWhole } from '../output/write-whole.ts';
import { libraryFolder } from './find-scenario.ts';
import { loadScenario, scenarioFiles } from './load-scenario.ts';

export function labCommand(program: Command, print: (text: string) => void): void {
  program
    .command('lab')
    .description('writes the gallery: a page for each lesson, scenario and broken node, and a first page')
    .argument('[folder]', 'where to (default: gallery)')
    .option('--force', 'write into a folder that has a gallery already')
    .action(async (folder: string | undefined, { force }: { readonly force?: boolean }) => {
      const target = folder ?? 'gallery';
      if (existsSync(join(target, 'index.html')) && force !== true)
        throw new ScenarioError(`${target} has an index.html; give another folder, or --force`);
      const [{ parts }, { galleryFiles }] = await Promise.all([import('../page/template.ts'), import('../page/gallery.ts')]);
      const scenarios = [];
      for (const file of scenarioFiles([libraryFolder()]))
        scenarios.push({ name: basename(file).replace(/\.\w+$/, ''), data: (await loadScenario(file)).data });
      let [count, largest, largestName] = [0, 0, ''];
      for (const { name, text } of galleryFiles(await parts(), scenarios)) {
        writeWhole(join(target, name), text);
        count += 1;
        if (text.length > largest) [largest, largestName] = [text.length, name];
      }
      print(
        `${count} pages in ${target}, the first is ${join(target, 'index.html')}; the largest is ${largestName}, ${Math.round(largest / 1024)} KB`,
      );
    });
}
