/** Properties of votes: no-equivocation, justified-vote and lock-discipline. */
import type { Monitor, Observer, Property, RunEvent, Setting, Verdict } from '../../core/events.ts';
import { emptyTable, fromHeight, type HeightTable, heightEntry, withHeight } from '../../core/height-table.ts';
import { perObject } from '../../core/per-object.ts';
import { type Judged, unjudged as nothingJudged, relevantOf, verdictOf, withViolation } from '../judged.ts';
import type { Statement } from './decode.ts';
import { holdersIn, isFaultyKey, signersIn } from './keys.ts';
import { noProgress, type Progress, progressAfter, unjudged } from './progress.ts';
import { ownStatements, type Sighting, text, whereDecided, whereSigned } from './statements.ts';
import { turnsIn } from './turns.ts';

/** The memory of a rule about votes: one entry for each height that some node has not decided yet. */
interface VoteMemory<Entry> extends Judged {
  readonly progress: Progress;
  readonly heights: HeightTable<Entry>;
}

interface VoteRule<Entry> {
  readonly unexercised: string;
  /** Judges a statement. Returns the new entry of its height, whether the rule applied, and what is wrong. `place` is the index of its key. */
  judge(entry: Entry | undefined, sighting: Sighting, place: number, isFaulty: (key: string) => boolean): Looked<Entry>;
}

interface Looked<Entry> {
  readonly entry: Entry | undefined;
  readonly isExercised: boolean;
  readonly wrong?: string;
}

/** A monitor that judges each statement of a node, with the memory of its height. */
function voteMonitor<Entry>(setting: Setting, rule: VoteRule<Entry>): Monitor<VoteMemory<Entry>> {
  const signerOf = signersIn(setting);
  const holders = holdersIn(setting);
  const places = new Map([...holders.keys()].map((key, place) => [key, place]));
  const watched = (memory: VoteMemory<Entry>, sighting: Sighting, event: RunEvent, observer: Observer): VoteMemory<Entry> => {
    const { height, signer } = sighting.statement;
    if (height < memory.progress.lowest) {
      const progress = observer.isFaulty(event.node) ? memory.progress : unjudged(memory.progress, sighting);
      return progress === memory.progress ? memory : { ...memory, progress };
    }
    const before = heightEntry(memory.heights, height);
    // The signer is the key of the event's own node, so it has an index.
    const place = places.get(signer) as number;
    const { entry, isExercised, wrong } = rule.judge(before, sighting, place, (key) => isFaultyKey(observer, setting, key));
    const heights = entry === undefined || entry === before ? memory.heights : withHeight(memory.heights, height, entry);
    const isNew = heights !== memory.heights || (isExercised && !memory.isExercised);
    const next = isNew
      ? { violations: memory.violations, isExercised: memory.isExercised || isExercised, progress: memory.progress, heights }
      : memory;
    if (wrong === undefined) return next;
    const { node, index } = event;
    const who = (holders.get(signer) ?? []).length > 1 ? `the key of ${signer}, here on ${node},` : node;
    return withViolation(next, { message: `${who} ${wrong}`, event: index, nodes: [node], height });
  };
  return {
    watches: [...whereSigned, ...whereDecided],
    start: { ...nothingJudged, progress: noProgress(setting), heights: emptyTable },
    look: (memory, event, observer) => {
      let next = memory;
      for (const sighting of ownStatements(event, signerOf)) next = watched(next, sighting, event, observer);
      const progress = progressAfter(next.progress, event, setting);
      if (progress === next.progress) return next;
      return { ...next, progress, heights: fromHeight(next.heights, progress.lowest) };
    },
    finish: (memory) => verdictOn(memory, rule.unexercised),
    relevant: relevantOf,
  };
}

function verdictOn(memory: VoteMemory<unknown>, unexercised: string): Verdict {
  const { violations, progress } = memory;
  if (violations.length > 0 || progress.unjudged === undefined) return verdictOf(memory, unexercised);
  return { verdict: 'undecided', violations, reason: `${progress.unjudged}; what was said there is forgotten` };
}

const placeOf = ({ height, round }: Statement): string => `at height ${height}, round ${round}`;

/** The statements of a height by the index of their key: one for each round and kind. */
type Said = readonly (readonly Once[] | undefined)[];

interface Once {
  readonly round: number;
  readonly kind: Statement['kind'];
  readonly text: string;
}

/** The list with `item` at index `place`. Missing items before it are undefined. */
function withPlace<Item>(list: readonly (Item | undefined)[], place: number, item: Item): readonly (Item | undefined)[] {
  const next = list.slice();
  while (next.length < place) next.push(undefined);
  next[place] = item;
  return next;
}

/** For each key, height, round and kind at most one signed message leaves, over all machines and lives. */
const noEquivocation: VoteRule<Said> = {
  unexercised: 'nobody voted',
  judge: (entry = [], { statement, hasLeft }, place, isFaulty) => {
    const { signer, kind, round } = statement;
    if (!hasLeft || isFaulty(signer)) return { entry, isExercised: false };
    const now = text(statement);
    const said = entry[place] ?? [];
    // The texts of a bare vote and of a vote in a certificate are equal. (A certificate holds votes only, and no proposal with a polRound.)
    const before = said.find((one) => one.round === round && one.kind === kind);
    if (before === undefined) return { entry: withPlace(entry, place, [...said, { round, kind, text: now }]), isExercised: true };
    if (before.text === now) return { entry, isExercised: true };
    return { entry, isExercised: true, wrong: `sent ${before.text} and then ${now} ${placeOf(statement)}` };
  },
};

/** What was signed at a height: proposals, prevotes, and the lock of each key, which is its newest precommit for a value that left. */
interface Polkas {
  /** Texts `round value` of the values that the proposer of the round has proposed. */
  readonly proposed: readonly string[];
  /** The keys that prevoted, by `round value`. */
  readonly prevotes: Readonly<Record<string, readonly string[]>>;
  /** The locks, by the index of the key. */
  readonly locks: readonly ({ readonly round: number; readonly value: string } | undefined)[];
}

const noPolkas: Polkas = { proposed: [], prevotes: {}, locks: [] };

/** Adds a prevote. Returns the same object if it is known already. */
function withStatement(known: Polkas, { signer, kind, round, value }: Statement): Polkas {
  if (kind !== 'prevote') return known;
  const { proposed, prevotes, locks } = known;
  const key = `${round} ${value}`;
  const others = prevotes[key] ?? [];
  if (others.includes(signer)) return known;
  return { proposed, prevotes: { ...prevotes, [key]: [...others, signer] }, locks };
}

/** The voting power of a set of validators. */
const totalOf = perObject((powers: ReadonlyMap<string, number>): number => {
  let total = 0;
  for (const power of powers.values()) total += power;
  return total;
});

function hasPolka(
  { prevotes }: Polkas,
  { powers }: Setting,
  { height, round, value }: Pick<Statement, 'height' | 'round' | 'value'>,
): boolean {
  const at = powers(height);
  let power = 0;
  for (const signer of prevotes[`${round} ${value}`] ?? []) power += at.get(signer) ?? 0;
  return 3 * power > 2 * totalOf(at);
}

/**
 * A validator prevotes a value only after the proposer of that round has proposed it, and precommits a value only after a polka for it in that round. All
 * messages that were ever signed count.
 */
function justifiedVote(setting: Setting): VoteRule<Polkas> {
  const turnOf = turnsIn(setting);
  const withProposal = (known: Polkas, { signer, height, round, value }: Statement): Polkas => {
    const key = `${round} ${value}`;
    const turn = turnOf(height, round);
    if (known.proposed.includes(key) || (turn !== undefined && turn !== signer)) return known;
    return { ...known, proposed: [...known.proposed, key] };
  };
  return {
    unexercised: 'nobody voted for a value',
    judge: (before = noPolkas, { statement }, _place, isFaulty) => {
      const { signer, kind, height, round, value } = statement;
      const entry = kind === 'proposal' ? withProposal(before, statement) : withStatement(before, statement);
      if (kind === 'proposal' || value === null || isFaulty(signer)) return { entry, isExercised: false };
      const isJustified = kind === 'prevote' ? entry.proposed.includes(`${round} ${value}`) : hasPolka(entry, setting, statement);
      if (isJustified) return { entry, isExercised: true };
      const proposer = turnOf(height, round);
      const unproposed =
        proposer === undefined ? 'nobody had proposed it there' : `${proposer}, whose turn it was, had not proposed it`;
      const lacks = kind === 'prevote' ? unproposed : 'there was no polka for it in that round';
      return { entry, isExercised: true, wrong: `signed ${text(statement)} ${placeOf(statement)}, and ${lacks}` };
    },
  };
}

/** A validator prevotes against its lock only after a polka for the new value, in the round of the lock or a later one. */
const lockDiscipline = (setting: Setting): VoteRule<Polkas> => ({
  unexercised: 'nobody was locked and voted again',
  judge: (before = noPolkas, { statement, hasLeft }, place, isFaulty) => {
    const entry = withStatement(before, statement);
    const { signer, kind, height, round, value } = statement;
    if (kind === 'proposal' || value === null || isFaulty(signer)) return { entry, isExercised: false };
    const lock = entry.locks[place];
    if (kind === 'precommit') {
      if (!hasLeft || round <= (lock?.round ?? -1)) return { entry, isExercised: false };
      return { entry: { ...entry, locks: withPlace(entry.locks, place, { round, value }) }, isExercised: false };
    }
    if (lock === undefined || round <= lock.round) return { entry, isExercised: false };
    if (lock.value === value) return { entry, isExercised: true };
    for (let newer = lock.round; newer < round; newer += 1)
      if (hasPolka(entry, setting, { height, round: newer, value })) return { entry, isExercised: true };
    const against = `it was locked on ${lock.value} since round ${lock.round}`;
    return { entry, isExercised: true, wrong: `signed ${text(statement)} ${placeOf(statement)}; ${against}` };
  },
});

export const voteProperties: readonly Property[] = [
  {
    name: 'no-equivocation',
    says: 'over all lives, and all machines that hold its key, at most one signed message of a validator leaves per height, round and type',
    hint: 'a vote must be durable before it is published, and must be read back before the node votes again',
    monitor: (setting) => voteMonitor(setting, noEquivocation),
  },
  {
    name: 'justified-vote',
    says: 'a prevote for a value only after its proposal by the proposer of that round, a precommit only after a polka',
    hint: 'a vote for a value needs the proposal, and a precommit the polka of its own round',
    monitor: (setting) => voteMonitor(setting, justifiedVote(setting)),
  },
  {
    name: 'lock-discipline',
    says: "no prevote against the node's lock without a newer polka",
    hint: 'the lock is part of what replay must restore; log every input that can set or release it',
    monitor: (setting) => voteMonitor(setting, lockDiscipline(setting)),
  },
];
