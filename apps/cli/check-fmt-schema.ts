/** `check`, `schema`, `fmt`: scenario files validated, their JSON Schema, and TypeScript and YAML turned into each other. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { ScenarioError, scenarioSource } from '../../scenarios/index.ts';
import { writeWhole } from '../output/write-whole.ts';
import { loadScenario, notByDefault, scenarioFiles } from './load-scenario.ts';
import type { Paint } from './terminal.ts';

export function writtenCommands(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('check')
    .description('validate scenario files; each mistake with file, line and column')
    .argument('<path...>', 'scenario files or folders')
    .action(async (paths: readonly string[]) => {
      const mistakes: string[] = [...notByDefault(paths)];
      for (const file of scenarioFiles(paths)) {
        try {
          const { data } = await loadScenario(file);
          print(`${paint.good('✓')} ${file}: ${data.name}`);
        } catch (error) {
          if (!(error instanceof ScenarioError)) throw error;
          mistakes.push(error.message);
        }
      }
      if (mistakes.length > 0) throw new ScenarioError(mistakes.join('\n'));
    });
  program
    .command('schema')
    .description('the JSON Schema of scenario files, for editors')
    .action(async () => {
      const { jsonSchema } = await import('../../scenarios/yaml.ts');
      print(JSON.stringify(jsonSchema(), null, 1));
    });
  program
    .command('fmt')
    .description('a scenario as YAML, or as TypeScript; by default the other of the two')
    .argument('<file>', 'a scenario file')
    .option('--to <form>', 'yaml or ts')
    .option('--out <file>', 'write it there; nothing is overwritten without --force')
    .option('--force', 'overwrite')
    .action(async (file: string, flags: { readonly to?: string; readonly out?: string; readonly force?: boolean }) => {
      const form = flags.to ?? (/\.ya?ml$|\.json$/.test(file) ? 'ts' : 'yaml');
      if (form !== 'yaml' && form !== 'ts') throw new ScenarioError(`--to ${form}: give 'yaml' or 'ts'`);
      const { data } = await loadScenario(file);
      const { formatScenario } = await import('../../scenarios/yaml.ts');
      const text = form === 'yaml' ? formatScenario(data) : scenarioSource(data);
      if (flags.out === undefined) print(text.trimEnd());
      else if (existsSync(flags.out) && flags.force !== true)
        throw new ScenarioError(`${flags.out} exists; give another name, or --force`);
      else writeWhole(flags.out, text);
    });
}
