/**
 * `lazurite.config.ts` (or .js, .json), or the file that `--config` names: defaults for the flags of commands, such as
 * `export default { fuzz: { runs: 1000 }, run: { quiet: true } }`. What stands on the command line goes before it.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ScenarioError } from '../scenarios/index.ts';

const names = ['lazurite.config.ts', 'lazurite.config.js', 'lazurite.config.json'];

/** Throws `ScenarioError` for a file that is not there, and for commands and flags that do not exist. */
export async function applyConfiguration(program: Command, named: string | undefined): Promise<void> {
  const file = named ?? names.find((name) => existsSync(name));
  if (file === undefined) return;
  if (!existsSync(file)) throw new ScenarioError(`${file}: there is no such configuration`);
  const found = await read(file);
  if (typeof found !== 'object' || found === null)
    throw new ScenarioError(`${file}: an object is expected, such as { fuzz: { runs: 1000 } }`);
  for (const [name, flags] of Object.entries(found as Readonly<Record<string, Readonly<Record<string, unknown>>>>)) {
    const command = program.commands.find((one) => one.name() === name);
    if (command === undefined)
      throw new ScenarioError(
        `${file}: there is no command '${name}'; there are ${program.commands.map((one) => one.name()).join(', ')}`,
      );
    for (const [flag, value] of Object.entries(flags)) {
      const option = command.options.find((one) => one.attributeName() === flag);
      if (option === undefined)
        throw new ScenarioError(
          `${file}: ${name} has no flag '${flag}'; it has ${command.options.map((one) => one.attributeName()).join(', ')}`,
        );
      command.setOptionValueWithSource(
        flag,
        typeof value === 'string' && option.parseArg ? option.parseArg(value, undefined) : value,
        'config',
      );
    }
  }
}

async function read(file: string): Promise<unknown> {
  const text = readFileSync(file, 'utf8');
  try {
    if (file.endsWith('.json')) return JSON.parse(text);
    const { transform } = await import('esbuild');
    const { code } = await transform(text, { loader: 'ts', format: 'esm', sourcefile: file });
    const { default: found } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      readonly default?: unknown;
    };
    return found;
  } catch (error) {
    throw new ScenarioError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
