/** Words that people try as commands, and the command that does what they mean. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { didYouMean } from '../../scenarios/spelling.ts';

/** By the guess: what to do instead. */
const meant: readonly (readonly [guesses: readonly string[], instead: string])[] = [
  [
    ['shrink', 'minimize', 'minimise', 'reduce'],
    '`lazurite fuzz` shrinks the first failure of each property by itself and keeps it; `lazurite replay last` runs the smallest one',
  ],
  [
    ['test', 'simulate', 'sim', 'exec', 'start'],
    '`lazurite run FILE` runs scenarios, and `lazurite init` makes a project with tests',
  ],
  [['crash', 'crashes', 'kill', 'kills', 'enumerate'], '`lazurite crashpoints FILE` kills a node at every point'],
  [['chaos', 'random', 'jepsen', 'stress'], '`lazurite fuzz FILE` draws seeds and faults'],
  [['search', 'model-check', 'modelcheck', 'mc'], '`lazurite explore FILE` searches schedules and deaths'],
  [['trace', 'log', 'logs', 'events'], '`lazurite run FILE --trace` prints events, and `lazurite wal dump FILE` a log file'],
  [['repro', 'reproduce', 'rerun', 'again'], '`lazurite replay TOKEN` runs exactly that run again'],
  [['cause', 'causes', 'blame', 'debug'], '`lazurite why last` answers how a failure came about'],
  [
    ['compare', 'bisect'],
    '`lazurite diff A B` shows the first difference of two runs, and `lazurite wal compare FILE` what engines make of a log',
  ],
  [['validate', 'lint', 'verify'], '`lazurite check FILE` validates scenarios, and `lazurite wal verify FILE` a log file'],
  [['format', 'convert', 'translate'], '`lazurite fmt FILE` writes a scenario as YAML or TypeScript'],
  [['ls', 'scenarios', 'show'], '`lazurite list` names scenarios, and `lazurite view FILE` shows a run'],
  [['new', 'create', 'scaffold'], '`lazurite init` makes a project'],
  [['open', 'ui', 'web', 'page', 'serve'], '`lazurite view FILE` opens the page on a run'],
  [['course', 'lesson', 'lessons', 'tutorial'], '`lazurite learn` opens the course'],
  [['exhibits', 'broken', 'mutants', 'mutate'], '`lazurite museum` lists the broken nodes, and `--break NAME` runs one'],
  [['dump', 'inspect', 'repair'], '`lazurite wal dump FILE` looks into a log, and `lazurite wal cut FILE` repairs a torn one'],
  [['report'], '`lazurite run FILE --reporter junit` and `--out junit=FILE` write reports'],
];

/**
 * `run` is what is done without a command, so a misspelt or guessed command is taken for a path. Throws `ScenarioError` with what was meant, where no
 * file has that name.
 */
export function refuseGuess(program: Command, [path = '']: readonly string[]): void {
  if (!/^[a-z-]+$/.test(path) || existsSync(path)) return;
  const instead = meant.find(([guesses]) => guesses.includes(path))?.[1];
  if (instead !== undefined) throw new ScenarioError(`no command and no file is called '${path}': ${instead}`);
  const names = program.commands.map((command) => command.name());
  const near = didYouMean(path, names);
  if (near !== '') throw new ScenarioError(`no command and no file is called '${path}'${near}`);
}
