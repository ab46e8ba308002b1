import { agreement, decides, scenario } from 'lazurite';

export default Array.from({ length: 9 }, (_, index) => index + 2)
  .reduce(
    (before, at) => before.timeouts({ propose: 1000 - 90 * at, prevote: 500 - 45 * at, precommit: 500 - 45 * at }, { from: at }),
    scenario('malachite timeout_updates: gradually_changing_timeouts', { A: 1, B: 1, C: 1 }).timeouts({
      propose: '1s',
      prevote: '500ms',
      precommit: '500ms',
    }),
  )
  .expect(agreement(), decides(10, { within: '90s' }));
