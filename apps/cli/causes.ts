/** `why`: the chain of causes of an event. `diff`: the first event at which two runs differ. */

import type { Command } from 'commander';
import { digestOf } from '../../core/digest.ts';
import type { RunEvent } from '../../core/events.ts';
import { type Run, ScenarioError } from '../../scenarios/index.ts';
import { describe, lineOf } from '../../scenarios/trace-text.ts';
import { visible } from '../output/escape.ts';
import { clusterRunIn, isClusterFolder } from './cluster-folder.ts';
import { wholeNumber } from './flags.ts';
import { replayed } from './replay.ts';
import type { Paint } from './terminal.ts';
import { answerOf, causesOf, type RunEvents, whyLines } from './why-violated.ts';

interface Flags {
  readonly in?: string;
  readonly variant?: string;
  readonly all?: boolean;
}

export function whyCommands(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('why')
    .description(
      'why a property is violated: from a second vote back to the frame that was lost, and where; or what led to an event',
    )
    .argument('<run>', 'a token, a failure file, `last`, a scenario file, or the folder of a cluster')
    .argument('[event]', "the event's number (default: a violation)", wholeNumber)
    .option('--variant <name>', 'of a scenario file: another variant than the first')
    .option('--in <path>', 'a file or folder to look for the scenario in')
    .option('--all', 'every step, also those of a boot and those between the actors of one node')
    .action(async (text: string, event: number | undefined, flags: Flags) => {
      const run = await eventsOf(text, flags);
      const { events } = run;
      if (event !== undefined && event >= events.length)
        throw new ScenarioError(`${text} has no event #${event}; it has ${events.length}`);
      const answer = event === undefined ? answerOf(run) : { chain: causesOf(events, event), forgotten: undefined };
      if (answer === undefined && (run.complaints ?? []).length > 0) {
        print(paint.bad('no property is violated, but the run is not as expected:'));
        for (const complaint of run.complaints ?? []) print(visible(`  ! ${complaint}`));
        return;
      }
      if (answer === undefined)
        throw new ScenarioError(`${text}: nothing was violated; name an event by its number (see replay --trace)`);
      if ('violation' in answer) print(paint.bad(visible(`✕ ${answer.violation.name}: ${answer.violation.message ?? ''}`)));
      for (const line of whyLines(answer, flags.all === true)) print(visible(line));
    });
  program
    .command('diff')
    .description('the first event at which two runs differ; exit 1 if they do')
    .argument('<a>', 'a token, a failure file, `last`, or a scenario file')
    .argument('<b>', 'another')
    .option('--variant <name>', 'of the second: another variant than the first')
    .option('--in <path>', 'a file or folder to look for the scenarios in')
    .action(async (a: string, b: string, flags: Flags) => {
      const { variant: _second, ...first } = flags;
      const [left, right] = [await recorded(a, first), await recorded(b, flags)];
      const lines = difference(left, right, paint);
      for (const line of lines) print(line);
      process.exitCode = left.hash === right.hash ? 0 : 1;
    });
}

async function eventsOf(text: string, flags: Flags): Promise<RunEvents> {
  if (isClusterFolder(text)) return clusterRunIn(text, flags);
  const { world, properties, complaints } = await recorded(text, flags);
  return { events: [...world.trace.events()], properties, complaints };
}

async function recorded(text: string, flags: Flags): Promise<Run> {
  return (await replayed(text, flags, true)).run;
}

const context = 3;

function difference(left: Run, right: Run, paint: Paint): readonly string[] {
  const before: string[] = [];
  const others = right.world.trace.events();
  for (const event of left.world.trace.events()) {
    const other = others.next().value as RunEvent | undefined;
    if (other !== undefined && sameEvent(event, other)) {
      before.push(`  ${lineText(event)}`);
      if (before.length > context) before.shift();
      continue;
    }
    const second = other === undefined ? 'the second run has ended' : lineText(other);
    return [...before, paint.bad(`- ${lineText(event)}`), paint.good(`+ ${second}`)];
  }
  const more = others.next().value as RunEvent | undefined;
  if (more !== undefined) return [...before, paint.bad('- the first run has ended'), paint.good(`+ ${lineText(more)}`)];
  return [
    left.hash === right.hash ? `the same run, hash ${left.hash}` : `the same events, hashes ${left.hash} and ${right.hash}`,
  ];
}

function lineText(event: RunEvent): string {
  return visible(lineOf(event, describe(event)));
}

function sameEvent(a: RunEvent, b: RunEvent): boolean {
  return digestOf({ ...a, index: 0, cause: 0 }) === digestOf({ ...b, index: 0, cause: 0 });
}
