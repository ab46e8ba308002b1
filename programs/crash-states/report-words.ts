/** A report of crash states in words: the verdict, what fails with its cause, and the certificate of what was tried. */
import type { Entry } from '../recording/calls.ts';
import type { Finding } from './findings.ts';
import type { FileSystemResult, StatesReport } from './judge.ts';

export function reportLines(report: StatesReport): readonly string[] {
  const { verdict, reasons, findings, operations, acknowledged } = report;
  const count = `${plural(operations, 'operation')}, ${plural(acknowledged, 'acknowledgement')}`;
  if (verdict === 'undecided' || verdict === 'untested')
    return [`${verdict}: ${count}`, ...reasons.map((reason) => `  ${reason}`)];
  return [`${verdict}: ${count}`, ...findings.flatMap(findingLines), ...certificateLines(report)];
}

function findingLines({ complaint, fileSystems, acknowledged, losses, folder, token }: Finding): readonly string[] {
  const held = [...folder]
    .filter(([, entry]) => entry.type !== 'folder')
    .map(([path, entry]) => `${path} ${contentWords(entry)}`);
  return [
    `  ${complaint}`,
    `    on            ${fileSystems.join(', ')}`,
    ...losses.map((loss, index) => `    ${index === 0 ? 'because' : '       '}       ${loss}`),
    `    acknowledged  ${acknowledged.length === 0 ? 'nothing yet' : shortened(acknowledged.map((value) => textOf(value)).join(', '), 160)}`,
    `    on the disk   ${held.length === 0 ? 'nothing' : held.slice(0, 4).join('; ')}${held.length > 4 ? `; ${held.length - 4} more` : ''}`,
    `    state         ${token}`,
  ];
}

/** How many states were tried, and which bound they are complete within. */
function certificateLines({ states, recoveries, fileSystems }: StatesReport): readonly string[] {
  return [
    `  ${plural(states, 'state')} of the disk, ${plural(recoveries, 'recovery', 'recoveries')}`,
    ...fileSystems.map((result) => `    ${result.fileSystem.padEnd(14)}${certificate(result)}`),
  ];
}

function certificate({ states, judged, failing, bound }: FileSystemResult): string {
  const rule =
    bound === 'every'
      ? 'every combination of whole, lost and torn operations'
      : bound === 'some'
        ? 'some prefixes of the operations, not all (allow more with --states)'
        : `every prefix, with up to ${plural(bound, 'operation')} of the newest 16 lost or torn`;
  return `${failing === 0 ? 'held' : `${failing} failing`}: ${plural(states, 'state')}, ${judged} judged; ${rule}`;
}

function contentWords(entry: Entry): string {
  if (entry.type === 'folder') return '(folder)';
  if (entry.type === 'link') return `-> ${entry.target}`;
  const { bytes } = entry;
  if (bytes.length === 0) return '(empty)';
  if (bytes.every((byte) => byte === 0)) return `(${plural(bytes.length, 'zero byte')})`;
  const text = Buffer.from(bytes.subarray(0, 60)).toString('latin1');
  const isText = /^[\t\n\r\x20-\x7e]*$/.test(text);
  return isText ? `${JSON.stringify(text)}${bytes.length > 60 ? `... (${bytes.length} bytes)` : ''}` : `(${bytes.length} bytes)`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}...`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
