/** `crashpoints`: every crash point of the chosen nodes, both deaths, every crash image; a strip and a certificate. */
import type { Command } from 'commander';
import { pointText } from '../actors/scheduler/index.ts';
import { type Cell, type CrashpointsResult, enumerateCrashpoints } from '../checker/index.ts';
import { crashpointsPlan } from '../scenarios/crashpoints.ts';
import { type Duration, milliseconds } from '../scenarios/index.ts';
import { loadScenario } from './load-scenario.ts';

interface Flags {
  readonly node?: string;
  readonly site?: string;
  readonly heights?: string;
  readonly death?: 'kill' | 'power';
  readonly restart?: string;
  readonly pending: string;
  readonly merge: boolean;
  readonly break?: string;
  readonly variant?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

export function crashpointsCommand(program: Command, print: (text: string) => void): void {
  program
    .command('crashpoints')
    .description('kill the chosen nodes at every crash point, in every way that leaves a distinct disk')
    .argument('<file>', 'a scenario file')
    .option('--node <names>', 'victims, by comma (default: all)')
    .option('--site <names>', 'sites, by comma (default: all)')
    .option('--heights <range>', 'such as 10 or 3-5 (default: the heights the scenario names, else 1-2)')
    .option('--death <kind>', 'kill or power (default: both)')
    .option('--restart <duration>', "how long a victim stays down (default: the script's first restart, else 1s)")
    .option('--pending <k>', 'writes that vary sector by sector', '2')
    .option('--no-merge', 'judge each death to its end')
    .option('--break <exhibit>', 'a broken node instead of the honest one')
    .option('--variant <name>', 'another variant than the first')
    .option('--list', 'only name the points')
    .option('--json', 'for machines')
    .action(async (file: string, flags: Flags) => {
      const { data } = await loadScenario(file);
      const started = performance.now();
      const plan = crashpointsPlan(data, {
        ...(flags.node === undefined ? {} : { nodes: flags.node.split(',') }),
        ...(flags.site === undefined ? {} : { sites: flags.site.split(',') }),
        ...(flags.heights === undefined ? {} : { heights: flags.heights }),
        ...(flags.restart === undefined ? {} : { restartMs: milliseconds(flags.restart as Duration) }),
        ...(flags.death === undefined ? {} : { death: flags.death }),
        ...(flags.break === undefined ? {} : { exhibit: flags.break }),
        ...(flags.variant === undefined ? {} : { variant: flags.variant }),
        pending: Number(flags.pending),
        merge: flags.merge,
      });
      let shown = performance.now();
      let done = 0;
      const result = enumerateCrashpoints(plan, () => {
        done += 1;
        if (performance.now() - shown < 1000 || !process.stderr.isTTY) return;
        shown = performance.now();
        process.stderr.write(`\r${done} points`);
      });
      const ms = Math.round(performance.now() - started);
      if (flags.list === true) for (const { point, phase } of result.cells) print(pointText(point, phase));
      else if (flags.json === true) print(JSON.stringify(crashpointsJson(result, plan.pending, ms), null, 1));
      else print(crashpointsText(data.name, plan.victims, result, ms));
      const isViolated = result.cells.some(({ verdict }) => verdict === 'violated');
      const isOpen = result.cells.some(({ verdict }) => verdict === 'undecided');
      process.exitCode = result.cells.length === 0 ? 4 : isViolated ? 1 : isOpen ? 3 : 0;
    });
}

function crashpointsJson({ cells, images, distinct, rules, isComplete }: CrashpointsResult, pending: number, ms: number): object {
  const count = (verdict: string): number => cells.filter((cell) => cell.verdict === verdict).length;
  const failures = cells.flatMap(({ point, phase, failures: found }) =>
    found.map(({ property, death, message }) => ({
      property,
      point: `${pointText(point, phase)}/${death.image}`,
      count: 1,
      message,
    })),
  );
  const complete = { pending, deaths: 1, nested: false, rule: rules.join('; '), isComplete };
  return {
    version: 1,
    ok: count('violated') === 0 && count('undecided') === 0,
    points: cells.length,
    images,
    distinct,
    held: count('held'),
    violated: count('violated'),
    undecided: count('undecided'),
    complete,
    failures,
    ms,
  };
}

function crashpointsText(name: string, victims: readonly string[], result: CrashpointsResult, ms: number): string {
  const { cells, images, distinct, rules, isComplete } = result;
  const count = (verdict: string): number => cells.filter((cell) => cell.verdict === verdict).length;
  const lines = [`${victims.join(', ')} dies anywhere: ${name}    ${cells.length} crash points`, strip(cells)];
  lines.push(
    `${count('held')} held   ${count('violated')} violated   ${count('undecided')} undecided    ${(ms / 1000).toFixed(1)} s`,
  );
  const bound = isComplete ? 'complete' : 'not complete';
  lines.push(
    `${images} crash images, ${distinct} distinct states after recovery; ${bound} within: ${rules.join('; ') || 'no write was torn'}`,
  );
  for (const [property, failed] of byProperty(cells)) {
    const [first] = failed;
    if (first === undefined) continue;
    lines.push(
      '',
      `✕ ${property}     ${failed.length} crash points`,
      `  first    ${pointText(first.cell.point, first.cell.phase)}/${first.image}`,
      `           ${first.message}`,
    );
  }
  return lines.join('\n');
}

function byProperty(cells: readonly Cell[]): ReadonlyMap<string, readonly { cell: Cell; image: string; message: string }[]> {
  const found = new Map<string, { cell: Cell; image: string; message: string }[]>();
  for (const cell of cells) {
    for (const { property, death, message } of cell.failures) {
      found.set(property, [...(found.get(property) ?? []), { cell, image: death.image, message }]);
    }
  }
  return found;
}

const signs = { held: '·', violated: '✕', undecided: '?' } as const;

/** One sign a crash point, in the order of the run, by height and round. */
function strip(cells: readonly Cell[]): string {
  const groups = new Map<string, string>();
  for (const { point, verdict } of cells) {
    const key = `${point.node} h${point.height} r${point.round}`;
    groups.set(key, (groups.get(key) ?? '') + signs[verdict]);
  }
  return [...groups].map(([key, text]) => `${key}  ${text}`).join('\n');
}
