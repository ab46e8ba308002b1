/** A record without some files, of which its user says that nothing reads them after a restart, such as an index in mapped memory. */
import type { Call, Folder, ProgramRecord } from './calls.ts';

/** `patterns`: names of files, with `*` for any part of a name. */
export function withoutFiles<Recorded extends ProgramRecord>(record: Recorded, patterns: readonly string[]): Recorded {
  if (patterns.length === 0) return record;
  const tests = patterns.map((pattern) => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`));
  const isLeftOut = (path: string): boolean => tests.some((test) => test.test(path.slice(path.lastIndexOf('/') + 1)));
  const kept = (folder: Folder): Folder => new Map([...folder].filter(([path]) => !isLeftOut(path)));
  const calls = record.calls.filter(({ call }) => !pathsOf(call).some(isLeftOut));
  return { ...record, before: kept(record.before), after: kept(record.after), calls };
}

function pathsOf(call: Call): readonly string[] {
  if ('path' in call && call.path !== undefined) return [call.path];
  return 'from' in call ? [call.from, call.to] : [];
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
}
