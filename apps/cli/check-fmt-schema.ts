/** `check`, `schema`, `fmt`: scenario files validated, their JSON Schema, and TypeScript and YAML turned into each other. */

import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type ScenarioData, ScenarioError, scenarioSource } from '../../scenarios/index.ts';
import { visible } from '../output/escape.ts';
import { writeWhole } from '../output/write-whole.ts';
import { hiddenScenarios } from './hidden-scenarios.ts';
import { loadScenario, scenarioFiles } from './load-scenario.ts';
import type { Paint, Print } from './terminal.ts';

export function writtenCommands(program: Command, print: Print, paint: Paint): void {
  program
    .command('check')
    .description('validate scenario files; each mistake with file, line and column')
    .argument('<path...>', 'scenario files or folders')
    .action(async (paths: readonly string[]) => {
      const mistakes: string[] = [...hiddenScenarios(paths)];
      for (const file of scenarioFiles(paths)) {
        try {
          const { data } = await loadScenario(file);
          print(`${paint.good('✓')} ${visible(`${file}: ${data.name}`)}`);
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
    .description(
      'a scenario as YAML, or as TypeScript; by default the other of the two. Comments of YAML stay in place in YAML; else they are put at the top',
    )
    .argument('<file>', 'a scenario file')
    .option('--to <form>', 'yaml or ts')
    .option('--out <file>', 'write it there; nothing is overwritten without --force')
    .option('--force', 'overwrite')
    .action(async (file: string, flags: { readonly to?: string; readonly out?: string; readonly force?: boolean }) => {
      const form = flags.to ?? (/\.ya?ml$|\.json$/.test(file) ? 'ts' : 'yaml');
      if (form !== 'yaml' && form !== 'ts') throw new ScenarioError(`--to ${form}: give 'yaml' or 'ts'`);
      const { data } = await loadScenario(file);
      const text = await formatted(file, data, form);
      if (flags.out === undefined) print.asIs(text.trimEnd());
      else if (existsSync(flags.out) && flags.force !== true)
        throw new ScenarioError(`${flags.out} exists; give another name, or --force`);
      else writeWhole(flags.out, text);
    });
}

/** With the comments of the file: in place where YAML stays YAML, and else above it all. */
async function formatted(file: string, data: ScenarioData, form: 'yaml' | 'ts'): Promise<string> {
  const [{ formatScenario }, comments] = await Promise.all([
    import('../../scenarios/yaml.ts'),
    import('../../scenarios/comments.ts'),
  ]);
  const source = readFileSync(file, 'utf8');
  const isYaml = /\.ya?ml$/.test(file);
  if (isYaml && form === 'yaml') return comments.reformattedYaml(source);
  const kept = isYaml ? comments.commentsInYaml(source) : file.endsWith('.json') ? [] : comments.commentsInCode(source);
  return form === 'yaml'
    ? comments.withCommentsAbove(formatScenario(data), kept, '#')
    : comments.withCommentsAbove(scenarioSource(data), kept, '//');
}
