/** Logs of other engines beside what is in them: `NAME.wal` with `NAME.expected.json`, or a group of rolled files with one `expected.json`. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Engine, type Inspection, inspectCometbftGroup, inspectLog } from '../../wal/index.ts';
import { type CaseResult, Comparison } from './verdict.ts';

interface Place {
  readonly status: string;
  readonly offset: number | null;
  readonly file?: string | null;
}

interface ExpectedEntry {
  readonly offset: number;
  readonly bytes: number;
  readonly kind: string;
  readonly decoded: unknown;
  readonly file?: string;
  readonly time?: string;
}

export interface ExpectedLog {
  readonly schema: 1;
  readonly engine: Engine;
  readonly file?: string;
  readonly group?: string;
  readonly files?: readonly { readonly file: string }[];
  readonly entries: readonly ExpectedEntry[];
  readonly verdict: Place & { readonly alsoAccept?: readonly Place[] };
}

export function isExpectedLog(recorded: object): recorded is ExpectedLog {
  return 'engine' in recorded && 'verdict' in recorded && 'entries' in recorded;
}

/** `path`: of the expectation; the log is in the same folder. */
export function judgeLog(path: string, expected: ExpectedLog): CaseResult {
  const folder = dirname(path);
  const inspection =
    expected.file === undefined
      ? inspectCometbftGroup((expected.files ?? []).map(({ file }) => ({ name: file, bytes: readFileSync(join(folder, file)) })))
      : inspectLog(expected.file, readFileSync(join(folder, expected.file)), expected.engine);
  return compare(inspection, expected);
}

function compare({ entries, verdict }: Inspection, expected: ExpectedLog): CaseResult {
  const comparison = new Comparison();
  const notOk = (at: number, wanted: unknown, got: unknown): CaseResult => {
    comparison.fail(at, wanted, got);
    return comparison;
  };
  const isSame = (place: Place): boolean =>
    place.status === verdict.status && place.offset === verdict.offset && (place.file ?? null) === (verdict.file ?? null);
  const accepted = [expected.verdict, ...(expected.verdict.alsoAccept ?? [])];
  if (!accepted.some(isSame)) return notOk(expected.entries.length, accepted.map(textOf), textOf(verdict));
  // An alternative that stops earlier is not asked for what follows.
  const wanted = expected.entries.filter(
    ({ offset }) => verdict.file != null || verdict.offset === null || offset < verdict.offset,
  );
  for (const [index, want] of wanted.entries()) {
    const got = entries[index];
    const seen = { ...pick(got), time: instant(got?.time) };
    const asked = { ...pick(want), time: instant(want.time) };
    if (canonical(seen) !== canonical(asked)) return notOk(index, asked, seen);
  }
  comparison.count('entries', wanted.length);
  return entries.length === wanted.length ? comparison : notOk(wanted.length, wanted.length, entries.length);
}

function pick(entry: ExpectedEntry | undefined): Partial<ExpectedEntry> {
  if (entry === undefined) return {};
  const { offset, bytes, kind, decoded, file } = entry;
  return { offset, bytes, kind, decoded, ...(file === undefined ? {} : { file }) };
}

/** Without trailing zeros of its fraction. */
function instant(time: string | undefined): string {
  return (time ?? '').replace(/\.?0*Z$/, 'Z');
}

/** Keys in their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

function textOf({ status, offset, file }: Place): string {
  return `${status}${file == null ? '' : ` in ${file}`}${offset === null ? '' : ` at ${offset}`}`;
}
