// Each line below a `@ts-expect-error` must not compile; the checker fails when one does.
import { decides, event, scenario } from 'lazurite';

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
// @ts-expect-error of what a killed process wrote all is left
four.node('B', (b) => b.kill({ before: 'wal.flush', image: 'all' }));
// @ts-expect-error no such site
four.node('B', (b) => b.crash({ before: 'wal.fluch' }));
// @ts-expect-error an event that nobody reports (`ownEvent` names one of a protocol of your own)
four.node('B', (b) => b.waitUntil(event('vote.casted')));
// @ts-expect-error a field that the event does not say
four.node('B', (b) => b.waitUntil(event('vote.cast', { hieght: 3 })));
// @ts-expect-error a space within a time
four.node('B', (b) => b.crash().restart({ after: '5 s' }));
// @ts-expect-error a time below 0
four.node('B', (b) => b.crash().restart({ after: '-2s' }));
// @ts-expect-error no time at all
four.until({ time: 's' });
// @ts-expect-error no such exhibit
four.variants({ name: 'q', break: 'no-fsnc' });
// @ts-expect-error a height in quotes
four.expect(decides('5'));
// @ts-expect-error a death of a node that is down
four.node('B', (b) => b.crash().crash());
// @ts-expect-error no such fault
four.fault({ timeMs: 4 }, { type: 'partion', nodes: ['A'] });

// These do.
four.node('B', (b) => b.crash().restart({ after: '0.5s' }));
four.node('B', (b) =>
  b
    .crash()
    .restart({ after: 500 })
    .waitUntil(event('replay.end', { votes: 2 })),
);
four.variants({ name: 'q', break: 'no-fsync' });
