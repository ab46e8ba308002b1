/** The places of entries in the queue of deliveries. */
import { expect } from 'chai';
import { DeliveryQueue } from '../../../actors/scheduler/delivery-queue.ts';
import { wire } from './entries.ts';

describe('the queue of deliveries', () => {
  it('puts entries that a pause held before all others of that instant, also where a tie was drawn as 0', () => {
    const queue = new DeliveryQueue({ choose: () => 0 });
    const early = wire('A', 1).delivery;
    queue.push(5, 1, { node: 1, life: -1, cause: -1 }, early);
    const held = [wire('B', 1), wire('C', 1)];
    queue.release(5, held);
    const order = [queue.queue.pop(), queue.queue.pop(), queue.queue.pop()].map((entry) => entry?.delivery);
    expect(order).to.deep.equal([...held.map(({ delivery }) => delivery), early]);
  });
});
