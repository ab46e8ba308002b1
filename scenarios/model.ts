/**
 * A scenario as plain data: a cast, an environment, a script for each node, variants, and what is expected. The builder makes it, the
 * runner runs it.
 */
import type { Schedule } from '../actors/scheduler/schedule.ts';
import type { ValueSync } from '../actors/tendermint/index.ts';
import type { CrashImage, DeathKind, Phase } from '../core/events.ts';
import { own } from '../core/own.ts';
import type { ExhibitName, OwnExhibit } from '../museum/exhibit-names.ts';
import type { Topology } from '../network-sim/index.ts';
import type { LostSectors } from '../wal/index.ts';
import type { ApplicationRule } from './application.ts';
import type { PlannedFault } from './faults.ts';
import type { Lies } from './lies.ts';
import type { LinkModel } from './links.ts';
import type { Moment } from './moments.ts';
import type { SignerRule } from './signers.ts';
import type { TimingRule } from './timing.ts';
import type { SiteName } from './vocabulary.ts';

/** Where a process dies; default: at once. `nth` counts from the moment the step is reached. */
export type KillWhen = ({ readonly before: SiteName } | { readonly after: SiteName } | { readonly torn: SiteName }) & {
  readonly nth?: number;
};

/** Where power fails, and which unsynced bytes survive. */
export type When = KillWhen & { readonly image?: CrashImage };

export interface Strike {
  readonly site: string;
  readonly phase: Phase;
  readonly nth: number;
}

export type ScriptStep =
  /**
   * Before anything else: the node is started then, and not at the beginning. Without time and moment: never. `diskOf`: with a copy of what is durable
   * on the disk of that node by then. `signerOf`: with its signer's file alone, and a log of its own.
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
      /** Whose event it is (default: that of the script's own node). */
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
  /** The moment must not come for so long; the script goes on when that time is over. */
  | { readonly type: 'never'; readonly moment: Moment; readonly node?: string; readonly forMs: number; readonly as?: string }
  | { readonly type: 'death'; readonly kind: DeathKind; readonly strike?: Strike; readonly image: CrashImage }
  | { readonly type: 'restart'; readonly afterMs: number }
  | { readonly type: 'isolate'; readonly forMs?: number }
  | { readonly type: 'disk'; readonly fault: ScriptedDiskFault }
  | { readonly type: 'stayDown' };

/**
 * `flip`: a bit of a frame of the newest segment, in the middle or in the last flushed batch. `fail-fsync`: the next sync of the log
 * fails. `wipe`: an empty disk.
 */
export type ScriptedDiskFault =
  | { readonly type: 'flip'; readonly frame: 'middle' | 'last' }
  | { readonly type: 'fail-fsync' }
  | { readonly type: 'wipe' };

/** Exactly these properties and steps must fail; without it all must hold. */
export interface Expectation {
  readonly fail: readonly string[];
  /** Steps of scripts and `decides`, by the names that `as` gives them. */
  readonly steps?: readonly string[];
}

export interface Variant {
  readonly name: string;
  /** `none` is the exhibit `no-wal` by another name. */
  readonly wal?: 'file' | 'none';
  /** `skip` is the exhibit `no-fsync` by another name. */
  readonly disk?: { readonly fsync: 'honest' | 'skip' };
  readonly break?: ExhibitName | OwnExhibit;
  readonly attest?: 'next' | 'strict';
  readonly onCorrupt?: 'halt' | 'abstain';
  /** `none`: no signer has a file. */
  readonly signers?: 'none';
  /** Marks that this variant must reach, beside those of the scenario. */
  readonly mustReach?: readonly string[];
  readonly expect?: Expectation;
}

export interface DecidesCheck {
  readonly height: number;
  readonly withinMs: number;
  readonly nodes?: readonly string[];
  /** By this name a variant expects it to fail. */
  readonly as?: string;
}

/** What must not happen from one time to another (default: from the beginning to the end of the run). */
export interface Absence {
  /** Without it a decision must not happen. */
  readonly moment?: Moment;
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Default: it must not happen at any node. */
  readonly nodes?: readonly string[];
  /** By this name a variant expects it to fail. */
  readonly as?: string;
}

/** The configuration of a node from one of its lives on (1: after its first death): another set of validators, at all heights. */
export interface Reconfiguration {
  readonly life: number;
  readonly validators: Readonly<Record<string, number>>;
}

/** A machine with the key of a validator: a log and a store of its own, and somebody else's name under its votes. */
export interface Standby {
  readonly key: string;
}

export interface ScenarioData {
  readonly name: string;
  readonly description: string;
  /** By its name; default: Tendermint. */
  readonly protocol?: string;
  /** Voting power at height 1; 0: has a key and is not in the set yet. */
  readonly validators: Readonly<Record<string, number>>;
  /** Later sets; the set of a height is the last one that begins at or below it. */
  readonly validatorSets: readonly { readonly from: number; readonly powers: Readonly<Record<string, number>> }[];
  /** Nodes without a key: they follow and say nothing. */
  readonly fullNodes: readonly string[];
  /** Further machines that hold the key of a validator, by their names: they sign in its name. */
  readonly standbys?: Readonly<Record<string, Standby>>;
  /** Nodes whose signer keeps a file of what it signed last, beside the log. */
  readonly signers?: Readonly<Record<string, SignerRule>>;
  readonly proposers: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly network: LinkModel & { readonly links?: Readonly<Record<string, LinkModel>> };
  /** Which nodes are neighbours; signed messages are passed on. */
  readonly topology: Topology;
  readonly gst?: { readonly timeMs: number; readonly boundMs: number };
  readonly valueBytes: number;
  /** The number of newest blocks that each node keeps to serve its peers (default: 1000). */
  readonly keepBlocks?: number;
  /** Rules by which the application is slow or wrong. */
  readonly application?: readonly ApplicationRule[];
  /** Timeouts, repetitions and statuses where they are not as usual. */
  readonly timings?: readonly TimingRule[];
  /** Value sync where it is not as usual; `maxBytes`: of one answer. */
  readonly sync?: ValueSync & { readonly maxBytes?: number };
  /** Nodes that come back with another configuration. */
  readonly reconfigured?: Readonly<Record<string, Reconfiguration>>;
  readonly attest: 'next' | 'strict';
  /** What a node does whose log is damaged, missing or wiped. */
  readonly onCorrupt: 'halt' | 'abstain';
  /** What a sector reads as that a loss of power took, within the length of its file (default: zeros). */
  readonly lostSectors?: LostSectors;
  readonly scripts: Readonly<Record<string, readonly ScriptStep[]>>;
  readonly faults: readonly PlannedFault[];
  /** Faults among them were drawn: one that does nothing is counted, and is no complaint. */
  readonly isDrawn?: true;
  /** Nodes that lie, and how. */
  readonly byzantine: Readonly<Record<string, Lies>>;
  readonly variants: readonly Variant[];
  readonly decides: readonly DecidesCheck[];
  readonly absences?: readonly Absence[];
  /** Properties that it names: all are judged, and these say what it is about. */
  readonly about?: readonly string[];
  readonly mustReach: readonly string[];
  /** A time, or a height and round that every node which is up has reached. */
  readonly until?: { readonly timeMs: number } | { readonly height: number; readonly round: number };
  /** Faults come and go until then; afterwards what can heal heals, and every correct node must decide. */
  readonly safetyMs?: number;
  /** The order of its messages, where it is not that of their arrival. */
  readonly schedule?: Schedule;
}

/** The scenario as this variant has it: its log, and its signers. The broken node of a variant is no part of it. */
export function asVariant(data: ScenarioData, variant: Variant | undefined): ScenarioData {
  const { attest = data.attest, onCorrupt = data.onCorrupt, signers } = variant ?? {};
  const { signers: withFiles, ...others } = data;
  if (signers === 'none' && withFiles !== undefined) return { ...others, attest, onCorrupt };
  return { ...data, attest, onCorrupt };
}

/** The names that `as` gives: those of moments and steps in scripts, and those of what is expected of the whole run. */
export function namesOfSteps({
  scripts,
  decides = [],
  absences = [],
}: Pick<ScenarioData, 'scripts'> & Partial<Pick<ScenarioData, 'decides' | 'absences'>>): readonly string[] {
  const steps = Object.values(scripts).flat();
  return [...steps, ...decides, ...absences].flatMap((one) => ('as' in one ? (one.as ?? []) : []));
}

/** Whether a script begins by saying when its node is started: it is not up at the beginning. */
export function startsLater([first]: readonly ScriptStep[] = []): boolean {
  return first?.type === 'start';
}

/** All nodes: validators, full nodes after them, and then machines with somebody's key. */
export function castOf({
  validators,
  fullNodes,
  standbys = {},
}: Pick<ScenarioData, 'validators' | 'fullNodes' | 'standbys'>): readonly string[] {
  return [...Object.keys(validators), ...fullNodes, ...Object.keys(standbys)];
}

/** The validator that a node signs for: itself, unless it holds the key of another. */
export function signerOf({ standbys = {} }: Pick<ScenarioData, 'standbys'>, node: string): string {
  return own(standbys, node)?.key ?? node;
}
