/**
 * Marks: names of rare situations. A test whose case never occurred has tested nothing, so scenarios and campaigns name the marks that they must reach. Some
 * marks are reported by the code of a node (the event `mark`). The others are derived from events.
 */

import type { RunEvent } from '../core/events.ts';
import { own } from '../core/own.ts';
import type { ScenarioData } from './model.ts';
import type { Moment, NamedMoment } from './moments.ts';
import { matches, momentOf } from './moments.ts';
import { protocolNamed } from './protocols.ts';

/** Reported by the code itself. */
const told = [
  'wal.torn-tail-cut',
  'wal.unborn-removed',
  'wal.store-behind',
  'wal.abstains',
  'wal.votes-again',
  'app.behind',
  'app.anew',
] as const;

const ofAnyNode: Readonly<Record<string, Moment>> = {
  'wal.height-replayed': { event: 'recovered', where: { row: 'replay' } },
  'wal.next-height-born': { event: 'recovered', where: { row: 'next' } },
  'node.halted': { event: 'lifecycle', where: { state: 'halted' } },
  'node.stopped': { event: 'stopped', where: {} },
};

const ofProtocols: Readonly<Record<string, Readonly<Record<string, Moment>>>> = {
  tendermint: {
    'wal.replay-skipped': { event: 'replay.skipped', where: {} },
    'node.height-restarted': { event: 'height.restart', where: {} },
    'tendermint.certificate-grew': { event: 'finalized', where: { grew: true } },
    'tendermint.extension-refused': { event: 'input.refused', where: { type: 'precommit' } },
    'tendermint.locked': { event: 'locked', where: {} },
    'tendermint.later-round': { event: 'round.start', where: { round: 1 } },
    'tendermint.third-round': { event: 'round.start', where: { round: 2 } },
    'tendermint.timeout-propose': { event: 'timeout', where: { step: 'propose' } },
    'tendermint.timeout-prevote': { event: 'timeout', where: { step: 'prevote' } },
    'tendermint.timeout-precommit': { event: 'timeout', where: { step: 'precommit' } },
    'tendermint.evidence-proposal': { event: 'evidence', where: { kind: 'proposal' } },
    'tendermint.evidence-prevote': { event: 'evidence', where: { kind: 'prevote' } },
    'tendermint.evidence-precommit': { event: 'evidence', where: { kind: 'precommit' } },
    'tendermint.round-certificate': { event: 'publish', where: { type: 'roundCertificate' } },
  },
  raft: {
    'raft.elected-again': { event: 'elected', where: { term: 2 } },
    'raft.snapshot-taken': { event: 'snapshot.taken', where: {} },
    'raft.snapshot-installed': { event: 'snapshot.installed', where: {} },
    'raft.pre-vote-asked': { event: 'prevote.asked', where: {} },
    'raft.pre-vote-refused': { event: 'prevote.refused', where: {} },
    'raft.member-added': { event: 'member.added', where: {} },
    'raft.member-removed': { event: 'member.removed', where: {} },
  },
};

/** Marks that only runs with an option of the scenario reach. */
const needs: Readonly<Record<string, (data: ScenarioData) => boolean>> = {
  'wal.replay-skipped': ({ replayDelayMs }) => replayDelayMs !== undefined,
  'node.height-restarted': ({ application = [] }) => application.some(({ does }) => does === 'restarts-height'),
  'tendermint.certificate-grew': ({ finalizationMs }) => finalizationMs !== undefined,
  'tendermint.extension-refused': ({ voteExtensions }) => voteExtensions !== undefined,
  'raft.snapshot-taken': ({ raft }) => raft?.snapshotEvery !== undefined,
  'raft.snapshot-installed': ({ raft }) => raft?.snapshotEvery !== undefined,
  'raft.pre-vote-asked': ({ raft }) => raft?.preVote === true,
  'raft.pre-vote-refused': ({ raft }) => raft?.preVote === true,
  'raft.member-added': ({ raft }) => raft?.changes?.some(({ add }) => add !== undefined) === true,
  'raft.member-removed': ({ raft }) => raft?.changes?.some(({ remove }) => remove !== undefined) === true,
};

/** Whether the scenario has the option without which no run reaches this mark. */
export function hasOptionFor(mark: string, data: ScenarioData): boolean {
  return own(needs, mark)?.(data) ?? true;
}

/** Those that are no single event: they follow from what the same node did before. */
const ofLocks = ['tendermint.locked-again', 'tendermint.unlocked'] as const;

/** All marks that runs of this protocol can reach. For a protocol that does not ship, only those of any node. */
export function marksOf(protocol: string | undefined): readonly string[] {
  const followed = protocolNamed(protocol).name === 'tendermint' ? ofLocks : [];
  return [...told, ...Object.keys(momentsOf(protocol)), ...followed];
}

/** Whether it is known of a protocol which marks there are: one of your own may report others. */
export function areMarksKnown(protocol: string | undefined): boolean {
  return own(ofProtocols, protocolNamed(protocol).name) !== undefined;
}

function momentsOf(protocol: string | undefined): Readonly<Record<string, Moment>> {
  return { ...ofAnyNode, ...own(ofProtocols, protocolNamed(protocol).name) };
}

/** Counts those that are events, and those that follow from two of one node. */
export class MarkCounter {
  readonly #marks = new Map<string, number>();
  readonly #moments: readonly (readonly [string, Moment])[];

  /** By node: what it was locked on last. */
  readonly #locks = new Map<string, { readonly height: unknown; readonly value: unknown }>();

  readonly #seen: (mark: string, node: string) => void;

  /** `seen` gets each one, also of those that the code itself reports. */
  constructor(protocol: string | undefined, seen: (mark: string, node: string) => void = () => undefined) {
    this.#moments = Object.entries(momentsOf(protocol));
    this.#seen = seen;
  }
  get marks(): ReadonlyMap<string, number> {
    return this.#marks;
  }
  count(event: RunEvent): void {
    const named = momentOf(event);
    if (named === undefined) return;
    const { name, node, detail } = named;
    if (name === 'mark') this.#seen(String(detail['name']), node);
    for (const [mark, moment] of this.#moments) if (moment.event === name && matches(moment, named)) this.#add(mark, node);
    // A lock that a death has lost does not count for the next life.
    if (name === 'restart') this.#locks.delete(node);
    if (name === 'locked' || name === 'vote.cast') this.#countLock(named);
  }

  /** A lock that moves to another value, and a prevote for another value than the lock: both need a second polka. */
  #countLock({ name, node, detail: { height, value, type } }: NamedMoment): void {
    const before = this.#locks.get(node);
    const isOther = before !== undefined && before.height === height && before.value !== value;
    if (name === 'locked') {
      this.#locks.set(node, { height, value });
      if (isOther) this.#add('tendermint.locked-again', node);
    } else if (isOther && type === 'prevote' && value !== null) this.#add('tendermint.unlocked', node);
  }

  #add(mark: string, node: string): void {
    this.#seen(mark, node);
    this.#marks.set(mark, (this.#marks.get(mark) ?? 0) + 1);
  }
}
