/**
 * Predict, then see: a question about the present row, with an explanation for each answer. Right answers are read from the record: what
 * became durable, what was lost, what was heard.
 */
import type { FrameLife, PageRecord } from '../record/page-record.ts';

export interface Answer {
  readonly text: string;
  readonly isRight: boolean;
  readonly why: string;
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
  if (row.kind === 'death') return afterKill(name);
  if (row.kind === 'restart') return afterRestart(name);
  if (row.words.startsWith('wal.append')) return appended(name);
  if (row.kind === 'said') return said(name);
  if (row.words.startsWith('publish')) return published(record, at, name);
  if (row.kind === 'timer') return timerSet(name);
  return undefined;
}

function framesAt(record: PageRecord, at: number): { readonly all: readonly FrameLife[]; readonly durable: number } {
  const of = record.rows[at]?.node;
  // Rows before the death: what is lost with it was there just before.
  const all = record.frames.filter(
    ({ node, cached, gone, label }) =>
      node === of && cached < at && (gone === -1 || gone >= at) && !/^(opened|block)$/.test(label),
  );
  return { all, durable: all.filter(({ durable }) => durable !== -1 && durable < at).length };
}

function afterPower(record: PageRecord, at: number, name: string): Question | undefined {
  const { all } = framesAt(record, at);
  const lost = all.filter(({ isLost, gone }) => isLost && gone === at).length;
  const kept = all.length - lost;
  const counts = [...new Set([kept, all.length, Math.max(0, kept - 1), 0])];
  if (counts.length < 2) return undefined;
  return {
    ask: `Of ${all.length} frames of its log, how many does ${name} find when it comes back?`,
    answers: counts.map((count) => ({
      text: String(count),
      isRight: count === kept,
      why:
        count === kept
          ? `${kept} had been synced, or survived this loss of power by chance; ${lost} were only in the page cache.`
          : count > kept
            ? 'The page cache goes with the power: what was appended and not flushed is gone.'
            : 'What a flush had acknowledged is on the disk, and stays there.',
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
        why: 'The page cache belongs to the kernel. It is still not durable: recovery writes it anew, and syncs, before it relies on it.',
      },
      { text: 'Those that were flushed.', isRight: false, why: 'That would be a loss of power. A kill leaves the page cache.' },
      { text: 'None.', isRight: false, why: 'Memory is gone, and files are not memory.' },
    ],
  };
}

function afterRestart(name: string): Question {
  return {
    ask: `What does ${name} know of its votes now, before it has read its log?`,
    answers: [
      { text: 'Nothing.', isRight: true, why: 'All it knows will be the fold of what the log holds.' },
      { text: 'The last one.', isRight: false, why: 'Where from? Memory is gone.' },
      { text: 'All that others have heard.', isRight: false, why: 'Others know; it does not ask them what it has said.' },
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
        why: 'Until a flush is acknowledged the disk may have written any part of it. Recovery must be right in each case.',
      },
      { text: 'Yes, it was written.', isRight: false, why: 'It was written to the page cache, which needs power.' },
      { text: 'No, never.', isRight: false, why: 'The kernel may have written the page already; nothing forbids it to.' },
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
        why: 'The gate holds it until the flush behind it is acknowledged.',
      },
      { text: 'Everybody, at once.', isRight: false, why: 'Then a loss of power could make it forget what others know.' },
      { text: 'Only itself, ever.', isRight: false, why: 'It is fed back at once, and leaves when it is durable.' },
    ],
  };
}

function published(record: PageRecord, at: number, name: string): Question {
  const left = record.messages.find(({ sent, promise }) => sent === at && promise !== '');
  const isDurable = record.frames.some(
    ({ node, isOwn, label, durable }) =>
      node === record.rows[at]?.node &&
      isOwn &&
      durable !== -1 &&
      durable <= at &&
      left !== undefined &&
      label.includes(left.label),
  );
  return {
    ask: `Power fails right now. Could ${name} say something else in its next life?`,
    answers: [
      {
        text: 'No: its frame is on the disk, and replay says the same.',
        isRight: isDurable,
        why: isDurable
          ? 'It was flushed before it left. That is the whole rule.'
          : 'Look at the shelves: the frame is not on the disk, though others hear it.',
      },
      {
        text: 'Yes: others know what its disk does not.',
        isRight: !isDurable,
        why: isDurable
          ? 'Look at the shelves: the frame is on the disk.'
          : 'So two different votes of one node can meet: equivocation.',
      },
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
        why: 'Replay shows that it was armed and has not elapsed; how much of it had passed is not logged.',
      },
      { text: 'It is lost.', isRight: false, why: 'Then a node could wait for ever in a round in which all others wait too.' },
      {
        text: 'It elapses at once.',
        isRight: false,
        why: 'Nobody has said that it has: an elapsed timeout is logged like any input.',
      },
    ],
  };
}
