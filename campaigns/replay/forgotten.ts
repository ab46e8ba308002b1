/**
 * Explains why a node contradicted an earlier statement. It finds the earlier vote or proposal, the frame of the log that held it, and how that frame was
 * lost. It reads only the events of a recorded run, as the properties do: deaths and restarts, the content of messages, and what is
 * written to the log and read from it.
 */
import { decisionIn, frameOf, type Statement, statementIn } from '../../checker/tendermint/decode.ts';
import { decisionSeen, ownStatements } from '../../checker/tendermint/statements.ts';
import type { RunEvent } from '../../core/events.ts';
import { type Frame, lastAppended, notOnDisk, readAgain, syncOf } from './frames-of-log.ts';

export interface Forgotten {
  /** The event that sends the contradiction. */
  readonly second: RunEvent;
  /** The event that first sent the earlier statement. */
  readonly first: RunEvent;
  /**
   * The end of the life that wrote the earlier statement last, the start of the life that sent `second`, and what this life recovered from its log. All are
   * undefined if both statements were sent in one life.
   */
  readonly death?: RunEvent;
  readonly restart?: RunEvent;
  readonly recovered?: RunEvent;
  /** The newest append to the log that contains the earlier statement. */
  readonly written?: RunEvent;
  /** How it was lost, in words. */
  readonly lost: string;
}

/** The contradiction that this event sends. Undefined if it contradicts no earlier statement of its node. */
export function forgottenAt(events: readonly RunEvent[], at: number): Forgotten | undefined {
  const second = events[at];
  if (second === undefined) return undefined;
  for (const { statement } of ownStatements(second)) {
    const found = firstAgainst(events, second, statement);
    if (found !== undefined) return traced(events, second, found);
  }
  return undefined;
}

interface Said {
  readonly event: RunEvent;
  readonly statement: Statement;
}

/** The latest statement sent by this node that `statement` contradicts. */
function firstAgainst(events: readonly RunEvent[], second: RunEvent, statement: Statement): Said | undefined {
  for (let at = second.index - 1; at >= 0; at -= 1) {
    const event = events[at];
    if (event?.node !== second.node) continue;
    const said = ownStatements(event).find(({ statement: before, hasLeft }) => hasLeft && contradicts(before, statement));
    if (said !== undefined) return { event: firstOf(events, said.statement, event), statement: said.statement };
  }
  return undefined;
}

/** The first event in which the node sent this statement. It may have repeated it later. */
function firstOf(events: readonly RunEvent[], statement: Statement, last: RunEvent): RunEvent {
  return (
    events.find(
      (event) =>
        event.node === last.node && ownStatements(event).some(({ statement: one, hasLeft }) => hasLeft && isSame(one, statement)),
    ) ?? last
  );
}

function isSame(a: Statement, b: Statement): boolean {
  return a.kind === b.kind && a.height === b.height && a.round === b.round && a.value === b.value && a.polRound === b.polRound;
}

/** Whether two statements contradict: two different ones in the same place, or a prevote against the value of a precommit of an earlier round. */
function contradicts(before: Statement, after: Statement): boolean {
  if (before.height !== after.height) return false;
  if (before.kind === after.kind && before.round === after.round) return !isSame(before, after);
  if (before.kind !== 'precommit' || before.value === null || before.round >= after.round) return false;
  return after.kind === 'prevote' && after.value !== null && after.value !== before.value;
}

function traced(events: readonly RunEvent[], second: RunEvent, { event: first, statement }: Said): Forgotten {
  const { node, life } = second;
  const ofNode = events.filter((event) => event.node === node && event.index <= second.index);
  const restart = ofNode.findLast((event) => event.type === 'restart');
  if (restart === undefined || restart.index < first.index)
    return { second, first, lost: 'nothing was lost: both were said in one life of the node' };
  const before = ofNode.filter(({ index }) => index < restart.index);
  const recovered = ofNode.find((event) => event.life === life && isObserved(event, 'recovered'));
  const frame = lastFrame(before, statement);
  const last = Math.max(first.index, frame?.event.index ?? 0);
  const death = before.find(({ type, index }) => index > last && (type === 'death' || type === 'stopped'));
  const found = frame === undefined ? undefined : readAgain(ofNode, restart, frame.payload);
  const lost =
    frame === undefined ? neverWritten : found === undefined ? notOnDisk(before, frame, death) : notTaken(found, recovered);
  return {
    second,
    first,
    restart,
    ...(death === undefined ? {} : { death }),
    ...(recovered === undefined ? {} : { recovered }),
    ...(frame === undefined ? {} : { written: frame.event }),
    lost,
  };
}

/** The last append to the log that contains the statement. It may be a copy from an older file. */
function lastFrame(events: readonly RunEvent[], statement: Statement): Frame | undefined {
  return lastAppended(events, ({ kind, payload }) => {
    const said = kind === frameOf.own ? statementIn(payload) : undefined;
    return said !== undefined && isSame(said, statement);
  });
}

/** Says why the frame of what left at this event, which is known to have left too early, was not durable. Undefined if the event sends no statement or decision. */
export function aheadAt(events: readonly RunEvent[], at: number): string | undefined {
  const event = events[at];
  if (event === undefined) return undefined;
  const before = events.slice(0, at).filter(({ node }) => node === event.node);
  const [said] = ownStatements(event);
  const frame = said === undefined ? lastDecision(before, event) : lastFrame(before, said.statement);
  if (frame === 'no decision') return undefined;
  return frame === undefined ? neverWritten : notDurable(before, frame);
}

function lastDecision(events: readonly RunEvent[], event: RunEvent): Frame | 'no decision' | undefined {
  const seen = decisionSeen(event);
  if (seen === undefined) return 'no decision';
  return lastAppended(events, ({ kind, payload }) => {
    const decided = kind === frameOf.decided ? decisionIn(payload) : undefined;
    return decided?.height === seen.height && decided.value === seen.value;
  });
}

function notDurable(events: readonly RunEvent[], { event: written, file }: Frame): string {
  const sync = syncOf(events, { event: written, file });
  const frame = `its frame (#${written.index})`;
  if (sync === undefined) return `${frame} was in the page cache only: no sync of ${file} had been answered`;
  return `a sync of ${frame} was answered (#${sync.index}), and the disk did not have the bytes: that sync did nothing`;
}

const neverWritten = 'no frame of the log ever held it: it left without having been written';

function notTaken({ index }: RunEvent, recovered: RunEvent | undefined): string {
  const frames = recovered === undefined ? undefined : observedIn(recovered)?.['frames'];
  const taken = frames === undefined ? '' : `: ${String(frames)} ${frames === 1 ? 'frame was' : 'frames were'} given to replay`;
  return `its frame was still in the log (#${index} read it), and the node did not act on it${taken}`;
}

function isObserved(event: RunEvent, name: string): boolean {
  return event.type === 'effect' && event.effect.type === 'observe' && event.effect.event === name;
}

function observedIn(event: RunEvent): Readonly<Record<string, unknown>> | undefined {
  return event.type === 'effect' && event.effect.type === 'observe' ? event.effect.detail : undefined;
}
