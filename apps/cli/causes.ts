/** `why`: the chain of causes of an event. `diff`: the first event at which two runs differ. */

import type { Command } from 'commander';
import { digestOf } from '../../core/digest.ts';
import type { RunEvent } from '../../core/events.ts';
import { type Run, ScenarioError } from '../../scenarios/index.ts';
import { lineOf, wordsOf } from '../../scenarios/trace-text.ts';
import { visible } from '../output/escape.ts';
import { wholeNumber } from './flags.ts';
import { replayed } from './replay.ts';
import type { Paint } from './terminal.ts';

interface Flags {
  readonly in?: string;
  readonly variant?: string;
}

export function whyCommands(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('why')
    .description('what led to an event, back to the beginning')
    .argument('<run>', 'a token, a failure file, `last`, or a scenario file')
    .argument('[event]', "the event's number (default: the first violation)", wholeNumber)
    .option('--variant <name>', 'of a scenario file: another variant than the first')
    .option('--in <path>', 'a file or folder to look for the scenario in')
    .action(async (text: string, event: number | undefined, flags: Flags) => {
      const run = await recorded(text, flags);
      const violation = run.properties.find(({ verdict, event: at }) => verdict === 'violated' && at !== undefined && at >= 0);
      const from = event ?? violation?.event;
      if (from === undefined)
        throw new ScenarioError(`${text}: nothing was violated; name an event by its number (see replay --trace)`);
      const chain = causesOf(run, from);
      if (chain.length === 0) throw new ScenarioError(`${text} has no event #${from}; it has ${run.world.eventCount}`);
      if (event === undefined && violation !== undefined)
        print(paint.bad(visible(`✕ ${violation.name}: ${violation.message ?? ''}`)));
      for (const [depth, one] of chain.entries()) print(`${depth === 0 ? '  ' : '<-'} ${lineText(one)}`);
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

async function recorded(text: string, flags: Flags): Promise<Run> {
  return (await replayed(text, flags, true)).run;
}

function causesOf({ world }: Run, from: number): readonly RunEvent[] {
  const chain: RunEvent[] = [];
  for (let event = world.trace.at(from); event !== undefined; event = event.cause < 0 ? undefined : world.trace.at(event.cause))
    chain.push(event);
  return chain;
}

function describe(event: RunEvent): string {
  const words = wordsOf(event);
  if (words !== undefined) return words;
  if (event.type === 'deliver') return `${event.actor} receives ${event.message.type} from ${event.from}`;
  if (event.type === 'effect') return `${event.actor}: ${event.effect.type}`;
  return event.type === 'done' ? `${event.answer.site} is done` : event.type;
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
