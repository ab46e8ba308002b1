/**
 * Lines of strace, parsed: system calls with begin and end by their order in the file. With `-xx` every text is written in hexadecimal, so commas, quotes and
 * brackets always belong to the syntax.
 */

export interface SystemCall {
  readonly thread: number;
  readonly name: string;
  readonly args: readonly string[];
  /** After the `=`: a number, `3</path>`, `-1 ENOENT (...)`, or `?`. */
  readonly result: string;
  readonly begin: number;
  /** Infinity if the call never returned. */
  readonly end: number;
}

export function systemCalls(lines: Iterable<string>): readonly SystemCall[] {
  const calls: SystemCall[] = [];
  /** By thread, the place of its unfinished call in `calls`. */
  const unfinished = new Map<number, number>();
  let order = 0;
  for (const line of lines) {
    order += 1;
    const [, pid, rest] = /^(\d+)\s+[\d.]+\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || rest === undefined) continue;
    const thread = Number(pid);
    const resumed = /^<\.\.\. \w+ resumed>,?\s?(.*)$/.exec(rest);
    if (resumed !== null) {
      const place = unfinished.get(thread);
      unfinished.delete(thread);
      const begun = place === undefined ? undefined : calls[place];
      if (place === undefined || begun === undefined) continue;
      const [args, result] = argumentsOf(resumed[1] ?? '');
      calls[place] = { ...begun, args: [...begun.args, ...args], result, end: order };
      continue;
    }
    const [, name, tail] = /^(\w+)\((.*)$/.exec(rest) ?? [];
    if (name === undefined || tail === undefined) continue;
    if (tail.endsWith('<unfinished ...>')) {
      unfinished.set(thread, calls.length);
      const [args] = argumentsOf(tail.slice(0, -'<unfinished ...>'.length));
      calls.push({ thread, name, args, result: '?', begin: order, end: Number.POSITIVE_INFINITY });
    } else {
      const [args, result] = argumentsOf(tail);
      calls.push({ thread, name, args, result, begin: order, end: order + 0.5 });
    }
  }
  return calls;
}

/** Arguments up to the closing bracket, and what follows the `=`. */
function argumentsOf(text: string): readonly [readonly string[], string] {
  const args: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '(' || sign === '[' || sign === '{') depth += 1;
    else if (sign === ')' && depth === 0) {
      pushTrimmed(args, text.slice(start, at));
      return [args, text.slice(at + 1).replace(/^\s*=\s*/, '')];
    } else if (sign === ')' || sign === ']' || sign === '}') depth -= 1;
    else if (sign === ',' && depth === 0) {
      pushTrimmed(args, text.slice(start, at));
      start = at + 1;
    }
  }
  pushTrimmed(args, text.slice(start));
  return [args, '?'];
}

function pushTrimmed(args: string[], text: string): void {
  const trimmed = text.trim();
  if (trimmed !== '') args.push(trimmed);
}

/** The bytes of a text argument; undefined if strace has cut it, or if it is no text. */
export function textBytes(argument: string | undefined): Uint8Array | undefined {
  const [, hex] = /^"((?:\\x[0-9a-f]{2})*)"$/.exec(argument ?? '') ?? [];
  return hex === undefined ? undefined : new Uint8Array(Buffer.from(hex.replaceAll('\\x', ''), 'hex'));
}

/** A descriptor and the path that strace shows beside it: `3<\x2f...>` or `AT_FDCWD<...>`. */
export function descriptorOf(argument: string | undefined): { readonly fd: number; readonly path: string } | undefined {
  const [, fd, hex] = /^(-?\d+|AT_FDCWD)(?:<((?:\\x[0-9a-f]{2})*)>.*)?$/.exec(argument ?? '') ?? [];
  if (fd === undefined) return undefined;
  const path = Buffer.from((hex ?? '').replaceAll('\\x', ''), 'hex').toString();
  return { fd: fd === 'AT_FDCWD' ? -100 : Number(fd), path };
}
