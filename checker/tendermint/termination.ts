/**
 * `termination`: after the last fault, every correct node that is up must go on deciding within a bound, as long as the nodes that are up are a quorum.
 *
 * The bound is computed from the scenario: timeouts and their growth, the longest delay (after GST its bound), drifting clocks and slow disks. It allows
 * the rounds that the timeouts need to outgrow the delays, one round for each validator to propose, and two more. Lost messages, deaths and restarts are
 * faults; time is counted from the last of them, and from GST. The verdict is undecided if timeouts never outgrow the delays.
 *
 * A node that abstains need not decide. Within some heights it must vote again, because correct peers answer when it asks how long to abstain.
 */
import type { TendermintConfig, Timeouts } from '../../actors/tendermint/config.ts';
import type { Monitor, Observer, Property, RunEvent, Setting, Verdict, Violation } from '../../core/events.ts';
import { signersIn } from './keys.ts';
import { decisionSeen } from './statements.ts';

interface Memory {
  /** The time at which the last fault ended (microseconds). */
  readonly lastFault: number;
  /** The highest height that any node has decided. */
  readonly highest: number;
  /** `highest` at the time when all questions of abstaining nodes must have been answered; undefined until then. */
  readonly answeredAt: number | undefined;
  /** For each node, in the order of the setting: the height that it decided last, and when (microseconds). */
  readonly decided: readonly { readonly height: number; readonly time: number | undefined }[];
  /** The drift of the slowest and the fastest clock so far, in thousandths of the true time. A slow clock is above 0. */
  readonly slowestPerMille: number;
  readonly fastestPerMille: number;
  /** The longest extra time of a sync so far, ms. */
  readonly slowSyncMs: number;
  /** The nodes whose application computes another state than the others, by a fault. */
  readonly otherwise: readonly string[];
}

function monitorOf(setting: Setting): Monitor<Memory> {
  return {
    watches: ['effect host.decide', 'death', 'restart', 'stopped', 'lost', 'fault'],
    start: {
      lastFault: (setting.network?.gstMs ?? 0) * 1000,
      highest: 0,
      answeredAt: undefined,
      decided: setting.nodes.map(() => ({ height: 0, time: undefined })),
      slowestPerMille: 0,
      fastestPerMille: 0,
      slowSyncMs: 0,
      otherwise: [],
    },
    look: (memory, event) => {
      if (event.type === 'fault') return afterFault(memory, event);
      if (event.type !== 'effect') return { ...memory, answeredAt: undefined, lastFault: Math.max(memory.lastFault, event.time) };
      const seen = decisionSeen(event);
      if (seen === undefined) return memory;
      const place = setting.nodes.indexOf(event.node);
      const decided = memory.decided.with(place, { height: seen.height, time: event.time });
      const highest = Math.max(memory.highest, seen.height);
      const isLate = memory.answeredAt === undefined && event.time - memory.lastFault > answersMs(memory, setting) * 1000;
      return { ...memory, decided, highest, ...(isLate ? { answeredAt: highest } : {}) };
    },
    finish: (memory, observer) => judged(memory, observer, setting),
    // The time of a decision before the last fault no longer matters, only that there was one.
    relevant: ({ lastFault, decided, ...memory }, now) => [
      memory,
      now - lastFault,
      decided.map(({ height, time }) => [height, time === undefined ? -1 : now - Math.max(time, lastFault)]),
    ],
  };
}

/** The memory after a fault. A fault with a duration ends that much later. */
function afterFault(memory: Memory, event: RunEvent & { readonly type: 'fault' }): Memory {
  const { forMs, perMille, microseconds } = event.detail;
  const end = event.time + (typeof forMs === 'number' ? forMs * 1000 : 0);
  const lastFault = Math.max(memory.lastFault, end);
  const after = { ...memory, lastFault, answeredAt: undefined };
  if (event.kind === 'drift' && typeof perMille === 'number')
    return {
      ...after,
      slowestPerMille: Math.max(memory.slowestPerMille, perMille),
      fastestPerMille: Math.min(memory.fastestPerMille, perMille),
    };
  if (event.kind === 'application executes-otherwise') return { ...after, otherwise: [...memory.otherwise, event.node] };
  if ((event.kind === 'slow-fsync' || event.kind === 'application slow') && typeof microseconds === 'number')
    return { ...after, slowSyncMs: Math.max(memory.slowSyncMs, Math.ceil(microseconds / 1000)) };
  return after;
}

function judged(memory: Memory, observer: Observer, setting: Setting): Verdict {
  const { highest, lastFault, decided } = memory;
  const undecided = (reason: string): Verdict => ({ verdict: 'undecided', violations: [], reason });
  const powers = setting.powers(highest + 1);
  const signerOf = signersIn(setting);
  // Two machines with one key have its power once.
  const sum = (nodes: Iterable<string>): number =>
    [...new Set([...nodes].map(signerOf))].reduce((total, key) => total + (powers.get(key) ?? 0), 0);
  // A node with a state of its own can neither vote for what the others propose nor be voted for.
  const able = together(observer, setting).filter((node) => !observer.isAbstaining(node) && !memory.otherwise.includes(node));
  const [up, all] = [sum(able), [...powers.values()].reduce((total, power) => total + power, 0)];
  if (3 * up <= 2 * all)
    return undecided(
      `the nodes that are up and can hear each other have ${up} of ${all} voting power, and ${needed(all)} are needed`,
    );
  const heightOf = (node: string): number => decided[setting.nodes.indexOf(node)]?.height ?? 0;
  const kept = setting.keptBlocks ?? Number.POSITIVE_INFINITY;
  const owing = able.filter((node) => highest - heightOf(node) <= kept);
  if (owing.length === 0) return undecided(`every node lacks more blocks than its peers keep (${kept})`);
  const left = sum(owing);
  if (3 * left <= 2 * all)
    return undecided(
      `without those that were left behind, as peers keep ${kept} blocks for them, ${left} of ${all} voting power is left, and ${needed(all)} are needed`,
    );
  // A peer that is ahead of a node is at least two heights above the node's last decision.
  const ahead = Math.min(...owing.map(heightOf)) + 2;
  const bound = boundMs(memory, setting, setting.statusMs?.(ahead) ?? 0);
  if (bound === undefined) return undecided('the timeouts never grow beyond the delays of the network');
  const late = owing.flatMap((node): readonly Violation[] => {
    const since = Math.max(lastFault, decided[setting.nodes.indexOf(node)]?.time ?? 0);
    const waitedMs = (observer.now - since) / 1000;
    if (waitedMs <= bound) return [];
    const message = `${node} has decided nothing for ${Math.round(waitedMs)} ms after the last fault and decision; the bound is ${bound} ms`;
    return [{ message, event: -1, nodes: [node], height: 0 }];
  });
  const silent = stillAbstaining(memory, observer, setting);
  if (late.length > 0 || silent.length > 0) return { verdict: 'violated', violations: [...late, ...silent] };
  return decided.some(({ time }) => time !== undefined) ? { verdict: 'held', violations: [] } : undecided('nobody decided');
}

/**
 * Complains about nodes that lost their log and abstain too long. A peer answers with its present height, and the node may vote again after that height.
 * `answeredAt` allows time for all answers, and `heightsToRejoin` for the first vote.
 */
function stillAbstaining({ answeredAt, decided }: Memory, observer: Observer, setting: Setting): readonly Violation[] {
  if (answeredAt === undefined) return [];
  return together(observer, setting).flatMap((node): readonly Violation[] => {
    const height = decided[setting.nodes.indexOf(node)]?.height ?? 0;
    if (!observer.isAbstaining(node) || height < answeredAt + heightsToRejoin) return [];
    const message = `${node} abstains still at height ${height + 1}; its peers were at height ${answeredAt + 1} when it must have known for how long`;
    return [{ message, event: -1, nodes: [node], height }];
  });
}

/** How many heights a node may take from the height in an answer to its first vote. Its disk needs time in between. */
const heightsToRejoin = 8;

/** The time (ms) after which a node has asked three times, and every correct peer has answered. */
function answersMs({ slowestPerMille, slowSyncMs }: Memory, setting: Setting): number {
  const statusMs = setting.statusMs?.(2) ?? usualStatusMs;
  const delay = (setting.network?.delayMs ?? 0) * hopsOf(setting) + slowSyncMs;
  return ((3 * statusMs + 6 * Math.max(usualDelayMs, delay)) * (1000 + slowestPerMille)) / 1000;
}

/** The interval of status messages (ms) if the setting names none: the longest that is in use. */
const usualStatusMs = 400;

/** The least power that is more than two thirds. */
function needed(total: number): number {
  return Math.floor((2 * total) / 3) + 1;
}

/** The largest group of correct nodes that are up and can reach each other, directly or through members of the group. */
function together(observer: Observer, { nodes, links }: Setting): readonly string[] {
  const up = nodes.filter((node) => observer.isUp(node) && !observer.isFaulty(node));
  if (links === undefined) return up;
  let largest: readonly string[] = [];
  for (const first of up) {
    const group = new Set([first]);
    for (const node of group) for (const next of links.get(node) ?? []) if (up.includes(next)) group.add(next);
    if (group.size > largest.length) largest = [...group];
  }
  return largest;
}

/** The least time (ms) that the bound allows for one message and one sync. Usual scenarios need less. */
const usualDelayMs = 100;
/** The most hops of a message: through each node in a ring, and one if all nodes are connected. */
const hopsOf = ({ links, nodes }: Setting): number => (links === undefined ? 1 : nodes.length);

/** The time (ms) after the last fault within which every correct node must decide; undefined if there is no bound. */
function boundMs(
  { slowestPerMille, fastestPerMille, slowSyncMs }: Memory,
  setting: Setting,
  statusMs: number,
): number | undefined {
  const { nodes, network } = setting;
  const timings = timingsIn(setting);
  const delay = (network?.delayMs ?? 0) * hopsOf(setting) + slowSyncMs;
  // Three messages in a row must arrive before the shortest timer of the fastest clock elapses.
  const shortest = least(timings, ({ propose, prevote, precommit }) => Math.min(propose, prevote, precommit));
  const growth = least(timings, (timeouts) => Math.min(...kinds.map((kind) => growthOf(timeouts, kind))));
  const wanted = (3 * delay * 1000) / (1000 + fastestPerMille);
  if (wanted > shortest && growth === 0) return undefined;
  const outgrown = wanted > shortest ? Math.ceil((wanted - shortest) / growth) : 0;
  const rounds = outgrown + nodes.length + 2;
  let bound = 0;
  for (let round = 0; round < rounds; round += 1) {
    const waited = kinds.map((kind) => -least(timings, (timeouts) => -(timeouts[kind] + round * growthOf(timeouts, kind))));
    bound += waited.reduce((sum, one) => sum + one, 0) + 6 * Math.max(usualDelayMs, delay);
  }
  const rebroadcastMs = -least(timings, (_, repeatedMs) => -repeatedMs);
  const waited = (setting.replayDelayMs ?? 0) + 2 * longestPeriod(setting);
  return Math.ceil(((bound + waited + 2 * rebroadcastMs + 2 * statusMs) * (1000 + slowestPerMille)) / 1000);
}

/** The longest time (ms) that a node waits between its decision and the end of the height. */
function longestPeriod({ configurations }: Setting): number {
  return Math.max(0, ...[...configurations.values()].map((one) => (one as TendermintConfig).finalizationMs ?? 0));
}

const kinds = ['propose', 'prevote', 'precommit'] as const;

type Timings = readonly (readonly [timeouts: Timeouts, rebroadcastMs: number])[];

/** All timeouts that any node has at any height, without duplicates. */
function timingsIn({ configurations }: Setting): Timings {
  const all = [...configurations.values()].flatMap((one) => {
    const { timeouts, rebroadcastMs, later = [] } = one as TendermintConfig;
    return [{ timeouts, rebroadcastMs }, ...later];
  });
  const texts = new Map(
    all.map(({ timeouts, rebroadcastMs }) => [JSON.stringify([timeouts, rebroadcastMs]), [timeouts, rebroadcastMs] as const]),
  );
  return [...texts.values()];
}

function least(timings: Timings, of: (timeouts: Timeouts, rebroadcastMs: number) => number): number {
  return Math.min(...timings.map(([timeouts, rebroadcastMs]) => of(timeouts, rebroadcastMs)));
}

function growthOf({ growth, perRound }: Timeouts, kind: (typeof kinds)[number]): number {
  return growth?.[kind] ?? perRound;
}

export const termination: Property = {
  name: 'termination',
  says: 'after the last fault every correct node that is up decides within a bound, and one that abstains votes again within some heights',
  hint: 'after a restart, armed timers must be set again, open questions asked again, own messages sent again',
  monitor: monitorOf,
};
