/**
 * Results as other tools read them: JUnit XML, TAP 14 (https://testanything.org), NDJSON, GitHub's workflow commands and step summary. Each has its
 * own way to carry a name in which its own signs stand.
 */

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
  ndjson: (cases) => cases.map((one) => JSON.stringify(one)).join('\n'),
  github,
  summary,
};

function junit(cases: readonly Case[]): string {
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  const parts = suites.map((suite) => {
    const of = cases.filter((one) => one.suite === suite);
    const failures = of.filter(({ isRight, verdict }) => !isRight && verdict !== 'undecided').length;
    const errors = of.filter(({ verdict }) => verdict === 'undecided').length;
    const head = `<testsuite name="${attribute(suite)}" tests="${of.length}" failures="${failures}" errors="${errors}" time="${seconds(of.reduce((sum, { ms }) => sum + ms, 0))}">`;
    return [`  ${head}`, ...of.map(junitCase), '  </testsuite>'].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...parts, '</testsuites>'].join('\n');
}

function junitCase({ suite, name, file, verdict, isRight, message, token, ms }: Case): string {
  const head = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}" file="${attribute(file)}" time="${seconds(ms)}"`;
  // What was not judged to its end is no success, and no failure either.
  const kind = verdict === 'undecided' ? 'error' : isRight ? undefined : 'failure';
  if (kind === undefined) return `${head}/>`;
  return `${head}><${kind} message="${attribute(message)}">${xml([message, ...replayOf(token)].join('\n'))}</${kind}></testcase>`;
}

function tap(cases: readonly Case[]): string {
  const lines = cases.flatMap(({ suite, name, verdict, isRight, message, token }, index) => {
    const title = `${index + 1} - ${description(`${suite}: ${name}`)}`;
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
    const place = file === '' ? '' : `file=${commandProperty(file)},`;
    const words = [message, ...replayOf(token)].join('\n');
    return `::error ${place}title=${commandProperty(`${suite}: ${name}`)}::${commandData(words)}`;
  });
  return [...lines, `${cases.length - wrong.length} of ${cases.length} as expected`].join('\n');
}

function summary(cases: readonly Case[]): string {
  const rows = cases.map(
    ({ suite, name, verdict, isRight, message }) =>
      `| ${isRight ? '✓' : '✕'} | ${cell(suite)} | ${cell(name)} | ${verdict} | ${isRight ? '' : cell(message)} |`,
  );
  return ['| | scenario | case | verdict | |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** Where there is a run to name. */
function replayOf(token: string): readonly string[] {
  return token === '' ? [] : [`npx lazurite replay ${token}`];
}

/** Signs that XML 1.0 has no place for become question marks (https://www.w3.org/TR/xml, 2.2 Characters). */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

/** A reader makes blanks of bare line breaks here. */
function attribute(text: string): string {
  return xml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/** Of a test line of TAP, which ends where the line does: a break in it becomes a blank. */
function description(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\#]/g, '\\$&');
}

/** A quoted scalar of YAML. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As GitHub's own toolkit escapes (actions/toolkit, command.ts). */
function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function commandProperty(text: string): string {
  return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Of a table in Markdown. */
function cell(text: string): string {
  return text
    .replaceAll(/[\\|]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\r\n|[\r\n]/g, '<br>');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
