/** Values of flags, checked: a wrong one is reported with what was expected. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import { type Duration, milliseconds, type ScenarioData } from '../../scenarios/index.ts';

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('give a whole number from 0 on');
  return value;
}

/** Seeds are 32 bits wide: a larger one would be another's run under its own name. */
export function seedNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 0xffff_ffff) throw new InvalidArgumentError('give a seed from 0 to 4294967295');
  return value;
}

/** `1-10`, or one seed. */
export function seedRange(text: string): readonly number[] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === undefined || last === undefined) throw new InvalidArgumentError('give a range of seeds such as 1-10');
  const [from, to] = [seedNumber(first), seedNumber(last)];
  if (to < from) throw new InvalidArgumentError(`it ends before it begins; give ${to}-${from}`);
  if (to - from >= mostSeeds) throw new InvalidArgumentError(`give at most ${mostSeeds} seeds`);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

const mostSeeds = 100_000;

/** `1ms..25ms`: the ends of an even range; or one delay. */
export function delayRange(text: string): readonly [number, number] {
  const [least = '', most = least, more] = text.split('..');
  try {
    const ends = [milliseconds(least as Duration), milliseconds(most as Duration)] as const;
    if (more === undefined && ends[0] <= ends[1]) return ends;
  } catch {
    // The message below says what is expected.
  }
  throw new InvalidArgumentError('give delays such as 1ms..25ms, or one such as 10ms');
}

export function jobCount(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > 64) throw new InvalidArgumentError('give a number of workers from 1 to 64');
  return value;
}

/** Its default is not a number in the help: that would be another on each machine. */
export function jobsOption(): Option {
  const option = new Option('--jobs <n>', 'worker threads').argParser(jobCount);
  return option.default(availableParallelism(), 'one for each core');
}

/** Names with commas between. */
export function listOf(text: string): readonly string[] {
  return text.split(',');
}

/** `i/n`: the i-th of n parts, counted from 1. */
export function shardOf(text: string): { readonly index: number; readonly of: number } {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === undefined || shard.index < 1 || shard.index > shard.of)
    throw new InvalidArgumentError('give a part such as 1/4, counted from 1');
  return shard;
}

/** `30s`, `h:8` or `h:8/r:2`. */
export function endTime(text: string): NonNullable<ScenarioData['until']> {
  const [, height, round] = /^h:(\d+)(?:\/r:(\d+))?$/.exec(text) ?? [];
  const timeMs = height === undefined ? timeOf(text) : undefined;
  if (timeMs === 0 || Number(height) === 0) throw new InvalidArgumentError('the run would end before anything happens');
  if (timeMs !== undefined) return { timeMs };
  if (height !== undefined) return { height: Number(height), round: Number(round ?? 0) };
  throw new InvalidArgumentError('give a time such as 30s, or a height such as h:8 or h:8/r:2');
}

/** A point in virtual time, in milliseconds. */
export function durationMs(text: string): number {
  const ms = timeOf(text);
  if (ms === undefined) throw new InvalidArgumentError('give a time such as 500ms or 2s');
  return ms;
}

function timeOf(text: string): number | undefined {
  try {
    return milliseconds(text as Duration);
  } catch {
    return undefined;
  }
}
