#!/usr/bin/env node
/** The `lazurite` command: parsing and exit codes. The output of each command is in the files of this folder. */
import { Command, Option } from 'commander';
import { ScenarioError } from '../../scenarios/error.ts';
import { printed } from '../output/escape.ts';
import { say } from '../output/standard-error.ts';
import { systemErrorText } from '../output/system-error.ts';
import { neededModules } from './command-modules.ts';
import { applyConfiguration, configurationFile } from './configuration.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { packageVersion } from './packaged.ts';
import { asciiOf, type ColourFlag, hasColour, type Print, paintFor } from './terminal.ts';

/** Codes of errors that a user can mend. */
const mistakes: ReadonlySet<string> = new Set(['DEFINITION_REFUSED', 'CANNOT_RECORD', 'RECORD_NOT_UNDERSTOOD']);

interface GlobalFlags {
  readonly color?: ColourFlag;
  readonly ascii?: boolean;
}

const globals = (): GlobalFlags => program.opts();
const paint = paintFor(() => globals().color);
const asIs = (text: string): void => {
  process.stdout.write(`${globals().ascii === true ? asciiOf(text) : text}\n`);
};
const print: Print = Object.assign((text: string): void => asIs(printed(text, hasColour(globals().color))), { asIs });

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader of only the first lines (`| head`) has seen enough.
  if (error.code === 'EPIPE') process.exit();
  say(`standard output: it cannot be written: ${systemErrorText(error) ?? error.message}`);
  process.exit(exitCodeOf({ isInterrupted: process.exitCode === 130 }) || exitCodes.usage);
});
// Without it nothing can be said, and the verdict stays what it is.
process.stderr.on('error', () => {});

const program = new Command('lazurite')
  .description(
    'Kills simulated consensus nodes at every point that matters, restarts them from their logs, and judges what came back.',
  )
  .addOption(new Option('--color [when]', 'auto, always or never (default: on a terminal)').choices(['auto', 'always', 'never']))
  .option('--ascii', 'no signs beyond ASCII')
  .option('--config <file>', 'defaults for flags (default: lazurite.config.ts, .js or .json of this folder)')
  .version(packageVersion(), '--version', 'the version of this copy')
  .exitOverride()
  .configureOutput({ writeErr: (text) => say(text.replace(/\n$/, '')) });

// Without this Node would end with 1, as if something were violated.
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit();
});

try {
  const [, , firstWord] = process.argv;
  // `node --config` names the node's own file.
  const at = firstWord === 'node' ? -1 : process.argv.indexOf('--config');
  const configuration = configurationFile(at === -1 ? undefined : process.argv[at + 1]);
  for (const { define } of neededModules(firstWord, configuration !== undefined)) await define(program, print, paint);
  if (configuration !== undefined) await applyConfiguration(program, configuration);
  if (process.argv.length > 2) await program.parseAsync();
  else {
    program.outputHelp();
    process.exitCode = exitCodes.usage;
  }
} catch (error) {
  fail(error);
}

/** Says what went wrong, on stderr, and sets the exit code: the user's mistake, or ours. */
function fail(error: unknown): void {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: string };
  if (typeof code === 'string' && code.startsWith('commander.')) {
    process.exitCode = /help|version/.test(code) ? 0 : exitCodes.usage;
    return;
  }
  const isMistake = error instanceof ScenarioError || (typeof code === 'string' && mistakes.has(code));
  const mistake = isMistake ? message : systemErrorText(error);
  process.exitCode = mistake === undefined ? exitCodes.bug : exitCodes.usage;
  if (mistake !== undefined) say(`${mistake}`);
  else {
    say('This is a bug in lazurite. Please report it with the command you ran:');
    say(`${error instanceof Error ? error.stack : String(error)}`);
  }
}
