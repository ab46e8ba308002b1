/** Results as other tools read them: JUnit XML, TAP 14, NDJSON, GitHub annotations and step summary. */
import { appendFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ScenarioError } from '../scenarios/index.ts';

/** One thing that held or did not. */
export interface Case {
  readonly suite: string;
  readonly name: string;
  readonly verdict: 'held' | 'violated' | 'undecided';
  /** As it should be: a variant that is expected to fail and does is right. */
  readonly isRight: boolean;
  readonly message: string;
  readonly file: string;
  readonly ms: number;
  readonly token: string;
}

/** Beside the others, where not all was judged. */
export function openCase(message: string): Case {
  const own = { file: '', ms: 0, token: '' };
  return { suite: 'lazurite', name: 'all was judged', verdict: 'undecided', isRight: false, message, ...own };
}

const formats = {
  junit,
  tap,
  ndjson: (cases: readonly Case[]): string => cases.map((one) => JSON.stringify(one)).join('\n'),
  github,
  summary,
} as const;

type Format = keyof typeof formats;

export interface ReportFlags {
  readonly reporter?: string;
  readonly out?: readonly string[];
}

export function reportOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return command
    .option('--reporter <name>', `print instead as ${Object.keys(formats).join(', ')}`)
    .option('--out <name=file>', 'write also to a file, such as junit=results.xml (may be given again)', collect);
}

/** Whether a reporter has printed. Throws `ScenarioError` for a format that is not known. */
export function report(cases: readonly Case[], { reporter, out = [] }: ReportFlags, print: (text: string) => void): boolean {
  for (const target of out) {
    const [name = '', ...path] = target.split('=');
    if (path.length === 0) throw new ScenarioError(`--out ${target}: write it as junit=FILE`);
    writeFileSync(path.join('='), `${formats[formatNamed(name)](cases)}\n`);
  }
  const stepSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (reporter === 'github' && stepSummary !== undefined) appendFileSync(stepSummary, `${summary(cases)}\n`);
  if (reporter === undefined) return false;
  print(formats[formatNamed(reporter)](cases));
  return true;
}

function formatNamed(name: string): Format {
  if (name in formats) return name as Format;
  throw new ScenarioError(`'${name}' is no format; there are ${Object.keys(formats).join(', ')}`);
}

function junit(cases: readonly Case[]): string {
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  const parts = suites.map((suite) => {
    const of = cases.filter((one) => one.suite === suite);
    const failures = of.filter(({ isRight, verdict }) => !isRight && verdict !== 'undecided').length;
    const errors = of.filter(({ verdict }) => verdict === 'undecided').length;
    const head = `<testsuite name="${xml(suite)}" tests="${of.length}" failures="${failures}" errors="${errors}" time="${seconds(of.reduce((sum, { ms }) => sum + ms, 0))}">`;
    return [`  ${head}`, ...of.map(junitCase), '  </testsuite>'].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...parts, '</testsuites>'].join('\n');
}

function junitCase({ suite, name, file, verdict, isRight, message, token, ms }: Case): string {
  const head = `    <testcase classname="${xml(suite)}" name="${xml(name)}" file="${xml(file)}" time="${seconds(ms)}"`;
  // What was not judged to its end is no success, and no failure either.
  const kind = verdict === 'undecided' ? 'error' : isRight ? undefined : 'failure';
  if (kind === undefined) return `${head}/>`;
  return `${head}><${kind} message="${xml(message)}">${xml(`${message}\nnpx lazurite replay ${token}`)}</${kind}></testcase>`;
}

function tap(cases: readonly Case[]): string {
  const lines = cases.flatMap(({ suite, name, verdict, isRight, message, token }, index) => {
    const title = `${index + 1} - ${suite}: ${name}`.replaceAll('#', '\\#');
    if (isRight && verdict !== 'undecided') return [`ok ${title}`];
    return [`not ok ${title}`, '  ---', `  message: ${JSON.stringify(message)}`, `  replay: ${JSON.stringify(token)}`, '  ...'];
  });
  return ['TAP version 14', `1..${cases.length}`, ...lines].join('\n');
}

function github(cases: readonly Case[]): string {
  const wrong = cases.filter(({ isRight }) => !isRight);
  const lines = wrong.map(({ suite, name, file, message, token }) => {
    const title = `${suite}: ${name}`.replaceAll(',', ' ');
    return `::error file=${file},title=${title}::${message.replaceAll('\n', '%0A')}%0Anpx lazurite replay ${token}`;
  });
  return [...lines, `${cases.length - wrong.length} of ${cases.length} as expected`].join('\n');
}

function summary(cases: readonly Case[]): string {
  const rows = cases.map(
    ({ suite, name, verdict, isRight, message }) =>
      `| ${isRight ? '✓' : '✕'} | ${suite} | ${name} | ${verdict} | ${isRight ? '' : message.replaceAll('|', '\\|')} |`,
  );
  return ['| | scenario | variant | verdict | |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function xml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no place for them
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '?')
  );
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
