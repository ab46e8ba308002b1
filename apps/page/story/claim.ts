/**
 * What a sentence claims of a run. Each sentence on the page carries its claim as data, so that a test can compare it with the run. A
 * sentence about a disk, or about something received or forgotten, is true of the node on screen, or the test is red.
 */

/** Something that happens to a node or to what it says; `what` is a label such as `prevote at 2.0` or `prevote(nil) at 2.0`. */
export interface Occurrence {
  readonly node: string;
  readonly is: 'said' | 'durable' | 'sent' | 'heard' | 'death' | 'restart';
  readonly what?: string;
  /** The node that heard it, for `heard`. */
  readonly by?: string;
}

interface Common {
  /** The row at which it is claimed. */
  readonly position: number;
  /** The opposite is claimed. */
  readonly not?: boolean;
}

export type Claim =
  /** A frame of the node is on its disk itself; `written` names the row that wrote it, where several are called the same. */
  | (Common & { readonly kind: 'durable'; readonly node: string; readonly what: string; readonly written?: number })
  /** A frame of the node was lost with the power (`*`: any), or, with `to`, a message on its way. */
  | (Common & { readonly kind: 'lost'; readonly node: string; readonly what: string; readonly to?: string })
  /** Each of these nodes has heard it of `node`; none named: anyone. */
  | (Common & { readonly kind: 'heard'; readonly node: string; readonly what: string; readonly by: readonly string[] })
  /** The node said it in an earlier life and does not know it in this one. */
  | (Common & { readonly kind: 'forgot'; readonly node: string; readonly what: string })
  /** The first has happened by now, and the second only later or not at all. */
  | (Common & { readonly kind: 'before'; readonly first: Occurrence; readonly second: Occurrence });

export type ClaimKind = Claim['kind'];

/** A sentence of the page. */
export interface Sentence {
  readonly text: string;
  readonly claims: readonly Claim[];
  /** It holds for every run, so it names no node. */
  readonly isRule?: boolean;
  /** The words of the run itself: an error message, an event. */
  readonly isQuoted?: boolean;
}

export const plain = (text: string): Sentence => ({ text, claims: [] });
export const claimed = (text: string, ...claims: readonly Claim[]): Sentence => ({ text, claims });
export const rule = (text: string): Sentence => ({ text, claims: [], isRule: true });
export const quoted = (text: string): Sentence => ({ text, claims: [], isQuoted: true });

/** Whether a label of a frame or message is what a claim names: with or without its value, the node's own or with its sender. */
export function isCalled(label: string, what: string): boolean {
  if (what === '*') return true;
  const named = label.replace(/^own /, '');
  return named === what || named.replace(/\(.*?\)/, '') === what;
}
