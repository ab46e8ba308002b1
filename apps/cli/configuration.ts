/**
 * `lazurite.config.ts` (or .js, .json), or the file that `--config` names: defaults for the flags of commands, such as `export default {
 * fuzz: { runs: 1000 }, run: { quiet: true } }`. Flags on the command line override it.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { tryModule } from './try-module.ts';

const names = ['lazurite.config.ts', 'lazurite.config.js', 'lazurite.config.json'];

/** The named file, or else that of the working folder, if there is one. Throws `ScenarioError` for a named file that is not there. */
export function configurationFile(named: string | undefined): string | undefined {
  if (named !== undefined && !existsSync(named)) throw new ScenarioError(`${named}: there is no such configuration`);
  return named ?? names.find((name) => existsSync(name));
}

/** All commands must be defined. Throws `ScenarioError` for commands and flags that do not exist. */
export async function applyConfiguration(program: Command, file: string): Promise<void> {
  const found = await read(file);
  if (!isObject(found)) throw new ScenarioError(`${file}: an object is expected, such as { fuzz: { runs: 1000 } }`);
  for (const [name, flags] of Object.entries(found)) {
    const command = program.commands.find((one) => one.name() === name);
    if (command === undefined)
      throw new ScenarioError(
        `${file}: there is no command '${name}'; there are ${program.commands.map((one) => one.name()).join(', ')}`,
      );
    if (!isObject(flags)) throw new ScenarioError(`${file}: ${name}: an object of flags is expected, such as { runs: 1000 }`);
    for (const [flag, value] of Object.entries(flags)) {
      const option = command.options.find((one) => one.attributeName() === flag);
      if (option === undefined)
        throw new ScenarioError(
          `${file}: ${name} has no flag '${flag}'; it has ${command.options.map((one) => one.attributeName()).join(', ')}`,
        );
      command.setOptionValueWithSource(flag, flagValue(option, value, `${file}: ${name}.${flag}`), 'config');
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as the command line would have read it. Throws `ScenarioError` for one that the flag does not take. */
function flagValue(option: Option, value: unknown, place: string): unknown {
  if (option.isBoolean() || option.negate) {
    if (typeof value === 'boolean') return value;
    throw new ScenarioError(`${place}: true or false is expected`);
  }
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new ScenarioError(`${place}: a text or a number is expected, as on the command line`);
  const text = String(value);
  if (option.argChoices !== undefined && !option.argChoices.includes(text))
    throw new ScenarioError(`${place}: '${text}' is none of ${option.argChoices.join(', ')}`);
  try {
    return option.parseArg === undefined ? text : option.parseArg(text, undefined);
  } catch (error) {
    throw new ScenarioError(`${place}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function read(file: string): Promise<unknown> {
  const text = readFileSync(file, 'utf8');
  try {
    if (file.endsWith('.json')) return JSON.parse(text);
    const { transform } = await import('esbuild');
    const { code } = await transform(text, { loader: 'ts', format: 'esm', sourcefile: file });
    const url = `data:text/javascript,${encodeURIComponent(code)}`;
    await tryModule(url, file, ({ message }) => `${file}: ${message}`);
    const { default: found } = (await import(url)) as { readonly default?: unknown };
    process.exitCode = undefined;
    return found;
  } catch (error) {
    throw error instanceof ScenarioError
      ? error
      : new ScenarioError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
