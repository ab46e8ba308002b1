import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite timeout_updates: change_timeouts_between_heights', { A: 1, B: 1, C: 1 })
  .timeouts({ propose: '1s', prevote: '500ms', precommit: '500ms', rebroadcast: '2s' })
  .timeouts({ propose: '100ms', prevote: '50ms', precommit: '50ms', rebroadcast: '300ms' }, { from: 3 })
  .expect(agreement(), decides(5, { within: '60s' }));
