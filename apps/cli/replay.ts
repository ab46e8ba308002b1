/** `replay`: exactly that run again, its hash compared where one was recorded; as a scenario file or a mocha test, if asked. */

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { withDeterminism } from '../../campaigns/replay/run-twice.ts';
import type { RunEvent } from '../../core/events.ts';
import { exhibitNamed } from '../../museum/index.ts';
import { mochaSource, type Run, runScenario, type ScenarioData, ScenarioError, scenarioSource } from '../../scenarios/index.ts';
import { namesOfSteps } from '../../scenarios/model.ts';
import { exhibitOf } from '../../scenarios/runner.ts';
import type { TraceFilter } from '../../scenarios/trace-window.ts';
import { shown, visible } from '../output/escape.ts';
import { say } from '../output/standard-error.ts';
import { orNote, tryToWrite, writeWhole } from '../output/write-whole.ts';
import { caseOf } from './case-named.ts';
import { clusterLines, clusterRunIn, isClusterFolder, refuseRepetition } from './cluster-folder.ts';
import { exitCodeOf } from './exit-code.ts';
import { runText } from './print-run.ts';
import { type Paint, type Print, terminalWidth } from './terminal.ts';
import { filterOf, refuseFlags, type TraceFlags, traceOptions, windowOf } from './trace-flags.ts';

interface Flags extends TraceFlags {
  readonly in?: string;
  readonly save?: string;
  readonly as?: 'mocha';
  readonly force?: boolean;
  readonly json?: boolean;
}

export interface Replayed {
  readonly run: Run;
  readonly data: ScenarioData;
  /** The broken node that was run in place of the honest one. */
  readonly exhibit: string | undefined;
  /** The hash that was recorded, if one was. */
  readonly recorded: string | undefined;
  /** The id of the record, if it was read from one that has an id. */
  readonly id: string | undefined;
}

export function replayCommand(program: Command, print: Print, paint: Paint): void {
  const command = program
    .command('replay')
    .description('the run that a token, a failure file or `last` names, again; exit 5 if its hash differs')
    .argument('<run>', 'a token, a failure file, `last`, a scenario file, or the folder of a cluster, which is only judged again')
    .option('--in <path>', 'a file or folder to look for the scenario in')
    .option('--save <file>', 'write it as a scenario file, in TypeScript or (.yaml) YAML')
    .option('--as <form>', 'print it as a test: mocha')
    .option('--force', 'overwrite the file')
    .option('--json', 'for machines');
  traceOptions(command).action(async (text: string, flags: Flags) => {
    if (isClusterFolder(text)) {
      judgeAgain(text, flags, print, paint);
      return;
    }
    if (flags.as !== undefined && flags.as !== 'mocha') throw new ScenarioError(`--as ${String(flags.as)}: 'mocha' is known`);
    if (flags.save !== undefined) refuseTaken(flags.save, flags.force === true);
    const { run: first, data, exhibit, recorded, id } = await replayed(text, flags, true, (named) => refuseFlags(flags, named));
    const isSame = recorded === undefined || recorded === first.hash;
    // A hash may differ because the version differs, or because the run is never the same. A second run shows which.
    const again = isSame && first.verdict === 'violated' ? first.hash : first.again().hash;
    const run = again === first.hash ? first : withDeterminism(first, again);
    const violated = run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
    const told = asTold(data, exhibit, violated);
    const source = flags.as === 'mocha' ? mochaSource(told, violated) : undefined;
    const saved = flags.save === undefined ? '' : (source ?? (await written(told, flags.save)));
    const isOther = !isSame && run === first;
    process.exitCode = exitCodeOf({
      isViolated: run.verdict === 'violated',
      isUndecided: run.verdict === 'undecided',
      isOther,
    });
    if (flags.json === true)
      print(
        JSON.stringify(
          { version: 1, ok: isSame, id, verdict: run.verdict, hash: run.hash, recorded, properties: run.properties },
          null,
          1,
        ),
      );
    else if (source !== undefined && flags.save === undefined) print.asIs(source);
    else {
      print(runText(shown(run), paint, { width: terminalWidth() }));
      if (id !== undefined) print(paint.dim(`    record ${id}`));
      const filter = filterOf(flags);
      if (filter !== undefined) {
        printTrace(filter, run, run.world.trace.events(), print);
      }
      if (isOther)
        print(paint.bad(`the recorded hash is ${recorded}: this is another run (another version of lazurite or of Node?)`));
    }
    const { save } = flags;
    if (save !== undefined && orNote(() => writeWhole(save, saved))) say(`written: ${save}`);
  });
}

/** The record of real nodes. Its events cannot be repeated, but they are judged once more. */
function judgeAgain(folder: string, flags: Flags, print: Print, paint: Paint): void {
  const { save, as } = flags;
  refuseRepetition(folder, { save, as });
  const run = clusterRunIn(folder, {});
  refuseFlags(flags, run.data);
  const { verdict, properties, strange, events } = run;
  process.exitCode = exitCodeOf({ isViolated: verdict === 'violated', isUndecided: verdict === 'undecided' });
  if (flags.json === true) {
    print(JSON.stringify({ version: 1, ok: verdict === 'held', verdict, events: events.length, properties, strange }, null, 1));
    return;
  }
  for (const line of clusterLines(run, paint)) print(visible(line));
  const filter = filterOf(flags);
  const deaths = events.filter(({ type }) => type === 'death');
  if (filter !== undefined) printTrace(filter, { deaths, properties }, events, print);
}

function printTrace(filter: TraceFilter, run: Parameters<typeof windowOf>[1], events: Iterable<RunEvent>, print: Print): void {
  const window = windowOf(filter, run, (line) => print(visible(line)));
  for (const event of events) window.see(event);
  window.end();
}

/** Throws `ScenarioError` for what names no run. `check`: what else is to be right before it runs. */
export async function replayed(
  text: string,
  from: { readonly in?: string; readonly variant?: string },
  record: boolean,
  check?: (data: ScenarioData) => void,
): Promise<Replayed> {
  const { data, options, recorded, id } = await caseOf(text, from);
  check?.(data);
  return { run: runScenario(data, { ...options, record }), data, exhibit: options.exhibit, recorded, id };
}

/** A broken node becomes a variant that is expected to fail, so that the file says what it shows. */
function asTold(data: ScenarioData, exhibit: string | undefined, violated: readonly string[]): ScenarioData {
  const expect = { fail: violated };
  const broken = exhibit === undefined ? undefined : exhibitNamed(exhibit)?.name;
  if (broken !== undefined) return { ...data, variants: [{ name: broken, break: broken, expect }] };
  const [variant, ...others] = data.variants;
  if (variant === undefined || others.length > 0 || exhibitOf(variant) === undefined) return data;
  // A step that was taken out of the scenario cannot fail any more.
  const steps = variant.expect?.steps?.filter((name) => namesOfSteps(data).includes(name)) ?? [];
  return { ...data, variants: [{ ...variant, expect: steps.length === 0 ? expect : { ...expect, steps } }] };
}

/** In the language that the name of the file asks for. */
async function written(data: ScenarioData, file: string): Promise<string> {
  if (!/\.ya?ml$/.test(file)) return scenarioSource(data);
  const { formatScenario } = await import('../../scenarios/yaml.ts');
  return formatScenario(data);
}

/** Before the run. Throws `ScenarioError` if nothing can be saved. */
function refuseTaken(file: string, isForced: boolean): void {
  if (existsSync(file) && !isForced) throw new ScenarioError(`${file} exists; give another name, or --force`);
  tryToWrite(file);
}
