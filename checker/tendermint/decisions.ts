/** Properties of decisions: agreement, validity, the bytes of a value, and the commit certificate. `integrity` is in its own file. */
import type { Monitor, Property, RunEvent, Setting } from '../../core/events.ts';
import { emptyTable, fromHeight, type HeightTable, heightEntry, withHeight } from '../../core/height-table.ts';
import { deepEqual } from '../deep-equal.ts';
import { type Judged, unjudged as nothingJudged, relevantOf, verdictOf, withViolation } from '../judged.ts';
import type { Statement } from './decode.ts';
import { integrity } from './integrity.ts';
import { signersIn } from './keys.ts';
import { noProgress, type Progress, progressAfter } from './progress.ts';
import { type DecisionSeen, decisionSeen, ownStatements, whereDecided, whereSigned } from './statements.ts';

interface DecisionMemory<Entry> extends Judged {
  readonly progress: Progress;
  readonly heights: HeightTable<Entry>;
}

const noDecision = 'nobody decided';

/** Drops what is known of heights that all nodes have decided. A later decision there is judged only by `agreement`, which keeps all heights. */
function settled<Entry>(memory: DecisionMemory<Entry>, event: RunEvent, setting: Setting): DecisionMemory<Entry> {
  const progress = progressAfter(memory.progress, event, setting);
  if (progress === memory.progress) return memory;
  return { ...memory, progress, heights: fromHeight(memory.heights, progress.lowest) };
}

interface Agreed extends Judged {
  /** The first decision of each height. It is kept for the whole run: a node that lost its disk may decide any height again. */
  readonly heights: HeightTable<{ readonly node: string; readonly value: string }>;
}

/** All correct nodes decide the same value at a height, over all their lives. */
function agreement(): Monitor<Agreed> {
  return {
    watches: whereDecided,
    start: { ...nothingJudged, heights: emptyTable },
    look: (memory, event, observer) => {
      const seen = decisionSeen(event);
      if (seen === undefined || observer.isFaulty(seen.node)) return memory;
      const { node, height, value } = seen;
      const { violations } = memory;
      const first = heightEntry(memory.heights, height);
      if (first === undefined)
        return { violations, isExercised: true, heights: withHeight(memory.heights, height, { node, value }) };
      if (first.value === value) return memory;
      const message = `at height ${height} ${first.node} decided ${first.value} and ${node} decided ${value}`;
      return withViolation(memory, { message, event: event.index, nodes: [first.node, node], height });
    },
    finish: (memory) => verdictOf(memory, noDecision),
    relevant: relevantOf,
  };
}

interface DecisionRule<Entry> {
  /** Adds a statement to what is known of its height. Returns the same object if it adds nothing. */
  note(known: Entry | undefined, statement: Statement): Entry | undefined;
  /** Says what is wrong with a decision; undefined if nothing is. */
  complaint(seen: DecisionSeen, known: Entry | undefined, setting: Setting): string | undefined;
}

function decisionMonitor<Entry>(setting: Setting, rule: DecisionRule<Entry>): Monitor<DecisionMemory<Entry>> {
  const signerOf = signersIn(setting);
  return {
    watches: [...whereSigned, ...whereDecided],
    start: { ...nothingJudged, progress: noProgress(setting), heights: emptyTable },
    look: (memory, event) => {
      let next = memory;
      for (const { statement } of ownStatements(event, signerOf)) {
        if (statement.height < next.progress.lowest) continue;
        const known = heightEntry(next.heights, statement.height);
        const entry = rule.note(known, statement);
        if (entry === known || entry === undefined) continue;
        next = { ...next, heights: withHeight(next.heights, statement.height, entry) };
      }
      const seen = decisionSeen(event);
      if (seen === undefined) return next;
      const { node, height, value } = seen;
      const isForgotten = height < next.progress.lowest;
      const complaint = isForgotten ? undefined : rule.complaint(seen, heightEntry(next.heights, height), setting);
      const after = settled({ ...next, isExercised: true }, event, setting);
      if (complaint === undefined) return after;
      const message = `${node} decided ${value} at height ${height}: ${complaint}`;
      return withViolation(after, { message, event: event.index, nodes: [node], height });
    },
    finish: (memory) => verdictOf(memory, noDecision),
    relevant: relevantOf,
  };
}

interface Proposed {
  readonly height: number;
  readonly value: string;
  readonly data: Uint8Array;
}

/** The proposal that this event sends, if its sender is its proposer. A proposal that another node forwards does not count. */
function proposedIn(event: RunEvent, signer: string): Proposed | undefined {
  if (event.type !== 'effect' || event.effect.type !== 'transmit' || event.effect.data.type !== 'proposal') return undefined;
  const { proposer, height, value, data } = event.effect.data as unknown as Partial<Proposed> & { readonly proposer?: unknown };
  if (proposer !== signer || height === undefined || value === undefined || !(data instanceof Uint8Array)) return undefined;
  return { height, value, data };
}

/** For each value: all bytes that its proposer sent with it. If a liar sent a value with different bytes, any of them may be decided. */
type Bytes = Readonly<Record<string, readonly Uint8Array[]>>;

/** The key of a value. The prefix makes a value such as `constructor` an ordinary key. */
const keyOf = (value: string): string => `= ${value}`;

/** The decided bytes are bytes that were proposed. Signatures cover only the id of a value, so its bytes may be replaced on the way. */
function decidedBytes(setting: Setting): Monitor<DecisionMemory<Bytes>> {
  const signerOf = signersIn(setting);
  return {
    watches: ['effect transmit', ...whereDecided],
    start: { ...nothingJudged, progress: noProgress(setting), heights: emptyTable },
    look: (memory, event, observer) => {
      const proposed = proposedIn(event, signerOf(event.node));
      if (proposed !== undefined) return withProposed(memory, proposed);
      const seen = decisionSeen(event);
      if (seen === undefined) return memory;
      const { node, height, value, data } = seen;
      const known = heightEntry(memory.heights, height)?.[keyOf(value)];
      const after = settled({ ...memory, isExercised: memory.isExercised || known !== undefined }, event, setting);
      if (known === undefined || observer.isFaulty(node) || known.some((bytes) => deepEqual(bytes, data))) return after;
      const message = `${node} decided ${value} at height ${height} with bytes that nobody proposed as that value`;
      return withViolation(after, { message, event: event.index, nodes: [node], height });
    },
    finish: (memory) => verdictOf(memory, noDecision),
    relevant: relevantOf,
  };
}

function withProposed(memory: DecisionMemory<Bytes>, { height, value, data }: Proposed): DecisionMemory<Bytes> {
  if (height < memory.progress.lowest) return memory;
  const before = heightEntry(memory.heights, height) ?? {};
  const known = before[keyOf(value)] ?? [];
  if (known.some((bytes) => deepEqual(bytes, data))) return memory;
  return { ...memory, heights: withHeight(memory.heights, height, { ...before, [keyOf(value)]: [...known, data] }) };
}

/** A decided value was proposed by some validator, and is valid. The memory of a height holds its proposed values. */
const validity: DecisionRule<readonly string[]> = {
  note: (known, { kind, value }) => {
    if (kind !== 'proposal' || value === null || known?.includes(value) === true) return known;
    return [...(known ?? []), value];
  },
  complaint: ({ value }, proposed) => {
    if (value.startsWith('invalid')) return 'the value is invalid';
    return proposed?.includes(value) === true ? undefined : 'nobody proposed it';
  },
};

/** The validators that signed a precommit, by round and value. */
type Precommits = readonly { readonly round: number; readonly value: string | null; readonly signers: readonly string[] }[];

/** The commit certificate names a quorum, and each named validator has signed that precommit. */
const certificate: DecisionRule<Precommits> = {
  note: (known = [], { kind, signer, round, value }) => {
    if (kind !== 'precommit') return known;
    const place = known.findIndex((one) => one.round === round && one.value === value);
    const signers = known[place]?.signers;
    if (signers === undefined) return [...known, { round, value, signers: [signer] }];
    return signers.includes(signer) ? known : known.with(place, { round, value, signers: [...signers, signer] });
  },
  complaint: ({ height, round, value, signers }, precommits = [], { powers }) => {
    const at = powers(height);
    const named = [...new Set(signers)];
    const power = named.reduce((sum, validator) => sum + (at.get(validator) ?? 0), 0);
    const total = [...at.values()].reduce((sum, one) => sum + one, 0);
    if (3 * power <= 2 * total) return `its certificate carries power ${power} of ${total}, which is no quorum`;
    const signed = new Set(precommits.find((one) => one.round === round && one.value === value)?.signers);
    const forged = named.find((validator) => !signed.has(validator));
    return forged === undefined ? undefined : `its certificate names ${forged}, which never signed that precommit`;
  },
};

export const decisionProperties: readonly Property[] = [
  {
    name: 'agreement',
    says: 'correct nodes decide one value at a height, in all of their lives',
    hint: 'look for a vote that was forgotten, or for faulty power of a third or more',
    monitor: agreement,
  },
  {
    name: 'validity',
    says: 'a decided value was proposed, and is valid',
    hint: 'a value must be judged by the application before it is voted for',
    monitor: (setting) => decisionMonitor(setting, validity),
  },
  {
    name: 'decided-bytes',
    says: 'the bytes of a decided value are those with which it was proposed',
    hint: 'signatures cover the id of a value: what comes with it must be compared with the id',
    monitor: decidedBytes,
  },
  integrity,
  {
    name: 'certificate',
    says: 'each commit certificate carries a quorum of precommits that were signed',
    hint: 'a commit certificate counts each validator once, with the power it has at that height',
    monitor: (setting) => decisionMonitor(setting, certificate),
  },
];
