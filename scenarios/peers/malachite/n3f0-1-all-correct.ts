import { agreement, decides, scenario } from 'lazurite';

export default scenario('malachite n3f0: all_correct_nodes', { A: 1, B: 1, C: 1 }).expect(
  agreement(),
  decides(2, { within: '50s' }),
);
