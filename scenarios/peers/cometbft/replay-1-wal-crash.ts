import { agreement, decides, scenario } from 'lazurite';

export default scenario('cometbft replay: TestWALCrash', { A: 1 })
  .describe(
    'One validator; `crashpoints --site wal.append --heights 1-3` dies before and after each write, as the loop of the original does.',
  )
  .expect(agreement(), decides(4, { within: '120s' }));
