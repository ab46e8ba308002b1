#!/usr/bin/env node
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
/** The `lazurite` command: parsing and exit codes. The output of each command is in the files of this folder. */
import { printed, shown } from '../output/escape.ts';
import { say } from '../output/standard-error.ts';
import { systemErrorText } from '../output/system-error.ts';
import { campaignCommand } from './campaign.ts';
import { whyCommands } from './causes.ts';
import { writtenCommands } from './check-fmt-schema.ts';
import { clusterCommand } from './cluster.ts';
import { completionCommand } from './completion.ts';
import { applyConfiguration } from './configuration.ts';
import { courseCommand } from './course.ts';
import { crashpointsCommand } from './crashpoints.ts';
import { doctorCommand } from './doctor.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { explainCommand } from './explain.ts';
import { exploreCommand } from './explore.ts';
import { libraryFolder } from './find-scenario.ts';
import { fuzzCommand } from './fuzz.ts';
import { initCommand } from './init.ts';
import { labCommand } from './lab.ts';
import { learnCommand } from './learn.ts';
import { loadScenario, scenarioFiles } from './load-scenario.ts';
import { museumCommand } from './museum.ts';
import { nodeCommand } from './node.ts';
import { nodeProgramCommands } from './node-programs.ts';
import { packageVersion } from './packaged.ts';
import { parityCommand } from './parity.ts';
import { programCommands } from './programs.ts';
import { recoveryTableText } from './recovery-table.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';
import { asciiOf, type ColourFlag, hasColour, type Print, paintFor } from './terminal.ts';
import { exportCommand, viewCommand } from './view.ts';
import { walCommands } from './wal-files.ts';

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

runCommand(program, print, paint);

program
  .command('list')
  .description('the scenarios in a folder (default: those that ship)')
  .argument('[folder]', 'a folder of scenario files')
  .option('--json', 'for machines')
  .action(async (folder: string | undefined, flags: { readonly json?: boolean }) => {
    const files = scenarioFiles([folder ?? libraryFolder()]);
    const listed = [];
    for (const file of files) {
      const { data } = await loadScenario(file);
      listed.push({ file, name: data.name, description: data.description, variants: data.variants.map(({ name }) => name) });
    }
    if (flags.json === true) print(JSON.stringify({ version: 1, scenarios: listed }, null, 1));
    else
      for (const { file, name, description, variants } of shown(listed)) {
        print(
          `${basename(file)}\n    ${name}\n    ${paint.dim(description)}${variants.length === 0 ? '' : `\n    variants: ${variants.join(', ')}`}`,
        );
      }
    if (listed.length === 0) process.exitCode = exitCodeOf({ isEmpty: true });
  });

crashpointsCommand(program, print, paint);
fuzzCommand(program, print, paint);
exploreCommand(program, print, paint);
replayCommand(program, print, paint);
whyCommands(program, print, paint);
museumCommand(program, print, paint);
writtenCommands(program, print, paint);
initCommand(program, print);
viewCommand(program, print);
exportCommand(program, print);
campaignCommand(program, print, paint);
clusterCommand(program, print, paint);
completionCommand(program, print);
doctorCommand(program, print, paint);
explainCommand(program, print, paint);
learnCommand(program, print, paint);
courseCommand(program, print, paint);
nodeProgramCommands(nodeCommand(program, print), print, paint);
parityCommand(program, print, paint);
labCommand(program, print);

program
  .command('recovery-table')
  .description('the two tables of recovery as the code holds them, each combination met exactly once')
  .action(() => {
    const { text, isWhole } = recoveryTableText();
    print(text);
    process.exitCode = exitCodeOf({ isViolated: !isWhole });
  });

walCommands(program, print);
programCommands(program, print, paint);

// Without this Node would end with 1, as if something were violated.
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit();
});

try {
  // `node --config` names the node's own file.
  const at = process.argv[2] === 'node' ? -1 : process.argv.indexOf('--config');
  await applyConfiguration(program, at === -1 ? undefined : process.argv[at + 1]);
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
