import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

// Two of three validate; another pair every 5 heights. Two full nodes, one of them 5 s late.
const pairs = [
  { A: 10, B: 10 },
  { B: 10, C: 10 },
  { A: 10, C: 10 },
];
const epochs = scenario('malachite value_sync: start_late_rotate_epoch_validator_set', { A: 10, B: 10, C: 10 }).fullNodes(
  'D',
  'E',
);

export default [0, 1, 2, 3, 4]
  .reduce((before, epoch) => before.validators(epoch * 5 + 2, pairs[epoch % 3] ?? {}), epochs)
  .node('E', (e) =>
    e
      .startsLate({ after: '5s' })
      .expect(event('height.start', { height: 1 }), { within: '1s' })
      .waitUntil(event('height.start', { height: 20 })),
  )
  .expect(agreement(), noEquivocation(), decides(20, { within: '30s' }));
