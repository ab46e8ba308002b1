/** `view`: the page on one run, opened or written as one HTML file; `export`: the run for other tools. */
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { writeWhole } from '../output/write-whole.ts';
import type { RunPage } from '../page/pages.ts';
import type { PageRecord } from '../page/record/page-record.ts';
import { caseOf } from './case-named.ts';
import { isClusterFolder, refuseRepetition } from './cluster-folder.ts';
import { openPage, ownFolder, refuseTaken } from './open-page.ts';
import type { Print } from './terminal.ts';

interface Flags {
  readonly html?: string;
  readonly variant?: string;
  readonly at?: string;
  readonly in?: string;
  readonly force?: boolean;
}

export function viewCommand(program: Command, print: (text: string) => void): void {
  program
    .command('view')
    .description(
      'the page on a run: a scenario file, a token, `last`, or the folder of a cluster; opened, or written as one file',
    )
    .argument('<run>', 'a scenario file, a token, a failure file, `last`, or the folder of a cluster')
    .option('--html <file>', 'write it there instead of opening it')
    .option('--variant <name>', 'which variant it opens with')
    .option('--at <event>', 'where it opens')
    .option('--in <path>', 'a file or folder to look for the scenario of a token in')
    .option('--force', 'overwrite the file')
    .action(async (text: string, flags: Flags) => {
      if (flags.html !== undefined) refuseTaken(flags.html, flags);
      const { page, first } = await pageOf(text, flags);
      const file = flags.html ?? ownFolder('run.html');
      writeWhole(file, page);
      const row = flags.at === undefined ? -1 : first.rows.findIndex(({ event }) => event >= Number(flags.at));
      print(
        `${file}: ${Math.round(page.length / 1024)} KB, ${first.rows.length} rows, ${first.isReal === true ? `${first.events} events` : `hash ${first.hash}`}${first.id === undefined ? '' : `, record ${first.id}`}`,
      );
      if (flags.html === undefined) openPage(file, row === -1 ? '' : `#at=${row}`, print);
    });
}

/** `export`: the same run in the formats of other tools, to the standard output or a file. */
export function exportCommand(program: Command, print: Print): void {
  program
    .command('export')
    .description("a run in another tool's format: html, mermaid, svg, perfetto, shiviz, itf")
    .argument('<run>', 'a scenario file, a token, a failure file, `last`, or the folder of a cluster')
    .requiredOption('--as <form>', 'html, mermaid, svg, perfetto, shiviz or itf')
    .option('--out <file>', 'write it there')
    .option('--variant <name>', 'which variant')
    .option('--in <path>', 'a file or folder to look for the scenario of a token in')
    .option('--force', 'overwrite the file')
    .action(async (text: string, flags: Flags & { readonly as: string; readonly out?: string }) => {
      const { exported, forms } = await import('../page/export.ts');
      const form = forms.find((one) => one === flags.as);
      if (form === undefined && flags.as !== 'html')
        throw new ScenarioError(`--as ${flags.as}: there are html, ${forms.join(', ')}`);
      if (flags.out !== undefined) refuseTaken(flags.out, flags);
      const made = form === undefined ? (await pageOf(text, flags)).page : exported(await recordNamed(text, flags), form);
      if (flags.out === undefined) {
        print.asIs(made.trimEnd());
        return;
      }
      writeWhole(flags.out, made);
      print(`${flags.out}: ${Math.round(made.length / 1024)} KB`);
    });
}

/** The page on one run, its scenario's other variants beside it, or on the record of real nodes. */
async function pageOf(text: string, flags: Flags): Promise<RunPage> {
  const [{ parts }, { recordPage, runPage }] = await Promise.all([import('../page/template.ts'), import('../page/pages.ts')]);
  if (isClusterFolder(text)) {
    const first = await clusterRecord(text, flags);
    return { page: recordPage(await parts(), first), first };
  }
  const { data, options, id } = await caseOf(text, flags);
  return runPage(await parts(), data, options, id);
}

async function recordNamed(text: string, flags: Flags): Promise<PageRecord> {
  if (isClusterFolder(text)) return clusterRecord(text, flags);
  const { recordOf } = await import('../page/record/record-run.ts');
  const { data, options } = await caseOf(text, flags);
  return recordOf(data, options);
}

async function clusterRecord(folder: string, { variant }: Flags): Promise<PageRecord> {
  refuseRepetition(folder, { variant });
  const { clusterRecordOf } = await import('../page/record/record-cluster.ts');
  return clusterRecordOf(folder);
}
