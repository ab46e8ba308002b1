import { agreement, decides, noEquivocation, scenario } from 'lazurite';

const all = ['A', 'B', 'C', 'D', 'E'] as const;
const story = scenario('malachite validator_set: rotate_validator_set', { A: 1, B: 1, C: 1, D: 0, E: 0 });

export default Array.from({ length: 20 }, (_, index) => index + 2)
  .reduce(
    (before, at) => before.validators(at, Object.fromEntries([0, 1, 2].map((place) => [all[(at - 1 + place) % 5], 1]))),
    story,
  )
  .expect(agreement(), noEquivocation(), decides(20, { within: '50s' }));
