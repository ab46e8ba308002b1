/**
 * What an assertion is about. Says in a sentence what was given in place of a run, and lets no assertion pass on a run that did not happen as its
 * scenario describes it.
 */
import { Scenario } from '../scenarios/builder.ts';
import type { NodeOfRun, Run } from '../scenarios/runner.ts';

/** `run`: what a scenario's `run()` gives. `node`: one node of it. `log`: a function that opens a log of your own. */
export type SubjectKind = 'run' | 'node' | 'log';

/** A complaint of a run that a test expects: a part of its text, or a pattern. */
export type Complaint = string | RegExp;

const wanted: Readonly<Record<SubjectKind, string>> = {
  run: 'a run of a scenario (what its `run()` gives)',
  node: "one node of a run, such as `run.node('B')`",
  log: 'a function that opens a log over the storage that it is given',
};

/** Why this is not what the assertion is about; undefined: it is. */
export function misuseOf(kind: SubjectKind, given: unknown): string | undefined {
  const isRight = kind === 'log' ? typeof given === 'function' : kind === 'node' ? isNode(given) : isRun(given);
  if (isRight) return undefined;
  return `expected ${wanted[kind]}, and found ${nameOf(given)}`;
}

function nameOf(given: unknown): string {
  if (given instanceof Scenario) return `the scenario '${given.name}' itself; call its \`run()\``;
  if (isRun(given)) return 'a whole run';
  if (isNode(given)) return `node ${given.name} of a run; give the run`;
  if (typeof given === 'function') return 'a function; give what it returns';
  if (typeof given !== 'object' || given === null) return typeof given === 'string' ? `'${given}'` : String(given);
  if ('then' in given) return 'a promise; `await` it first';
  return Array.isArray(given) ? 'a list' : `an object with ${Object.keys(given).slice(0, 5).join(', ') || 'nothing in it'}`;
}

function isRun(given: unknown): given is Run {
  return typeof given === 'object' && given !== null && 'properties' in given && 'world' in given && 'notCarriedOut' in given;
}

function isNode(given: unknown): given is NodeOfRun {
  return typeof given === 'object' && given !== null && 'run' in given && 'name' in given && isRun(given.run);
}

/** The run that a subject is, or is a part of. */
export function runIn(given: unknown): Run | undefined {
  if (isRun(given)) return given;
  return isNode(given) ? given.run : undefined;
}

/** What of `complaints` a test did not expect, and what it expected and did not find, in words; undefined: nothing. */
export function unexpectedIn(run: Run, complaints: readonly string[], expected: readonly Complaint[]): string | undefined {
  const left = complaints.filter((complaint) => !expected.some((one) => isLike(one, complaint)));
  const vain = expected.filter((one) => !complaints.some((complaint) => isLike(one, complaint)));
  const name = run.variant === null ? `'${run.scenario}'` : `'${run.scenario}', variant '${run.variant}'`;
  if (left.length > 0) return `expected ${name} to happen as it is written, but\n${left.map((one) => `  ${one}`).join('\n')}`;
  if (vain.length === 0) return undefined;
  const found = complaints.length === 0 ? 'there is none' : `there is ${complaints.join('; ')}`;
  return `expected ${name} to have a complaint like ${vain.map(String).join(', ')}, but ${found}`;
}

/** Whether a complaint is one that was expected. */
export function isLike(expected: Complaint, complaint: string): boolean {
  return typeof expected === 'string' ? complaint.includes(expected) : complaint.search(expected) !== -1;
}
