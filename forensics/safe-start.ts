/**
 * Decides whether each node of an incident may start: it may sign, must abstain until a height, or must never start. Its own log is not enough: if other logs
 * contain statements of the node that its own does not, its log has lost them.
 *
 * Source of the rules: docs/formats/wal.md and docs/decisions/0008. The height of a node whose log says nothing is the highest that any other
 * names, plus one.
 */
import { isQuorum } from '../actors/tendermint/index.ts';
import type { Evidence } from './evidence.ts';
import { allows } from './last-sign-state.ts';
import { type Conflict, isSame, type Statement } from './statements.ts';

export interface SafeStart {
  readonly verdict: 'sign' | 'abstain' | 'never';
  /** The last height that is followed without voting. Null: `sign` and `never`; and `abstain` while nobody has named a height. */
  readonly until: number | null;
  readonly reason: string;
  readonly remedy: string;
  /** The statements of this node that are in other logs, and not in its own. */
  readonly lost: readonly Statement[];
}

/** All nodes of the incident, and their conflicts. */
export interface Incident {
  readonly nodes: readonly Evidence[];
  readonly conflicts: readonly Conflict[];
}

const restart = 'Start it as it is.';
const abstainRemedy = 'Start it with `onCorrupt: abstain`, or without its key, and give it the key when that height is decided.';
const askRemedy =
  'Give the folders of more nodes, or start it with `onCorrupt: abstain`: it asks its peers, and waits for more than 2/3 of the power.';

export function safeStart(node: Evidence, incident: Incident): SafeStart {
  const lost = lostBy(node, incident.nodes);
  const judged = judge(node, incident, lost);
  return { ...judged, lost };
}

type Judged = Omit<SafeStart, 'lost'>;

function judge(node: Evidence, incident: Incident, lost: readonly Statement[]): Judged {
  return (
    twoVersions(node, incident.conflicts) ??
    twoFolders(node, incident.nodes) ??
    ofLog(node, incident.nodes, Math.max(0, ...lost.map(({ height }) => height)), lost)
  );
}

function twoVersions({ owner }: Evidence, conflicts: readonly Conflict[]): Judged | undefined {
  const [first] = conflicts.filter(({ signer }) => signer === owner);
  if (owner === undefined || first === undefined) return undefined;
  const { type, height, round } = first;
  const reason = `its key has signed two versions of its ${type} of height ${height}, round ${round}: nothing it signs binds anybody`;
  return {
    verdict: 'never',
    until: null,
    reason,
    remedy: 'Retire the key. Find out what lost the first version before the node gets a new one.',
  };
}

function twoFolders(node: Evidence, nodes: readonly Evidence[]): Judged | undefined {
  const other = nodes.find(({ owner, folder }) => owner !== undefined && owner === node.owner && folder !== node.folder);
  if (other === undefined) return undefined;
  const reason = `${other.folder} is a folder of ${node.owner} too: a key that signs in two places signs two versions`;
  return {
    verdict: 'never',
    until: null,
    reason,
    remedy: 'Decide which folder is the newest, move the others away, and ask again.',
  };
}

function ofLog(node: Evidence, nodes: readonly Evidence[], lostUntil: number, lost: readonly Statement[]): Judged {
  const { start } = node;
  switch (start.type) {
    case 'never':
      return { verdict: 'never', until: null, reason: start.reason, remedy: `${start.remedy}.` };
    case 'unknown':
      return nothingKnown(node, nodes, lostUntil);
    case 'abstain':
      return { verdict: 'abstain', until: Math.max(start.until, lostUntil), reason: start.reason, remedy: abstainRemedy };
    case 'sign': {
      const [first] = lost;
      if (first === undefined) return { verdict: 'sign', until: null, reason: start.reason, remedy: restart };
      const words = lost.length === 1 ? 'a statement' : `${lost.length} statements`;
      const reason = `its log has lost ${words} that ${first.seen.node} holds, first ${wordsOf(first)}: durable bytes were lost without a trace`;
      return { verdict: 'abstain', until: lostUntil, reason, remedy: abstainRemedy };
    }
  }
}

/** The rule of a lost log: the highest height that any of more than 2/3 names, plus one. */
function nothingKnown(node: Evidence, nodes: readonly Evidence[], lostUntil: number): Judged {
  const { start, folder, owner } = node;
  const others = nodes.filter((other) => other.folder !== folder && other.storedHeight !== null);
  const named = others.map(({ storedHeight }) => (storedHeight ?? 0) + 1);
  const highest = Math.max(0, ...named);
  const powers = nodes.find((other) => other.powers !== undefined)?.powers;
  const reached = powers === undefined ? undefined : hasQuorum(others, powers, owner);
  if (others.length === 0 || reached === false) {
    const answered = `${others.length} other ${others.length === 1 ? 'folder names' : 'folders name'} a height`;
    return {
      verdict: 'abstain',
      until: null,
      reason: `${start.reason}. ${answered}, and that is not more than 2/3 of the power`,
      remedy: askRemedy,
    };
  }
  const caveat = reached === undefined ? ', if the other folders are of more than 2/3 of the voting power' : '';
  const reason = `${start.reason}. The highest height that the others name is ${highest}${caveat}`;
  return { verdict: 'abstain', until: Math.max(highest + 1, lostUntil), reason, remedy: abstainRemedy };
}

function hasQuorum(others: readonly Evidence[], powers: ReadonlyMap<string, number>, self: string | undefined): boolean {
  const names = new Set(others.map(({ owner }) => owner).filter((name) => name !== undefined && name !== self));
  const total = [...powers.values()].reduce((sum, power) => sum + power, 0);
  const power = [...powers].reduce((sum, [name, own]) => (names.has(name) ? sum + own : sum), 0);
  return isQuorum(power, total);
}

/** What others hold of this node and a restart would not know, each statement once. */
function lostBy(node: Evidence, nodes: readonly Evidence[]): readonly Statement[] {
  const { owner, folder, storedHeight, restored, lastSign } = node;
  if (owner === undefined) return [];
  const lost: Statement[] = [];
  for (const statement of nodes.filter((other) => other.folder !== folder).flatMap(({ statements }) => statements)) {
    if (statement.signer !== owner || lost.some((known) => isSame(known, statement))) continue;
    const isKept =
      lastSign !== undefined
        ? !allows(lastSign, statement)
        : statement.height <= (storedHeight ?? 0) || restored.some((known) => isSame(known, statement));
    if (!isKept) lost.push(statement);
  }
  return lost.sort((a, b) => a.height - b.height || a.round - b.round);
}

/** `its prevote for 7f3a at height 5, round 0`. */
export function wordsOf({ type, value, height, round }: Pick<Statement, 'type' | 'value' | 'height' | 'round'>): string {
  return `its ${type} for ${value ?? 'nil'} at height ${height}, round ${round}`;
}
