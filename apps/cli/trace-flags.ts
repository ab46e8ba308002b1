/** Flags of commands that print the events of a run: a part of them, by default the lines around each death. */
import type { Command } from 'commander';
import type { ScenarioData } from '../../scenarios/index.ts';
import { refuseUnknownFilter, type TraceFilter, TraceWindow } from '../../scenarios/trace-window.ts';
import { durationMs, listOf } from './flags.ts';
import type { RunReport } from './run-unit.ts';

export interface TraceFlags {
  readonly trace?: boolean;
  readonly node?: readonly string[];
  readonly around?: string;
  readonly from?: number;
  readonly to?: number;
  readonly kinds?: readonly string[];
}

export function traceOptions(command: Command): Command {
  return command
    .option('--trace', 'events of each run: those around each death, unless a flag below says which')
    .option('--node <names>', 'trace: of these nodes only, with commas between', listOf)
    .option('--around <what>', "trace: the lines around each death, violation or event of a name, or around an event's number")
    .option('--from <time>', 'trace: from this virtual time on, such as 2s', durationMs)
    .option('--to <time>', 'trace: up to this virtual time', durationMs)
    .option('--kinds <names>', 'trace: events, sites, messages or families of these names, such as death,vote.cast,wal', listOf);
}

/** Undefined if no flag asks for a trace. */
export function filterOf({ trace, node, around, from, to, kinds }: TraceFlags): TraceFilter | undefined {
  const filter = {
    ...(node === undefined ? {} : { nodes: node }),
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(around === undefined ? {} : { around }),
  };
  return trace === true || Object.keys(filter).length > 0 ? filter : undefined;
}

type Traced = Pick<RunReport, 'properties'> & { readonly deaths: readonly unknown[] };

/** Before a run. Throws `ScenarioError` for flags that ask for what no trace of this scenario can hold. */
export function refuseFlags(flags: TraceFlags, data: ScenarioData): void {
  refuseUnknownFilter(filterOf(flags) ?? {}, data);
}

/** The window of a run that is over. */
export function windowOf(filter: TraceFilter, run: Traced, onLine: (line: string) => void): TraceWindow {
  const violations = run.properties.flatMap(({ event = -1 }) => (event < 0 ? [] : [event]));
  return new TraceWindow(withUsualPlace(filter, run.deaths.length, violations.length), violations, onLine);
}

/** Where nothing is chosen: around deaths, else around violations, else all there is. */
function withUsualPlace(filter: TraceFilter, deaths: number, violations: number): TraceFilter {
  if (Object.keys(filter).length > 0 || deaths + violations === 0) return filter;
  return { around: deaths > 0 ? 'death' : 'violation' };
}
