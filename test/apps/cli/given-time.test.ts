/** The time that a thread has had: none before it has begun, however long the machine lets it wait. */
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { emptySeat, takeSeat, watchTime } from '../../../apps/cli/given-time.ts';

describe('the time that a thread was given', () => {
  it('does not run before the thread has begun, and runs then', async () => {
    const seat = emptySeat();
    let isOver = false;
    let over: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      over = resolve;
    });
    const end = watchTime(seat, 100, 1, () => {
      isOver = true;
      over();
    });
    try {
      await setTimeout(1000);
      expect(isOver).to.equal(false);
      takeSeat(seat);
      // The watch keeps no process alive: this timer does.
      await Promise.race([ended, setTimeout(30_000)]);
      expect(isOver).to.equal(true);
    } finally {
      end();
    }
  });
});
