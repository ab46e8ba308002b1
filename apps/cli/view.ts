/** `view`: the page on one run, opened or written as one HTML file; `export`: the run for other tools. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { tryToWrite, writeWhole } from '../output/write-whole.ts';
import type { PageRecord } from '../page/record/page-record.ts';
import { caseOf, type NamedCase } from './case-named.ts';

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
    .description('the page on a run: a scenario file, a token, or `last`; opened, or written as one file')
    .argument('<run>', 'a scenario file, a token, a failure file, or `last`')
    .option('--html <file>', 'write it there instead of opening it')
    .option('--variant <name>', 'which variant it opens with')
    .option('--at <event>', 'where it opens')
    .option('--in <path>', 'a file or folder to look for the scenario of a token in')
    .option('--force', 'overwrite the file')
    .action(async (text: string, flags: Flags) => {
      if (flags.html !== undefined) refuseTaken(flags.html, flags);
      const named = await caseOf(text, flags);
      const { page, first } = await pageOf(named);
      const file = flags.html ?? join(mkdtempSync(join(tmpdir(), 'lazurite-view-')), 'run.html');
      writeWhole(file, page);
      const row = flags.at === undefined ? -1 : first.rows.findIndex(({ event }) => event >= Number(flags.at));
      const address = `file://${resolve(file)}${row === -1 ? '' : `#at=${row}`}`;
      print(
        `${file}: ${Math.round(page.length / 1024)} KB, ${first.rows.length} rows, hash ${first.hash}${first.id === undefined ? '' : `, record ${first.id}`}`,
      );
      if (flags.html === undefined) open(address, print);
    });
}

/** `export`: the same run in the formats of other tools, to the standard output or a file. */
export function exportCommand(program: Command, print: (text: string) => void): void {
  program
    .command('export')
    .description("a run in another tool's format: html, mermaid, svg, perfetto, shiviz, itf")
    .argument('<run>', 'a scenario file, a token, a failure file, or `last`')
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
      const named = await caseOf(text, flags);
      const { recordOf } = await import('../page/record/record-run.ts');
      const made = form === undefined ? (await pageOf(named)).page : exported(recordOf(named.data, named.options), form);
      if (flags.out === undefined) {
        print(made.trimEnd());
        return;
      }
      writeWhole(flags.out, made);
      print(`${flags.out}: ${Math.round(made.length / 1024)} KB`);
    });
}

/** Before the run. Throws `ScenarioError` where the file must or can not be written. */
function refuseTaken(file: string, { force }: Flags): void {
  if (existsSync(file) && force !== true) throw new ScenarioError(`${file} exists; give another name, or --force`);
  tryToWrite(file);
}

/** The page on one run, its scenario's other variants beside it. */
async function pageOf({ data, options, id }: NamedCase): Promise<{ readonly page: string; readonly first: PageRecord }> {
  const [{ html, parts }, { recordOf }] = await Promise.all([
    import('../page/template.ts'),
    import('../page/record/record-run.ts'),
  ]);
  const made = recordOf(data, options);
  const first: PageRecord = id === undefined ? made : { ...made, id };
  const others = data.variants
    .filter(({ name }) => name !== first.variant)
    .map(({ name }) => recordOf(data, { ...options, variant: name }));
  return { page: html(await parts(), data.name, { records: [first, ...others], lessons: [], lesson: -1 }), first };
}

/** The system's way to open a file; where there is none, the address is printed. */
function open(address: string, print: (text: string) => void): void {
  const command = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(command, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => print(`open ${address}`));
  child.unref();
}
