// Each line below a `@ts-expect-error` must not compile; the checker fails when one does.
import { event, scenario } from 'lazurite';

const four = scenario('x', { A: 1, B: 1, C: 1, D: 1 });

// @ts-expect-error a node that is not in the cast
four.node('E', (e) => e);
// @ts-expect-error a node that is down cannot wait
four.node('B', (b) => b.crash().waitUntil(event('locked')));
// @ts-expect-error a node that is up cannot restart
four.node('B', (b) => b.restart());
// @ts-expect-error a node that stays down cannot restart
four.node('B', (b) => b.crash().stayDown().restart());
// @ts-expect-error no duration
four.node('B', (b) => b.crash().restart({ after: '5 seconds' }));
// @ts-expect-error an unknown proposer
four.proposer(1, 0, 'E');
// @ts-expect-error a death strikes before, after or torn
four.node('B', (b) => b.crash({ during: 'wal.flush' }));
// @ts-expect-error no such site
four.node('B', (b) => b.crash({ before: 'wal.fluch' }));
