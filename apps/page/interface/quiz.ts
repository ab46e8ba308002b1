/**
 * Predict, then see: a question about the present row, with an explanation for each answer. Right answers are read from the record: what became
 * durable, what was lost, what was heard. Explanations are rules, or carry what they claim.
 */
import type { PageRecord } from '../record/page-record.ts';
import { claimed, rule, type Sentence } from '../story/claim.ts';
import { ownFrame, promisesOf, shelvesAt } from '../story/facts.ts';
import { counted } from '../story/words.ts';

export interface Answer {
  readonly text: string;
  readonly isRight: boolean;
  readonly why: Sentence;
}

export interface Question {
  readonly ask: string;
  readonly answers: readonly Answer[];
}

/** Undefined: there is nothing to predict at this row. */
export function questionAt(record: PageRecord, at: number): Question | undefined {
  const row = record.rows[at];
  if (row === undefined || row.node === -1) return undefined;
  const name = record.nodes[row.node] ?? '';
  if (row.kind === 'death' && row.words.includes('crash')) return afterPower(record, at, name);
  if (row.words.startsWith('publish')) return published(record, at, name);
  // What follows is how an honest node goes on; a broken one may do anything.
  if (record.exhibit !== null || record.faulty.includes(name)) return undefined;
  if (row.kind === 'death') return afterKill(name);
  if (row.kind === 'restart') return afterRestart(name);
  if (row.words.startsWith('wal.append')) return appended(name);
  if (row.kind === 'said') return said(name);
  if (row.kind === 'timer') return timerSet(name);
  return undefined;
}

function afterPower(record: PageRecord, at: number, name: string): Question | undefined {
  if (record.log === 'none') return undefined;
  const node = record.nodes.indexOf(name);
  const { cached, durable, ghosts } = shelvesAt(record, node, at);
  const kept = cached.length + durable.length;
  const counts = [...new Set([kept, kept + ghosts.length, Math.max(0, kept - 1), 0])];
  if (counts.length < 2) return undefined;
  const isLost = { kind: 'lost', node: name, what: '*', position: at } as const;
  return {
    ask: `There were ${counted(kept + ghosts.length, 'frame')} in the log. How many does ${name} find when it comes back?`,
    answers: counts.map((count) => ({
      text: String(count),
      isRight: count === kept,
      why:
        count !== kept
          ? count > kept
            ? rule('The page cache goes with the power. What was appended and not flushed may be lost.')
            : rule('What fsync has confirmed is on the disk, and stays there.')
          : ghosts.length === 0
            ? claimed('No frame was lost.', { ...isLost, not: true })
            : claimed(
                `${counted(ghosts.length, 'frame')} in the page cache ${ghosts.length === 1 ? 'was' : 'were'} lost.`,
                isLost,
              ),
    })),
  };
}

function afterKill(name: string): Question {
  return {
    ask: `Only the process died. Which frames does ${name} read when it comes back?`,
    answers: [
      {
        text: 'All that it had appended.',
        isRight: true,
        why: rule(
          'The page cache belongs to the operating system. Recovery writes it anew, and calls fsync, before it relies on it.',
        ),
      },
      {
        text: 'Those that were flushed.',
        isRight: false,
        why: rule('That would be a loss of power. A kill leaves the page cache.'),
      },
      { text: 'None.', isRight: false, why: rule('Memory is gone, and files are not memory.') },
    ],
  };
}

function afterRestart(name: string): Question {
  return {
    ask: `What does ${name} know of its votes now, before it has read its log?`,
    answers: [
      { text: 'Nothing.', isRight: true, why: rule('All it knows will be the fold of what the log holds.') },
      { text: 'The last one.', isRight: false, why: rule('Where from? Memory is gone.') },
      { text: 'All that others have heard.', isRight: false, why: rule('Others know; it does not ask them what it has said.') },
    ],
  };
}

function appended(name: string): Question {
  return {
    ask: `Power fails right now. Is this frame there when ${name} comes back?`,
    answers: [
      {
        text: 'Perhaps: whole, in part, or not at all.',
        isRight: true,
        why: rule('Until a flush is acknowledged the disk may have written any part of it. Recovery must be right in each case.'),
      },
      { text: 'Yes, it was written.', isRight: false, why: rule('It was written to the page cache, which needs power.') },
      { text: 'No, never.', isRight: false, why: rule('The kernel may have written the page already; nothing forbids it to.') },
    ],
  };
}

function said(name: string): Question {
  return {
    ask: `${name} has decided what to say. Who may hear it now?`,
    answers: [
      {
        text: 'Nobody before its frame is durable.',
        isRight: true,
        why: rule('The gate holds it until the flush behind it is acknowledged.'),
      },
      { text: 'Everybody, at once.', isRight: false, why: rule('Then a loss of power could make it forget what others know.') },
      { text: 'Only itself, ever.', isRight: false, why: rule('It is fed back at once, and leaves when it is durable.') },
    ],
  };
}

function published(record: PageRecord, at: number, name: string): Question | undefined {
  const node = record.nodes.indexOf(name);
  const sent = promisesOf(record, node).find((one) => one.sent === at);
  if (sent === undefined || record.data.protocol !== undefined) return undefined;
  const isDurable = record.log === 'file' && ownFrame(record, node, sent.label, at).place === 'durable';
  const claim = { kind: 'durable', node: name, what: sent.label, position: at } as const;
  const why = isDurable
    ? claimed('Look at the shelves: the frame is on the disk.', claim)
    : claimed('Look at the shelves: no frame of it is on the disk, and it is on its way to others.', { ...claim, not: true });
  return {
    ask: `Power fails right now. Could ${name} say something else in its next life?`,
    answers: [
      { text: 'No: its frame is on the disk, and replay says the same.', isRight: isDurable, why },
      { text: 'Yes: others are told what its disk does not hold.', isRight: !isDurable, why },
    ],
  };
}

function timerSet(name: string): Question {
  return {
    ask: `${name} dies before this timer elapses. What becomes of it?`,
    answers: [
      {
        text: 'After replay it is set again, in full.',
        isRight: true,
        why: rule('Replay shows that it was armed and has not elapsed; how much of it had passed is not logged.'),
      },
      {
        text: 'It is lost.',
        isRight: false,
        why: rule('Then a node could wait for ever in a round in which all others wait too.'),
      },
      {
        text: 'It elapses at once.',
        isRight: false,
        why: rule('Nobody has said that it has: an elapsed timeout is logged like any input.'),
      },
    ],
  };
}
