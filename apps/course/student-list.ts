/**
 * The list of a course's students: CSV as in RFC 4180, with a first line that names the columns. `name` (or `identifier`, as a roster of GitHub Classroom
 * calls it) is required, `id` is optional, others are ignored. All mistakes are reported at once, each with line and column.
 */

export interface Student {
  readonly name: string;
  /** Distinguishes students of one name; empty if the list has no such column. */
  readonly id: string;
}

/** A mistake in the list; line and column count from 1, columns in signs. */
interface Mistake {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface Field {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

type Row = readonly Field[];

const mostStudents = 10_000;
const longestName = 200;

/** The students, in the order of the list, or what is wrong with it: `list.csv:3:7: ...`, by place. */
export function studentsOf(
  bytes: Uint8Array,
  file: string,
): { readonly students: readonly Student[]; readonly mistakes: readonly string[] } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { students: [], mistakes: [`${file}:1:1: this is not UTF-8; save the list as "CSV UTF-8"`] };
  }
  const mistakes: Mistake[] = [];
  const [header, ...rows] = rowsOf(text, mistakes);
  const students = header === undefined ? [] : readRows(header, rows, mistakes);
  if (header === undefined) mistakes.push({ line: 1, column: 1, message: `the list is empty; ${firstLine}` });
  else if (rows.length === 0) mistakes.push({ line: 2, column: 1, message: 'there is no student; write one on each line' });
  else if (rows.length > mostStudents)
    mistakes.push({ line: 1, column: 1, message: `${rows.length} students are too many (at most ${mostStudents})` });
  const byPlace = [...mistakes].sort((a, b) => a.line - b.line || a.column - b.column);
  return { students, mistakes: byPlace.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`) };
}

const firstLine = 'its first line names the columns, such as name,id';
const neverClosed = 'this quote is never closed';
const nameColumns: readonly string[] = ['name', 'identifier'];

function readRows(header: Row, rows: readonly Row[], mistakes: Mistake[]): readonly Student[] {
  const columns = header.map(({ text }) => text.trim().toLowerCase());
  const start = header[0] as Field;
  const named = nameColumns.map((one) => columns.indexOf(one)).find((at) => at !== -1) ?? -1;
  const identified = columns.indexOf('id');
  if (named === -1) mistakes.push({ ...placeOf(start), message: `no column is called name; ${firstLine}` });
  for (const [at, field] of header.entries())
    if (columns.indexOf(columns[at] ?? '') !== at)
      mistakes.push({ ...placeOf(field), message: `a second column is called ${JSON.stringify(field.text)}` });
  const seen = new Map<string, number>();
  // A quote that is never closed takes in the rest of the list: its line has no number of fields.
  const isOpen = mistakes.some(({ message }) => message === neverClosed);
  return rows.map((row, index): Student => {
    const first = row[0] as Field;
    if (row.length !== header.length && !(isOpen && index === rows.length - 1))
      mistakes.push({
        ...placeOf(row[header.length] ?? first),
        message: `expected ${header.length} ${header.length === 1 ? 'field' : 'fields'} as in the first line, found ${row.length}; a name with a comma needs quotes`,
      });
    const read = (at: number, what: string): string => (at === -1 ? '' : checked(row[at], what, mistakes));
    const student = { name: read(named, 'name'), id: read(identified, 'id') };
    const field = row[identified === -1 ? named : identified];
    const key = keyOf(student);
    const before = seen.get(key);
    if (field !== undefined && key !== '' && before !== undefined)
      mistakes.push({
        ...placeOf(field),
        message:
          identified === -1
            ? `the same name as on line ${before}; remove it, or add a column id that distinguishes the two`
            : `the same id as on line ${before}`,
      });
    else seen.set(key, first.line);
    return student;
  });
}

/** Equal keys are one student: the id where there is one, else the name. */
export function keyOf({ name, id }: Student): string {
  return id === '' ? name : id;
}

/** A field in the normal form of Unicode, without blanks around it. */
function checked(field: Field | undefined, what: string, mistakes: Mistake[]): string {
  if (field === undefined) return '';
  const text = field.text.normalize('NFC').trim();
  if (text === '') mistakes.push({ ...placeOf(field), message: `the ${what} is empty` });
  else if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text))
    mistakes.push({ ...placeOf(field), message: `the ${what} has a control character or a line break in it; remove it` });
  else if (text.length > longestName)
    mistakes.push({ ...placeOf(field), message: `the ${what} has ${text.length} signs (at most ${longestName})` });
  return text;
}

function placeOf({ line, column }: Field): { readonly line: number; readonly column: number } {
  return { line, column };
}

/** The rows that hold anything. What is wrong with quotes is added to the mistakes, and reading goes on. */
function rowsOf(text: string, mistakes: Mistake[]): readonly Row[] {
  const rows: Row[] = [];
  const signs = Array.from(text.startsWith('\ufeff') ? text.slice(1) : text);
  let [line, column, at] = [1, 1, 0];
  const step = (): string => {
    const sign = signs[at] ?? '';
    at += 1;
    if (sign === '\n' || (sign === '\r' && signs[at] !== '\n')) [line, column] = [line + 1, 1];
    else column += 1;
    return sign;
  };
  const isEnd = (): boolean => at >= signs.length || signs[at] === '\n' || signs[at] === '\r';
  const readQuoted = (start: { readonly line: number; readonly column: number }): string => {
    let found = '';
    step();
    while (at < signs.length) {
      const sign = step();
      if (sign !== '"') found += sign;
      else if (signs[at] === '"') found += step();
      else return found;
    }
    mistakes.push({ ...start, message: neverClosed });
    return found;
  };
  const readField = (): Field => {
    const start = { line, column };
    const isQuoted = signs[at] === '"';
    let found = isQuoted ? readQuoted(start) : '';
    let isWrong = false;
    while (!isEnd() && signs[at] !== ',') {
      if (!isWrong && isQuoted)
        mistakes.push({ line, column, message: 'after the closing quote comes more text; write a quote within a field twice' });
      else if (!isWrong && signs[at] === '"')
        mistakes.push({ line, column, message: 'a quote within a field; put the field in quotes, and write this one twice' });
      isWrong ||= isQuoted || signs[at] === '"';
      found += step();
    }
    return { text: found, ...start };
  };
  while (at < signs.length) {
    const row = [readField()];
    while (signs[at] === ',') {
      step();
      row.push(readField());
    }
    if (signs[at] === '\r' && signs[at + 1] === '\n') step();
    step();
    if (row.length > 1 || row[0]?.text.trim() !== '') rows.push(row);
  }
  return rows;
}
