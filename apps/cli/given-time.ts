/**
 * How long a thread has had the machine: time goes by, but for the time in which it was ready to run and another had the processor. So a unit of
 * work that shares two cores with sixty others is not taken for one that hangs, and a unit that waits for ever is.
 *
 * Linux alone says how long a thread was ready (/proc, schedstat). Elsewhere all time counts, times the number of threads for each core.
 */
import { readFileSync, readlinkSync } from 'node:fs';

const stepMs = 250;
/** Longer steps come about where the whole process was stopped, or did not get the processor itself. */
const longestStepMs = 4 * stepMs;

/** Memory that two threads share, in which a thread writes its id. Empty (0) until it has begun. */
export type ThreadSeat = Int32Array<SharedArrayBuffer>;

export function emptySeat(): ThreadSeat {
  return new Int32Array(new SharedArrayBuffer(4));
}

const begunSomewhere = -1;

/** Called in the thread that is watched. */
export function takeSeat(seat: ThreadSeat): void {
  try {
    // Such as `4711/task/4712`.
    seat[0] = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    // Not on Linux: nobody knows.
    seat[0] = begunSomewhere;
  }
}

/**
 * Calls `onOver` once, when the thread in the seat has had `limitMs`. Time before it has begun does not count. Returns how to end the watch. `crowd`: threads
 * for each core.
 */
export function watchTime(seat: ThreadSeat, limitMs: number, crowd: number, onOver: () => void): () => void {
  let givenMs = 0;
  let last = performance.now();
  let lastReady: number | undefined;
  const timer = setInterval(() => {
    const now = performance.now();
    const thread = seat[0] ?? 0;
    const ready = readyMs(thread);
    const step = thread === 0 ? 0 : Math.min(now - last, longestStepMs);
    if (ready === undefined) givenMs += step / Math.max(1, crowd);
    else givenMs += Math.max(0, step - (ready - (lastReady ?? ready)));
    last = now;
    lastReady = ready;
    if (givenMs < limitMs) return;
    clearInterval(timer);
    onOver();
  }, stepMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Milliseconds in which a thread was ready to run and did not; undefined if the system does not say. */
function readyMs(thread: number): number | undefined {
  if (thread <= 0) return undefined;
  try {
    const [, waited] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return undefined;
  }
}
