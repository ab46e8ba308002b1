/**
 * `caught-up`: after the last fault, if a majority is up, each member that is up must go on committing within a bound.
 *
 * The bound allows one election for each member and four more. An election takes the longest election timer, and the messages of a vote and of an
 * append. The verdict is undecided if a vote and its answer take longer than the shortest election timer.
 */
import type { RaftConfig } from '../../actors/raft/types.ts';
import type { Monitor, Observer, Property, Setting, Verdict, Violation } from '../../core/events.ts';
import { changesMembers, membersAt } from './membership.ts';
import { usesPreVotes } from './pre-votes.ts';
import { stateOf } from './state-rules.ts';

interface Memory {
  /** The time at which the last fault ended (microseconds). */
  readonly lastFault: number;
  /** For each node, in the order of the setting: the highest index that it knows to be committed in this life, and since when (microseconds). */
  readonly commits: readonly { readonly index: number; readonly time: number }[];
  /** The drift of the slowest clock so far (thousandths of the true time), and the longest extra time of a sync (ms). */
  readonly slowestPerMille: number;
  readonly slowSyncMs: number;
  /** The members by the highest commit index that a node has shown. */
  readonly members: readonly string[];
  readonly highest: number;
}

const shortestElectionMs = 100;
const longestElectionMs = 200;
const usualDelayMs = 20;

function monitorOf(setting: Setting): Monitor<Memory> {
  const doChange = changesMembers(setting);
  return {
    watches: ['deliver consensus', 'death', 'restart', 'stopped', 'lost', 'fault'],
    start: {
      lastFault: (setting.network?.gstMs ?? 0) * 1000,
      commits: setting.nodes.map(() => ({ index: 0, time: 0 })),
      slowestPerMille: 0,
      slowSyncMs: 0,
      members: membersAtStart(setting),
      highest: 0,
    },
    look: (memory, event, observer) => {
      const { type, node, time } = event;
      if (type === 'fault') {
        const { forMs, perMille, microseconds } = event.detail;
        const end = time + (typeof forMs === 'number' ? forMs * 1000 : 0);
        const slow = event.kind === 'slow-fsync' && typeof microseconds === 'number' ? microseconds / 1000 : 0;
        return {
          ...memory,
          lastFault: Math.max(memory.lastFault, end),
          slowestPerMille: Math.max(
            memory.slowestPerMille,
            event.kind === 'drift' && typeof perMille === 'number' ? perMille : 0,
          ),
          slowSyncMs: Math.max(memory.slowSyncMs, slow),
        };
      }
      const place = setting.nodes.indexOf(node);
      if (type === 'death' || type === 'stopped' || type === 'restart')
        return {
          ...memory,
          lastFault: Math.max(memory.lastFault, time),
          commits: memory.commits.with(place, { index: 0, time }),
        };
      if (type === 'lost') return { ...memory, lastFault: Math.max(memory.lastFault, time) };
      const state = stateOf(observer, node);
      const index = state?.commit ?? 0;
      if (state === undefined || index <= (memory.commits[place]?.index ?? 0)) return memory;
      const next = { ...memory, commits: memory.commits.with(place, { index, time }) };
      return doChange && index > memory.highest ? withMembers(next, membersAt(state, index), index, time) : next;
    },
    finish: (memory, observer) => judged(memory, observer, setting),
    relevant: ({ lastFault, commits, ...memory }, now) => [
      memory,
      now - lastFault,
      commits.map(({ index, time }) => [index, now - Math.max(time, lastFault)]),
    ],
  };
}

function membersAtStart({ configurations, nodes }: Setting): readonly string[] {
  const [config] = configurations.values();
  return (config as Partial<RaftConfig> | undefined)?.members ?? nodes;
}

/** After a change the cluster may need an election, and a new member all entries: the bound begins anew. */
function withMembers(memory: Memory, members: readonly string[], highest: number, time: number): Memory {
  if (members.join() === memory.members.join()) return { ...memory, highest };
  return { ...memory, members, highest, lastFault: Math.max(memory.lastFault, time) };
}

function judged(memory: Memory, observer: Observer, setting: Setting): Verdict {
  const { lastFault, commits, slowestPerMille, slowSyncMs, members } = memory;
  const { nodes, network } = setting;
  const undecided = (reason: string): Verdict => ({ verdict: 'undecided', violations: [], reason });
  const able = members.filter((node) => observer.isUp(node) && !observer.isFaulty(node));
  if (2 * able.length <= members.length)
    return undecided(`${able.length} of ${members.length} members are up, which is no majority`);
  const delay = (network?.delayMs ?? 0) + slowSyncMs;
  if (2 * delay >= shortestElectionMs) return undecided('a vote and its answer take longer than the shortest election timer');
  // With pre-votes a member first waits until a majority has forgotten the last leader, and then asks.
  const timers = usesPreVotes(setting) ? 2 : 1;
  const election = timers * ((longestElectionMs * (1000 + slowestPerMille)) / 1000 + 4 * Math.max(usualDelayMs, delay));
  const bound = Math.ceil((nodes.length + 4) * election);
  const late = able.flatMap((node): readonly Violation[] => {
    const since = Math.max(lastFault, commits[nodes.indexOf(node)]?.time ?? 0);
    const waitedMs = (observer.now - since) / 1000;
    if (waitedMs <= bound) return [];
    const message = `${node} has committed nothing for ${Math.round(waitedMs)} ms after the last fault and commit; the bound is ${bound} ms`;
    return [{ message, event: -1, nodes: [node], height: 1 }];
  });
  if (late.length > 0) return { verdict: 'violated', violations: late };
  return commits.some(({ index }) => index > 0) ? { verdict: 'held', violations: [] } : undecided('nothing was committed');
}

export const caughtUp: Property = {
  name: 'caught-up',
  says: 'after the last fault every member that is up goes on committing within a bound, as long as a majority is up',
  hint: 'a leader must find where the log of a follower agrees with its own, also where the follower has less than it said',
  monitor: monitorOf,
};
