/** Traps of the test library and of protocols: each line must be refused. */
import { expect } from 'chai';
import { type Monitor, type Property, scenario } from 'lazurite';
import '../../testing/chai.ts';
import { everyCrashImage, recoverFrom } from 'lazurite/checker';
import { faultPlans } from '../../testing/fast-check.ts';

const run = scenario('four', { A: 1, B: 1 }).run();

// @ts-expect-error what a replay restores has names
expect(run.node('B')).to.replay({ height: 2 }).restoring('locks');
// @ts-expect-error a time is a number of ms, or says its unit
expect(run).to.decide(5, { within: '60 seconds' });
// @ts-expect-error a log has append, flush and read
recoverFrom(() => ({ append: () => undefined, read: () => [] }), everyCrashImage());
// @ts-expect-error batches are lists of sizes
everyCrashImage({ batches: 3 });
// @ts-expect-error a protocol of your own says what stands around it
scenario('mine', { A: 1 }).protocol({ name: 'mine' });
// @ts-expect-error the names of the nodes come first
faultPlans({ maxFaults: 3 });
// @ts-expect-error a property has a monitor
export const property: Property = { name: 'mine', says: 'nothing' };

const held = () => ({ verdict: 'held', violations: [] }) as const;
// @ts-expect-error a memory is shared by forks as it is: a monitor has no fork of its own
export const forking: Monitor<number> = { start: 0, look: (count) => count + 1, finish: held, fork: () => forking };
// @ts-expect-error its fingerprint is that of its memory
export const digesting: Monitor<number> = { start: 0, look: (count) => count + 1, finish: held, digest: () => 0 };
// @ts-expect-error it looks at events, and observes nothing by itself
export const observing: Monitor<number> = { start: 0, observe: () => undefined, finish: held };
// @ts-expect-error what it remembers is what it returns
export const silent: Monitor<number> = { start: 0, look: () => undefined, finish: held };
