/**
 * A scenario as plain data: its nodes, their environment, a script for each node, faults, variants and expectations. The TypeScript builder and the YAML
 * reader make it, and runner.ts runs it.
 */

import type { RaftOptions } from '../actors/raft/index.ts';
import type { Schedule } from '../actors/scheduler/schedule.ts';
import type { ValueSync } from '../actors/tendermint/index.ts';
import type { CrashImage, DeathKind, Phase } from '../core/events.ts';
import { own } from '../core/own.ts';
import type { ExhibitName, OwnExhibit } from '../museum/exhibit-names.ts';
import type { Topology } from '../network-sim/index.ts';
import type { LostSectors } from '../wal/index.ts';
import type { ApplicationRule } from './application.ts';
import type { BlockTime } from './block-time.ts';
import type { PlannedFault } from './faults.ts';
import type { Lies } from './lies.ts';
import type { LinkModel } from './links.ts';
import type { Moment } from './moments.ts';
import { type OwnStore, ownStoreOf, type WrittenStore } from './own-store.ts';
import type { SignerRule } from './signers.ts';
import type { TimingRule } from './timing.ts';
import type { SiteName } from './vocabulary.ts';

/** The effect at which a process dies. `nth` counts the effects of that site, from 1, after the script has reached the step. */
export type KillWhen = ({ readonly before: SiteName } | { readonly after: SiteName } | { readonly torn: SiteName }) & {
  readonly nth?: number;
};

/** The effect at which power fails, and which unsynced bytes survive. */
export type When = KillWhen & { readonly image?: CrashImage };

/** An effect at which a node dies. */
export interface Strike {
  readonly site: string;
  readonly phase: Phase;
  readonly nth: number;
}

export type ScriptStep =
  /**
   * The first step of a script: the node is not up at the beginning of the run. It is started after `afterMs`, or when `moment` comes at `node` (default: at
   * any node). Without either it is never started. With `diskOf` it gets a copy of what is durable on the disk of that node at its start.
   * With `signerOf` it gets a copy of the file of that node's signer, and a new log.
   */
  | {
      readonly type: 'start';
      readonly afterMs?: number;
      readonly moment?: Moment;
      readonly node?: string;
      readonly diskOf?: string;
      readonly signerOf?: string;
    }
  | {
      readonly type: 'waitUntil';
      readonly moment: Moment;
      /** The node that reports the event (default: the script's own node). */
      readonly node?: string;
      readonly withinMs?: number;
      readonly as?: string;
    }
  | {
      readonly type: 'expect';
      readonly moment: Moment;
      readonly node?: string;
      readonly withinMs?: number;
      readonly as?: string;
      readonly sameAs?: string;
      readonly differsFrom?: string;
    }
  /** The event must not come for `forMs`. The script goes on after that time. */
  | { readonly type: 'never'; readonly moment: Moment; readonly node?: string; readonly forMs: number; readonly as?: string }
  /** Without `strike` the node dies at once. */
  | { readonly type: 'death'; readonly kind: DeathKind; readonly strike?: Strike; readonly image: CrashImage }
  | { readonly type: 'restart'; readonly afterMs: number }
  | { readonly type: 'isolate'; readonly forMs?: number }
  | { readonly type: 'disk'; readonly fault: ScriptedDiskFault }
  | { readonly type: 'stayDown' };

/**
 * What happens to a disk in a script. `flip`: one bit changes in the newest segment, in its newest frame that has a later frame after it (`middle`) or in its
 * last frame (`last`). `fail-fsync`: the next sync of the log fails. `wipe`: the disk is replaced by an empty one.
 */
export type ScriptedDiskFault =
  | { readonly type: 'flip'; readonly frame: 'middle' | 'last' }
  | { readonly type: 'fail-fsync' }
  | { readonly type: 'wipe' };

/** Exactly these properties and steps must fail. A variant without an expectation must not fail at all. */
export interface Expectation {
  readonly fail: readonly string[];
  /** Steps of scripts, decisions and absences, by the name in their field `as`. */
  readonly steps?: readonly string[];
}

export interface Variant {
  readonly name: string;
  /** `none` means the same as `break: 'no-wal'`. */
  readonly wal?: 'file' | 'none';
  /** `skip` means the same as `break: 'no-fsync'`. */
  readonly disk?: { readonly fsync: 'honest' | 'skip' };
  readonly break?: ExhibitName | OwnExhibit;
  /** In place of the scenario's own `attest` and `onCorrupt`. */
  readonly attest?: 'next' | 'strict';
  readonly onCorrupt?: 'halt' | 'abstain';
  /** `none`: no signer has a file. */
  readonly signers?: 'none';
  /** In place of the scenario's own. */
  readonly app?: WrittenStore;
  /** In place of the scenario's own options of Raft. */
  readonly raft?: RaftOptions;
  /** Marks that this variant must reach, beside those of the scenario. */
  readonly mustReach?: readonly string[];
  readonly expect?: Expectation;
}

export interface DecidesCheck {
  readonly height: number;
  readonly withinMs: number;
  readonly nodes?: readonly string[];
  /** The name by which a variant can expect this to fail. */
  readonly as?: string;
}

/** Something that must not happen between two times (default: between the beginning and the end of the run). */
export interface Absence {
  /** The event that must not happen. Without it: no node may decide. */
  readonly moment?: Moment;
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** It must not happen at these nodes (default: at any node). */
  readonly nodes?: readonly string[];
  /** The name by which a variant can expect this to fail. */
  readonly as?: string;
}

/**
 * A changed configuration: from its life number `life` on, the node believes in this set of validators at all heights. Life 0 begins at its first start, life 1
 * after its first death.
 */
export interface Reconfiguration {
  readonly life: number;
  readonly validators: Readonly<Record<string, number>>;
}

/** A further machine that signs with the key of the validator `key`. It has its own log and block store. */
export interface Standby {
  readonly key: string;
}

export interface VoteExtensionRule {
  /** The first height with extensions. */
  readonly from: number;
}

export interface ScenarioData {
  readonly name: string;
  readonly description: string;
  /** The name of the protocol (default: Tendermint). */
  readonly protocol?: string;
  /** What nodes of Raft do beside elections and replication (default: nothing). */
  readonly raft?: RaftOptions;
  /** Voting power at height 1. A validator with power 0 has a key, but is not yet in the set. */
  readonly validators: Readonly<Record<string, number>>;
  /** Later sets; the set of a height is the last one that begins at or below it. */
  readonly validatorSets: readonly { readonly from: number; readonly powers: Readonly<Record<string, number>> }[];
  /** Nodes without a key. They follow the chain and do not vote. */
  readonly fullNodes: readonly string[];
  /** The full nodes whose consensus is switched off: they follow by value sync alone. */
  readonly syncOnly?: readonly string[];
  /** Further machines that sign with the key of a validator, by the name of the machine. */
  readonly standbys?: Readonly<Record<string, Standby>>;
  /** Nodes whose signer keeps a file, beside the log, of the last message that it signed. */
  readonly signers?: Readonly<Record<string, SignerRule>>;
  /** The proposer by `height.round`; a rotation by voting power decides the others. */
  readonly proposers: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly network: LinkModel & { readonly links?: Readonly<Record<string, LinkModel>> };
  /** Which nodes have a direct link. Other messages go through neighbours. */
  readonly topology: Topology;
  /** From `timeMs` on no message is lost by the network, and none takes longer than `boundMs`. */
  readonly gst?: { readonly timeMs: number; readonly boundMs: number };
  readonly valueBytes: number;
  /** The number of newest blocks that each node keeps to serve its peers (default: 1000). */
  readonly keepBlocks?: number;
  /** The application has a store of its own, and makes it durable every few heights (default: its state is part of each block). */
  readonly ownStore?: OwnStore;
  /** How long a node waits after a decision, and takes late precommits into its certificate (default: it does not wait). */
  readonly finalizationMs?: number;
  /** Values name the time at which they were made (default: they name none). */
  readonly blockTime?: BlockTime;
  /** From a height on, each precommit for a value carries an extension of the validator's application (default: none does). */
  readonly voteExtensions?: VoteExtensionRule;
  /** Rules by which the application is slow or wrong. */
  readonly application?: readonly ApplicationRule[];
  /** Rules that change timeouts, and the intervals of repetitions and statuses. */
  readonly timings?: readonly TimingRule[];
  /** Changes to value sync. `maxBytes` is the largest size of one answer. */
  readonly sync?: ValueSync & { readonly maxBytes?: number };
  /** Nodes whose configuration changes at a restart. */
  readonly reconfigured?: Readonly<Record<string, Reconfiguration>>;
  /** Which durable evidence of a flush the log keeps: the next frame, or a record in a second file. */
  readonly attest: 'next' | 'strict';
  /** What a node does when its log is damaged, missing or wiped: it stops, or it follows without voting. */
  readonly onCorrupt: 'halt' | 'abstain';
  /** How long a node that comes back waits for value sync before it replays its log (default: it does not wait). */
  readonly replayDelayMs?: number;
  /** What is read from a sector, within the length of its file, whose write was lost with the power (default: zeros). */
  readonly lostSectors?: LostSectors;
  readonly scripts: Readonly<Record<string, readonly ScriptStep[]>>;
  readonly faults: readonly PlannedFault[];
  /** Set if a campaign has drawn faults. A drawn fault that does nothing is counted; otherwise it is a complaint. */
  readonly isDrawn?: true;
  /** The lies of each node that lies. */
  readonly byzantine: Readonly<Record<string, Lies>>;
  readonly variants: readonly Variant[];
  readonly decides: readonly DecidesCheck[];
  readonly absences?: readonly Absence[];
  /** Properties that the scenario names. All properties are judged, and these must also have been exercised. */
  readonly about?: readonly string[];
  /** Marks that the run must reach. */
  readonly mustReach: readonly string[];
  /** When the run ends: at a time, or when every node that is up has reached this height and round. */
  readonly until?: { readonly timeMs: number } | { readonly height: number; readonly round: number };
  /** Until this time faults may begin and end. After it, links and nodes work again, and every correct node must decide. */
  readonly safetyMs?: number;
  /** The order in which messages are delivered (default: by their time of arrival). */
  readonly schedule?: Schedule;
}

/** The scenario as this variant has it: its log, its signers, and its application's store. The broken node of a variant is no part of it. */
export function asVariant(data: ScenarioData, variant: Variant | undefined): ScenarioData {
  const { attest = data.attest, onCorrupt = data.onCorrupt, signers, app, raft } = variant ?? {};
  const { signers: withFiles, ownStore, ...others } = data;
  const store = app === undefined ? ownStore : ownStoreOf(app);
  return {
    ...others,
    ...(signers === 'none' || withFiles === undefined ? {} : { signers: withFiles }),
    ...(store === undefined ? {} : { ownStore: store }),
    ...(raft === undefined ? {} : { raft }),
    attest,
    onCorrupt,
  };
}

/** All names in the fields `as` of steps, decisions and absences. */
export function namesOfSteps({
  scripts,
  decides = [],
  absences = [],
}: Pick<ScenarioData, 'scripts'> & Partial<Pick<ScenarioData, 'decides' | 'absences'>>): readonly string[] {
  const steps = Object.values(scripts).flat();
  return [...steps, ...decides, ...absences].flatMap((one) => ('as' in one ? (one.as ?? []) : []));
}

/** Whether the node of this script is down at the beginning of the run. It may be started later, or never. */
export function startsLater([first]: readonly ScriptStep[] = []): boolean {
  return first?.type === 'start';
}

/** The names of all nodes: validators, then full nodes, then standbys. */
export function castOf({
  validators,
  fullNodes,
  standbys = {},
}: Pick<ScenarioData, 'validators' | 'fullNodes' | 'standbys'>): readonly string[] {
  return [...Object.keys(validators), ...fullNodes, ...Object.keys(standbys)];
}

/** The validator with whose key a node signs: itself, or for a standby the owner of the key. */
export function signerOf({ standbys = {} }: Pick<ScenarioData, 'standbys'>, node: string): string {
  return own(standbys, node)?.key ?? node;
}
