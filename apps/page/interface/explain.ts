/** Why an event matters, in a sentence: what a newcomer would ask at that place. */
import type { Row } from '../record/page-record.ts';

const sentences: readonly (readonly [RegExp, string])[] = [
  [/^✕ crash/, 'Power is gone. Memory is empty, and of the page cache nothing is left unless the image of this crash says so.'],
  [/^✕ kill/, 'The process is gone, and its memory with it. What it had written lies in the page cache still.'],
  [/^↻ restart/, 'A new life: it knows only what its files say.'],
  [/^recovered/, 'Recovery has judged each file: whole, torn at the end (cut), or damaged (never cut).'],
  [/^replay\.begin/, 'The logged inputs are fed through the same step function again, and nothing is sent meanwhile.'],
  [
    /^replay\.end/,
    'The state is the one it had. Now what was said is sent again, timers are set, and open questions are asked again.',
  ],
  [/^wal\.append/, 'The frame is in the page cache: a kill leaves it, a loss of power takes it.'],
  [
    /^wal\.flush/,
    'The log asks the disk to make everything appended so far durable. Until it answers, the gate holds every vote back.',
  ],
  [/^publish/, 'It leaves, because the frame behind it is durable. From now on others know it.'],
  [/^relay/, "Another node's signed message is passed on; nothing of its own is promised by that."],
  [
    /^(vote\.cast|proposal\.local|said)/,
    'The node has decided what to say. It is framed first, and leaves when the frame is durable.',
  ],
  [/^decided/, 'A quorum of precommits: the value goes to the application, which stores the block.'],
  [
    /^store/,
    'The block store is a second log with an fsync of its own: a crash between deciding and storing is possible, and harmless.',
  ],
  [/^segment/, 'Each height has its own segment, and each life its own file: nothing is ever written behind a torn end.'],
  [/^timer\.set/, 'If nothing else comes first, this timer will be an input too, and be logged like one.'],
  [/^hears/, 'It has arrived. It is checked, logged, and only then applied.'],
  [/^lost/, 'It never arrives.'],
  [/^■ stopped/, 'The node stops itself rather than say something that it could not stand by.'],
  [/^!/, 'A fault of the scenario.'],
];

export function explain({ words }: Row): string {
  return sentences.find(([pattern]) => pattern.test(words))?.[1] ?? '';
}
