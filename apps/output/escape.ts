/**
 * Makes text from users, files and other programs safe to print, for every form of output. Characters that would do something (end a line, move the cursor,
 * change the direction, end a field) are shown as escapes.
 */

/** Controls, line and paragraph separators, characters that turn or hide text, byte order marks, and halves of surrogate pairs. */
const active = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Escapes so that the text stays on one line. The escapes are those of JSON strings. */
export function visible(text: string): string {
  return text.replace(active, escapeOf);
}

/** The same, but `\n` stays. */
export function visibleLines(text: string): string {
  return text.replace(active, (char) => (char === '\n' ? char : escapeOf(char)));
}

function escapeOf(char: string): string {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at).toString(16).padStart(4, '0'));
  return short[char] ?? units.map((unit) => `\\u${unit}`).join('');
}

/** A copy of plain data in which every string and key is escaped by `visible`, to be printed for people. */
export function shown<Value>(value: Value): Value {
  if (typeof value === 'string') return visible(value) as Value;
  if (Array.isArray(value)) return value.map(shown) as Value;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [visible(name), shown(field)])) as Value;
}

/** The colours of this command (terminal.ts), and no other sequence for terminals. */
const ownColours = new RegExp(`(${String.fromCharCode(27)}\\[(?:2|22|31|32|39)m)`);

/**
 * Escapes what leaves the command on the standard output or error: only line breaks and its own colours act. No line can be a command to GitHub Actions
 * (`::error::`, `##[group]`). The reporter for GitHub writes its commands without this function.
 */
export function printed(text: string, hasColours: boolean): string {
  const parts = hasColours ? text.split(ownColours) : [text];
  const safe = parts.map((part) => (hasColours && ownColours.test(part) ? part : visibleLines(part))).join('');
  return safe.replace(/^(\s*)(::|##\[)/gm, '$1\\$2');
}

/**
 * Escapes text for elements and attributes of XML 1.0. Line breaks become references, because a reader turns bare ones in attributes into blanks. Characters
 * that XML does not allow become question marks.
 */
export function xml(text: string): string {
  return text.replace(xmlSigns, xmlSign);
}

const xmlSigns = new RegExp(`${active.source}|[&<>"\\ufffe\\uffff]`, 'gu');
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function xmlSign(char: string): string {
  return entities[char] ?? (isInXml(char) ? `&#${char.codePointAt(0)};` : '?');
}

/** The description of a test point of TAP, which ends where the line does. */
export function tapDescription(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' ')).replaceAll(/[\\#]/g, '\\$&');
}

/** A quoted scalar of YAML, also of JSON. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(active, escapeOf);
}

/** As GitHub's own toolkit escapes (actions/toolkit, command.ts); other active characters become escapes. */
export function githubData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A').replace(active, escapeOf);
}

export function githubProperty(text: string): string {
  return githubData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A cell of a table in Markdown. */
export function markdownCell(text: string): string {
  return text
    .replaceAll(/[\\|`*_[\]~!]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\r\n|[\r\n]/g, '<br>')
    .replace(active, escapeOf);
}

/** Words of a sequence diagram of Mermaid, in which `#` begins an entity and `;` ends a line. */
export function mermaidText(text: string): string {
  return visible(text).replace(/[^\p{L}\p{N} .,()'/@~+=*-]/gu, (char) => `#${char.codePointAt(0)};`);
}

/** https://www.w3.org/TR/xml, 2.2 Characters. */
function isInXml(char: string): boolean {
  return /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u.test(char);
}
