/** Results for other tools: as which format, and where to. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { appendTo, orNote, tryToWrite, writeWhole } from '../output/write-whole.ts';
import { type Case, type Format, formats } from './report-formats.ts';
import type { Print } from './terminal.ts';

const names = Object.keys(formats).join(', ');

export interface ReportFlags {
  readonly reporter?: Format;
  readonly out?: readonly Target[];
}

interface Target {
  readonly format: Format;
  readonly file: string;
}

export function reportOptions(command: Command): Command {
  return command
    .option('--reporter <name>', `print instead as ${names}`, formatNamed)
    .addOption(new Option('--ndjson', 'the same as --reporter ndjson').implies({ reporter: 'ndjson' }))
    .option('--out <name=file>', 'write also to a file, such as junit=results.xml (may be given again)', collect);
}

/** Before a campaign: each file that the user named can be written. Throws `ScenarioError` otherwise. */
export function tryReports({ out = [] }: ReportFlags): void {
  for (const { file } of out) tryToWrite(file);
}

/** Prints as the reporter does, if there is one; then writes the files. A file that cannot be written now is a note: the verdict stays. */
export function report(cases: readonly Case[], { reporter, out = [] }: ReportFlags, print: Print): void {
  if (reporter !== undefined) print.asIs(formats[reporter](cases));
  for (const { format, file } of out) orNote(() => writeWhole(file, `${formats[format](cases)}\n`));
  const stepSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (reporter === 'github' && stepSummary !== undefined) orNote(() => appendTo(stepSummary, `${formats.summary(cases)}\n`));
}

/** Reported before the campaign, not after it. */
function formatNamed(name: string): Format {
  if (Object.hasOwn(formats, name)) return name as Format;
  throw new InvalidArgumentError(`'${name}' is no format; there are ${names}`);
}

function collect(value: string, before: readonly Target[] = []): readonly Target[] {
  const [name = '', ...path] = value.split('=');
  if (path.length === 0) throw new InvalidArgumentError('write it as junit=FILE');
  return [...before, { format: formatNamed(name), file: path.join('=') }];
}
