/** Properties of votes: no equivocation, justified votes, and the discipline of the lock. */
import type { Monitor, Observer, Property, RunEvent, Setting, Verdict } from '../../core/events.ts';
import { emptyTable, fromHeight, type HeightTable, heightEntry, withHeight } from '../../core/height-table.ts';
import { perObject } from '../../core/per-object.ts';
import { type Judged, unjudged as nothingJudged, relevantOf, verdictOf, withViolation } from '../judged.ts';
import type { Statement } from './decode.ts';
import { holdersIn, isFaultyKey, signersIn } from './keys.ts';
import { noProgress, type Progress, progressAfter, unjudged } from './progress.ts';
import { ownStatements, type Sighting, text, whereDecided, whereSigned } from './statements.ts';
import { turnsIn } from './turns.ts';

/** What a rule about votes remembers: an entry for each height at which somebody may still vote. */
interface VoteMemory<Entry> extends Judged {
  readonly progress: Progress;
  readonly heights: HeightTable<Entry>;
}

interface VoteRule<Entry> {
  readonly unexercised: string;
  /** The entry after this statement, whether the rule had something to judge, and what is wrong. `place`: of its key among the keys. */
  judge(entry: Entry | undefined, sighting: Sighting, place: number, isFaulty: (key: string) => boolean): Looked<Entry>;
}

interface Looked<Entry> {
  readonly entry: Entry | undefined;
  readonly isExercised: boolean;
  readonly wrong?: string;
}

/** A monitor that judges each statement of a node by what is remembered of its height. */
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
    // The key is that of the event's own node.
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

/** What was said, each round and kind once, by the place of the key. */
type Said = readonly (readonly Once[] | undefined)[];

interface Once {
  readonly round: number;
  readonly kind: Statement['kind'];
  readonly text: string;
}

/** The list with this item; places without an item hold undefined. */
function withPlace<Item>(list: readonly (Item | undefined)[], place: number, item: Item): readonly (Item | undefined)[] {
  const next = list.slice();
  while (next.length < place) next.push(undefined);
  next[place] = item;
  return next;
}

/** Over all machines and lives at most one message signed with a key leaves per height, round and kind. */
const noEquivocation: VoteRule<Said> = {
  unexercised: 'nobody voted',
  judge: (entry = [], { statement, hasLeft }, place, isFaulty) => {
    const { signer, kind, round } = statement;
    if (!hasLeft || isFaulty(signer)) return { entry, isExercised: false };
    const now = text(statement);
    const said = entry[place] ?? [];
    // A certificate does not repeat a proposal's polRound, and holds votes only.
    const before = said.find((one) => one.round === round && one.kind === kind);
    if (before === undefined) return { entry: withPlace(entry, place, [...said, { round, kind, text: now }]), isExercised: true };
    if (before.text === now) return { entry, isExercised: true };
    return { entry, isExercised: true, wrong: `sent ${before.text} and then ${now} ${placeOf(statement)}` };
  },
};

/** Signed prevotes and proposals of all nodes, and each node's lock: its newest precommit for a value that left it. */
interface Polkas {
  /** By `round value`: what was proposed by somebody whose turn it was. */
  readonly proposed: readonly string[];
  /** By `round value`: the keys that prevoted so. */
  readonly prevotes: Readonly<Record<string, readonly string[]>>;
  /** By the place of the key. */
  readonly locks: readonly ({ readonly round: number; readonly value: string } | undefined)[];
}

const noPolkas: Polkas = { proposed: [], prevotes: {}, locks: [] };

/** What is known with this statement; the same where it is known already. */
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
 * A prevote for a value only after the proposal of that round, by the validator whose turn it is. A precommit only after its polka. Both among all messages
 * ever signed.
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

/** No prevote against a node's lock without a newer polka. */
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
