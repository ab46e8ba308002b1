/** The words that may follow a flag or take the place of an argument, when they are known beforehand. */
import type { Command, Option } from 'commander';
import { exhibits } from '../../museum/index.ts';
import { personalityNames } from '../../programs/index.ts';
import { marksOf } from '../../scenarios/marks.ts';
import { traceKinds, tracePlaces } from '../../scenarios/trace-window.ts';
import { sites } from '../../scenarios/vocabulary.ts';
import { formats } from './report-formats.ts';

export interface KnownFlag {
  readonly long: string;
  readonly takesValue: boolean;
  readonly values: readonly string[];
}

export interface KnownCommand {
  readonly name: string;
  readonly flags: readonly KnownFlag[];
  /** Words in place of its first argument: commands of its own, or what else it knows. */
  readonly words: readonly string[];
}

/** The command and all of its commands, as they are. */
export function knownCommands(program: Command): readonly KnownCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    flags: [...command.options, ...command.commands.flatMap(({ options }) => options)].filter(isFirst).map((option) => ({
      long: option.long ?? '',
      takesValue: option.required || option.optional,
      values: valuesOf(command.name(), option),
    })),
    words: [...command.commands.map((one) => one.name()), ...(words[command.name()] ?? [])],
  }));
}

/** Commands of one command may share a flag. */
function isFirst(option: Option, at: number, all: readonly Option[]): boolean {
  return all.findIndex(({ long }) => long === option.long) === at;
}

function valuesOf(command: string, { long = '', argChoices = [] }: Option): readonly string[] {
  const found = [...argChoices, ...(values[`${command} ${long}`] ?? values[long ?? ''] ?? [])];
  return [...new Set(found)].filter((value) => /^[\w.:/-]+$/.test(value));
}

const exhibitNames = exhibits.map(({ name }) => name);

/** By a flag, or by a command and its flag. */
const values: Readonly<Record<string, readonly string[]>> = {
  '--break': exhibitNames,
  '--exhibit': exhibitNames,
  '--site': sites,
  '--death': ['kill', 'power'],
  '--must-reach': ['wal', 'node', 'tendermint', ...marksOf(undefined)],
  '--kinds': traceKinds,
  '--around': tracePlaces,
  'fuzz --around': [],
  'campaign --around': [],
  '--reporter': Object.keys(formats),
  '--engine': ['lazurite', 'malachite', 'cometbft'],
  '--template': ['minimal', 'mocha', 'course'],
  '--deviations': ['0', '1', '2', 'all'],
  'crashstates --on': personalityNames,
  'necessity --on': personalityNames,
  'replay --as': ['mocha'],
  'export --as': ['html', 'mermaid', 'svg', 'perfetto', 'shiviz', 'itf'],
  'fmt --to': ['yaml', 'ts'],
};

const lessons = Array.from({ length: 15 }, (_, index) => String(index + 1));

/** By a command. */
const words: Readonly<Record<string, readonly string[]>> = {
  completion: ['bash', 'zsh', 'fish'],
  replay: ['last'],
  why: ['last'],
  diff: ['last'],
  view: ['last'],
  export: ['last'],
  learn: lessons,
};
