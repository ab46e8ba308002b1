/**
 * Restarts of recorded logs (docs/formats/conformance.md, family `wal`): what a node had said when it died, and what it said after its restart, in
 * each recorded future. A value that differs for the same kind and round is a conflict.
 */
import { z } from 'zod';

/** Each effect is an array: its name, then what it is about. */
type Effects = readonly (readonly unknown[])[];
type Steps = readonly { readonly do: Effects }[];

interface Restart {
  readonly entries: number;
  readonly crashedIn: number;
  readonly start: Effects;
  readonly do: readonly (readonly [number, Effects])[];
  readonly alone: Steps;
  readonly resume?: Steps | undefined;
}

export interface RecordedLog {
  readonly family: 'wal';
  readonly name: string;
  readonly self: string;
  readonly height: number;
  readonly steps: Steps;
  readonly restarts: readonly Restart[];
}

const effects: z.ZodType<Effects> = z.array(z.array(z.unknown()));
const future: z.ZodType<Steps> = z.array(z.object({ do: effects }));
const restart: z.ZodType<Restart> = z.object({
  entries: z.number(),
  crashedIn: z.number(),
  start: effects,
  do: z.array(z.tuple([z.number(), effects])),
  alone: future,
  resume: future.optional(),
});
const recorded: z.ZodType<RecordedLog> = z.object({
  family: z.literal('wal'),
  name: z.string(),
  self: z.string(),
  height: z.number(),
  steps: future,
  restarts: z.array(restart),
});

export interface RestartConflict {
  /** `resume`: what was still to come arrives. `alone`: only its timers fire. */
  readonly future: 'resume' | 'alone';
  readonly type: string;
  readonly round: number;
  /** In the order in which they were said. */
  readonly values: readonly (string | null)[];
}

export interface ExplainedRestart {
  readonly name: string;
  readonly node: string;
  readonly height: number;
  /** Its place in the recording, from 0. */
  readonly restart: number;
  /** Entries of the log that were durable. */
  readonly entries: number;
  readonly crashedIn: number;
  readonly conflicts: readonly RestartConflict[];
}

/** Undefined: the line is no recorded log. Throws `ZodError` if it says that it is one and has another form. */
export function recordedLog(line: unknown): RecordedLog | undefined {
  const isOne = typeof line === 'object' && line !== null && (line as { readonly family?: unknown }).family === 'wal';
  return isOne ? recorded.parse(line) : undefined;
}

/** Each restart of a recorded log, with its conflicts; most have none. */
export function explainRestarts(log: RecordedLog): readonly ExplainedRestart[] {
  return log.restarts.map((recordedRestart, index) => {
    const { entries, crashedIn } = recordedRestart;
    const conflicts = (['resume', 'alone'] as const).flatMap((name) => conflictsIn(log, recordedRestart, name));
    return { name: log.name, node: log.self, height: log.height, restart: index, entries, crashedIn, conflicts };
  });
}

function conflictsIn(log: RecordedLog, found: Restart, name: 'resume' | 'alone'): readonly RestartConflict[] {
  const steps = found[name];
  if (steps === undefined) return [];
  const after = [...found.start, ...found.do.flatMap(([, done]) => done), ...steps.flatMap(({ do: done }) => done)];
  const said = new Map<string, { readonly type: string; readonly round: number; readonly values: (string | null)[] }>();
  for (const { type, round, value } of [...published(saidBefore(log, found)), ...published(after)]) {
    const known = said.get(`${type} ${round}`) ?? { type, round, values: [] };
    if (!known.values.includes(value)) known.values.push(value);
    said.set(`${type} ${round}`, known);
  }
  return [...said.values()].filter(({ values }) => values.length > 1).map((conflict) => ({ future: name, ...conflict }));
}

/** All that the node can have done when its log had this number of durable entries: up to the next flush that makes more durable. */
function saidBefore({ steps }: RecordedLog, { entries }: Restart): Effects {
  const done: (readonly unknown[])[] = [];
  let appended = 0;
  for (const effect of steps.flatMap(({ do: effects }) => effects)) {
    if (effect[0] === 'Append') appended += 1;
    if (effect[0] === 'Flush' && appended > entries) return done;
    done.push(effect);
  }
  return done;
}

interface Published {
  readonly type: string;
  readonly round: number;
  readonly value: string | null;
}

function published(done: Effects): readonly Published[] {
  return done.flatMap(([tag, type, round, value]) =>
    tag === 'Publish' ? [{ type: String(type), round: Number(round), value: value === null ? null : String(value) }] : [],
  );
}
