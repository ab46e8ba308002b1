/**
 * `node check` runs a node program of any language under a simulated clock, wire and disk; `node schema` prints the form of its answers. The program reads
 * what happened from standard input and answers on standard output.
 */
import type { Command } from 'commander';
import { answerJsonSchema, checkNode, type NodeReport, nodeProperties, startProgram } from '../../programs/stdio-node/index.ts';
import { wholeNumber } from './flags.ts';
import type { Paint } from './terminal.ts';

interface Flags {
  readonly heights: number;
  readonly deadline: number;
  readonly seed: number;
  readonly nested?: boolean;
  readonly load: boolean;
  readonly json?: boolean;
}

const exitCodes = { held: 0, violated: 1, undecided: 3, untested: 3 } as const;

export function nodeProgramCommands(node: Command, print: (text: string) => void, paint: Paint): void {
  node
    .command('schema')
    .description('print the JSON Schema of the lines that a node program answers with')
    .action(() => print(JSON.stringify(answerJsonSchema(), null, 1)));
  node
    .command('check')
    .description('run three nodes of this program, kill one at each of its crash points, and judge what they say and decide')
    .argument('<command...>', 'the program, after --')
    .option('--heights <number>', 'kill it at crash points of the first so many heights', wholeNumber, 1)
    .option('--deadline <ms>', 'the longest time for one answer', wholeNumber, 5000)
    .option('--seed <number>', 'the seed of delays on the wire', wholeNumber, 1)
    .option('--nested', 'a second death at each crash point of each recovery')
    .option('--no-load', 'repeat all inputs of a life at each fork, although the program can save and load')
    .option('--json', 'for machines')
    .action((command: readonly string[], { heights, deadline, seed, nested, load, json }: Flags) => {
      const open = () => startProgram(command, { deadlineMs: deadline });
      const report = checkNode({ open, heights, seed, nested: nested === true, loads: load });
      if (json === true) print(JSON.stringify({ version: 1, ...report }, null, 1));
      else for (const line of linesOf(report, paint)) print(line);
      process.exitCode = exitCodes[report.verdict];
    });
}

function linesOf(report: NodeReport, paint: Paint): readonly string[] {
  const { verdict, findings, reasons, points, deaths, roundTrips, processes, hash } = report;
  const kept = nodeProperties.map(({ name }) => name).filter((name) => !findings.some(({ property }) => property === name));
  return [
    verdict === 'held' ? paint.good(`✓ ${verdict}`) : paint.bad(`✕ ${verdict}`),
    ...reasons.map((reason) => `  ${reason}`),
    ...findings.flatMap(({ property, message, at }) => [
      `  ${property}: ${message}`,
      ...(at === undefined ? [] : [`    when A dies at ${at}`]),
    ]),
    ...(points === 0 ? [] : [`  ${points} crash points, ${deaths} deaths; without a violation: ${kept.join(', ')}`]),
    paint.dim(`  ${roundTrips} round trips, ${processes} processes, hash ${hash}`),
  ];
}
