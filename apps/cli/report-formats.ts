/**
 * Results as other tools read them: JUnit XML, TAP 14 (https://testanything.org), NDJSON, GitHub's workflow commands and step summary. Each
 * has its own way to carry a name that contains its own signs (escape.ts).
 */
import { githubData, githubProperty, markdownCell, quoted, tapDescription, visible, xml } from '../output/escape.ts';

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

export type Format = 'junit' | 'tap' | 'ndjson' | 'github' | 'summary';

export const formats: Readonly<Record<Format, (cases: readonly Case[]) => string>> = {
  junit,
  tap,
  ndjson: (cases) => cases.map((one) => visible(JSON.stringify(one))).join('\n'),
  github,
  summary,
};

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
  return `${head}><${kind} message="${xml(message)}">${[message, ...replayOf(token)].map(xml).join('\n')}</${kind}></testcase>`;
}

function tap(cases: readonly Case[]): string {
  const lines = cases.flatMap(({ suite, name, verdict, isRight, message, token }, index) => {
    const title = `${index + 1} - ${tapDescription(`${suite}: ${name}`)}`;
    if (isRight && verdict !== 'undecided') return [`ok ${title}`];
    return [
      `not ok ${title}`,
      '  ---',
      `  message: ${quoted(message)}`,
      ...(token === '' ? [] : [`  replay: ${quoted(token)}`]),
      '  ...',
    ];
  });
  return ['TAP version 14', `1..${cases.length}`, ...lines].join('\n');
}

function github(cases: readonly Case[]): string {
  const wrong = cases.filter(({ isRight }) => !isRight);
  const lines = wrong.map(({ suite, name, file, message, token }) => {
    const place = file === '' ? '' : `file=${githubProperty(file)},`;
    const words = [message, ...replayOf(token)].join('\n');
    return `::error ${place}title=${githubProperty(`${suite}: ${name}`)}::${githubData(words)}`;
  });
  return [...lines, `${cases.length - wrong.length} of ${cases.length} as expected`].join('\n');
}

function summary(cases: readonly Case[]): string {
  const rows = cases.map(
    ({ suite, name, verdict, isRight, message }) =>
      `| ${isRight ? '✓' : '✕'} | ${markdownCell(suite)} | ${markdownCell(name)} | ${verdict} | ${isRight ? '' : markdownCell(message)} |`,
  );
  return ['| | scenario | case | verdict | |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** Where there is a run to name. */
function replayOf(token: string): readonly string[] {
  return token === '' ? [] : [`npx lazurite replay ${token}`];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
