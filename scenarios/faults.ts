/**
 * Faults as data: what can happen to a world, when, and of which class each kind is. Scripts, drawn fault plans, the shrinker and
 * failure files share this type.
 *
 * Classes: after a `survivable` fault the node goes on without help. After a `detectable` one it halts or abstains, and its power counts as down meanwhile.
 * After an `undetectable` one the node counts as faulty, and its power is added to the Byzantine power.
 */
import type { CrashImage, Phase } from '../core/events.ts';
import type { FileSystem } from '../wal/index.ts';
import type { LinkModel } from './links.ts';
import type { Moment } from './moments.ts';
import type { SiteName } from './vocabulary.ts';

/** When a fault strikes. `nth` counts from 1 and from the start of the run. */
export type Trigger =
  | { readonly timeMs: number }
  | (Moment & { readonly node?: string; readonly nth?: number })
  /** For deaths only: the n-th effect of a site of that node. */
  | { readonly node: string; readonly site: SiteName; readonly phase: Phase; readonly nth: number }
  /** For deaths only: a crash point by its stable name. */
  | { readonly point: string };

/** The newest segment of the log (default), or the newest file of the block store: what it loses the log still holds, or its absence is found. */
export type DamagedFile = 'wal' | 'blocks';

/** What of a disk is lost or put back: the log with the block store, the signer's file, or the application's own store. */
export type DiskPart = 'log' | 'signer' | 'app';

/** A file that can be cut, go missing, or be refused a write: also the newest one of the signer, or of the application's own store. */
export type AnyFile = DamagedFile | 'signer' | 'app';

/** `keepCorrect`: the node still counts as correct, so that a lesson can show which properties the fault violates. */
export type Fault =
  /** All of these nodes lose power at the same instant. Without `restartMs` they stay down. */
  | { readonly type: 'crash'; readonly nodes: readonly string[]; readonly image?: CrashImage; readonly restartMs?: number }
  | { readonly type: 'kill'; readonly nodes: readonly string[]; readonly restartMs?: number }
  | { readonly type: 'pause'; readonly node: string; readonly forMs: number }
  | { readonly type: 'drift'; readonly node: string; readonly perMille: number }
  | {
      readonly type: 'partition';
      readonly groups: readonly (readonly string[])[];
      readonly oneWay: boolean;
      readonly forMs?: number;
      /** On and off in turns of this length. */
      readonly flapMs?: number;
    }
  /**
   * One message from one node to another: the `nth` (from 1, counted from the trigger on) of those that match `where` (type, height, round,
   * value, as in moments). Lost, arriving twice, or arriving this many ms after it was sent.
   */
  | {
      readonly type: 'message';
      readonly from: string;
      readonly to: string;
      readonly where?: Moment['where'];
      readonly nth: number;
      readonly fate: 'lost' | 'twice' | { readonly afterMs: number };
    }
  /**
   * Every message between these nodes (default: all) that matches `where` (type, height, round, value, as in moments), for as long as said (default: to
   * the end of the run). Lost, arriving twice, with a bit changed, or arriving this many ms after it was sent.
   */
  | {
      readonly type: 'rule';
      readonly from?: readonly string[];
      readonly to?: readonly string[];
      readonly where?: Moment['where'];
      readonly fate: 'lost' | 'twice' | 'damaged' | { readonly afterMs: number };
      readonly forMs?: number;
    }
  /** A timer that is armed elapses at once: of that kind, such as `propose`, or (without `timer`) the next one due. */
  | { readonly type: 'timer'; readonly node: string; readonly timer?: string }
  | { readonly type: 'weather'; readonly link: LinkModel; readonly forMs: number }
  | {
      readonly type: 'fsync-fails';
      readonly node: string;
      readonly fileSystem: FileSystem;
      readonly file: AnyFile;
      readonly restartMs: number;
    }
  | { readonly type: 'fsync-lies' | 'unsafe-overwrite'; readonly node: string; readonly keepCorrect?: boolean }
  | { readonly type: 'slow-fsync'; readonly node: string; readonly byMs: number; readonly forMs: number }
  | {
      readonly type: 'write-fails';
      readonly node: string;
      readonly code: 'ENOSPC' | 'EIO';
      /** The number of bytes that are written before the error. */
      readonly written: number;
      readonly file: AnyFile;
      readonly restartMs: number;
    }
  | {
      readonly type: 'lost-write' | 'misdirected';
      readonly node: string;
      readonly file?: DamagedFile;
      readonly keepCorrect?: boolean;
    }
  | {
      readonly type: 'bit-flip' | 'unreadable';
      readonly node: string;
      /** In the promise not to vote: its first slot, or the last one that was written. In the signer's file: the kind, or the height. */
      readonly frame: 'middle' | 'last';
      /** `promise`: what a node has written that has lost its log, and must not vote for a while. */
      readonly file?: AnyFile | 'promise';
      /** Where a bit flips: in the frame's payload (default), or in its length. */
      readonly part?: 'payload' | 'length';
      readonly keepCorrect?: boolean;
    }
  | { readonly type: 'lost-tail'; readonly node: string; readonly bytes: number; readonly file?: AnyFile }
  | { readonly type: 'missing'; readonly node: string; readonly file: AnyFile }
  | {
      readonly type: 'downgrade';
      readonly node: string;
      readonly file?: DamagedFile;
      /** What a newer version has written: the header of the file (default), or the payload of its last frame. */
      readonly part?: 'header' | 'frame';
    }
  /** `of`: a part of the disk alone (default: all of it). */
  | { readonly type: 'wipe'; readonly node: string; readonly of?: DiskPart }
  /** A copy of the disk is taken now, and put back `afterMs` later, when power fails. `of`: a part of the disk alone (default: all of it). */
  | {
      readonly type: 'old-snapshot';
      readonly node: string;
      readonly afterMs: number;
      readonly of?: DiskPart;
      readonly keepCorrect?: boolean;
    };

export interface PlannedFault {
  readonly trigger: Trigger;
  readonly fault: Fault;
}

export type FaultClass = 'survivable' | 'detectable' | 'undetectable';

export interface FaultKind {
  readonly class: FaultClass;
  readonly models: string;
  readonly leavesOut: string;
  /** What must happen, and what a test checks. */
  readonly must: string;
  /** Where this kind of fault was reported or measured. */
  readonly source: string;
}

/** `detectable` where `attest: 'strict'` finds it and `next` cannot is said under `must`; the class here is that under `next`. */
export const faultKinds: Readonly<Record<Fault['type'], FaultKind>> = {
  crash: {
    class: 'survivable',
    models: 'a power loss: the page cache is gone, and of pending writes any part is left',
    leavesOut: 'disks that lose what they acknowledged (fsync-lies)',
    must: 'replay restores every frame that was acknowledged, and what else is left; the node votes the same again',
    source:
      'Zheng et al., Understanding the Robustness of SSDs under Power Fault, FAST 2013 (torn and reordered writes); etcd issue 6378',
  },
  kill: {
    class: 'survivable',
    models: 'the death of the process alone (SIGKILL, an abort): the page cache stays',
    leavesOut: 'a death of one thread among several',
    must: 'replay restores every frame that was written, and makes it durable before it is relied upon',
    source: 'tendermint issue 4578: nodes killed at random find their log damaged',
  },
  pause: {
    class: 'survivable',
    models: 'SIGSTOP, a long garbage collection, a frozen virtual machine',
    leavesOut: 'a disk that works on while the process is paused',
    must: 'nothing happens at the node; then it goes on where it was, in the same life. Peers go on without it',
    source: 'nats-server issue 7567: processes paused around a crash; tikv issue 964 on collectors and schedulers',
  },
  drift: {
    class: 'survivable',
    models: 'a clock that runs fast or slow: timeouts elapse early or late',
    leavesOut: 'clocks that jump',
    must: 'its timers elapse later or earlier by that share; safety holds, and rounds are lost until timeouts have grown past the delays',
    source: 'etcd issue 6005 and tikv issue 964: leases held too long by clocks that run apart',
  },
  partition: {
    class: 'survivable',
    models: 'groups that cannot hear each other, one way or both, for a while or in turns',
    leavesOut: 'links that fail for single kinds of messages',
    must: 'a group with a quorum goes on, the others do not; no two decide differently; after healing all decide',
    source: 'Alquraan et al., An Analysis of Network-Partitioning Failures in Cloud Systems, OSDI 2018',
  },
  message: {
    class: 'survivable',
    models: 'one message that is lost, arrives twice, early or late',
    leavesOut: 'changed bytes (weather)',
    must: 'the node goes on: what it needs is sent again, what it has is dropped and not logged',
    source: 'ktoso/akka-raft issue 66: one append that comes late costs a committed entry',
  },
  rule: {
    class: 'survivable',
    models: 'a link, a proxy or a filter that drops, doubles, damages or holds back one kind of message for a while',
    leavesOut: 'changes that keep a signature right (byzantine roles)',
    must: 'the node goes on without these messages, or later; what is damaged is refused at the door; after it all decide',
    source: 'the integration tests of Malachite, byzantine_engine: nodes whose votes, or proposals, are dropped',
  },
  timer: {
    class: 'survivable',
    models: 'a timer that elapses early: a coarse clock, one that jumps',
    leavesOut: 'timers that never elapse (drift, pause)',
    must: 'the timeout is logged as any other, and a later life votes as this one did; at worst a round is lost',
    source: 'async-raft issue 26: a timeout that comes too early',
  },
  weather: {
    class: 'survivable',
    models: 'delay, loss, duplication, reordering and corruption on all links for a while',
    leavesOut: 'limits of bandwidth',
    must: 'what is signed and damaged is refused at the door; a status is not signed, and a false one costs a question; after it all decide',
    source: 'Stone and Partridge, When the CRC and TCP Checksum Disagree, SIGCOMM 2000 (damage that links do not notice)',
  },
  'fsync-fails': {
    class: 'detectable',
    models: 'an fsync that reports an error once and marks its pages clean (ext4, XFS, Btrfs)',
    leavesOut: 'a second report to another descriptor',
    must: 'the node stops, nothing held by its gate ever leaves, and the next life writes anew what it reads: ext4 and XFS still show the failed pages, Btrfs does not',
    source: 'Rebello et al., Can Applications Recover from fsync Failures?, ATC 2020',
  },
  'fsync-lies': {
    class: 'undetectable',
    models: 'a device that acknowledges flushes and drops them',
    leavesOut: 'devices that flush a little later',
    must: 'the node counts as faulty, and comes back from where the lies began; the others agree while faulty power is below a third',
    source: 'SQLite, How To Corrupt An SQLite Database File, section 3.1: drives that do not honor sync requests',
  },
  'unsafe-overwrite': {
    class: 'undetectable',
    models:
      'a device without powersafe overwrite: of the sector that it writes when power fails nothing is left, not even what had been synced',
    leavesOut: 'sectors larger than 512 bytes, and neighbours of the one that is written',
    must: 'the node counts as faulty under `next`, as the frames of that sector are gone with their observer; strict attestation, whose slots are in sectors of their own, finds it. In the block store: found. A kill loses nothing',
    source: 'SQLite, Powersafe Overwrite: a sector in which power fails reads as all zeros, other bytes of it included',
  },
  'slow-fsync': {
    class: 'survivable',
    models: 'a device that takes long for a flush',
    leavesOut: 'reads that become slow with it',
    must: 'votes wait for their flush; several share one',
    source: 'Gunawi et al., Fail-Slow at Scale, FAST 2018',
  },
  'write-fails': {
    class: 'detectable',
    models: 'a full or failing disk: ENOSPC, EIO, a short write',
    leavesOut: 'a disk that stays full',
    must: 'the node stops; the half frame, with what was appended after it, is a torn tail of the next life',
    source: 'tendermint issue 5019: the log cannot be flushed, no space left; ZOOKEEPER-1621',
  },
  'lost-write': {
    class: 'undetectable',
    models: 'a write that was acknowledged with its flush and never made',
    leavesOut: 'losses of more than one write',
    must: 'the node counts as faulty; strict attestation finds it at the next boot, `next` where a later frame speaks of it. In the block store: made good from the log while that holds it, or found',
    source: 'Bairavasundaram et al., An Analysis of Data Corruption in the Storage Stack, FAST 2008 (parity inconsistencies)',
  },
  misdirected: {
    class: 'undetectable',
    models: 'a write that went one sector astray, over what was durable',
    leavesOut: 'a write into another file',
    must: 'the node counts as faulty; what was written over is found at boot where a later frame, or a header, speaks of it. So in the block store',
    source: 'Bairavasundaram et al., An Analysis of Data Corruption in the Storage Stack, FAST 2008 (identity discrepancies)',
  },
  'bit-flip': {
    class: 'detectable',
    models: 'a bit that flipped at rest',
    leavesOut: 'damage that the device itself reports',
    must: 'in an attested frame: found at boot, never cut. In the last batch: cut under `next`, and the node counts as faulty; found under `strict`. In the last stored block: made good from the log while that holds it, or found',
    source: 'Bairavasundaram et al., An Analysis of Data Corruption in the Storage Stack, FAST 2008 (checksum mismatches)',
  },
  unreadable: {
    class: 'detectable',
    models: 'a sector that cannot be read any more',
    leavesOut: 'sectors that come back',
    must: 'as a flipped bit, in all frames of its sector; with the header in it, found at boot. Under `next` the node counts as faulty, as the sector may hold the evidence',
    source: 'Bairavasundaram et al., An Analysis of Latent Sector Errors in Disk Drives, SIGMETRICS 2007',
  },
  'lost-tail': {
    class: 'undetectable',
    models: 'the end of a file gone, as after a lost update of its size',
    leavesOut: 'holes',
    must: 'the frames before are replayed and the node counts as faulty under `next`; strict attestation finds it. In the block store: made good from the log while that holds it, or found',
    source: 'baidu/braft issue 254: closed segments that have lost their ends after a power failure',
  },
  missing: {
    class: 'undetectable',
    models: 'a file that is gone with its name',
    leavesOut: 'files under lost+found',
    must: 'a missing store, or a height without a segment, is found at boot; a segment that is missing beside the one before it is born anew: nothing rested on it. For the log the node counts as faulty under `next`',
    source: 'ClickHouse issue 116316 and KAFKA-3968: a synced segment whose name is gone after a power failure',
  },
  downgrade: {
    class: 'detectable',
    models:
      'a binary that is started on what a newer one has written: a right header of a version that it does not know, or a whole frame with such a payload',
    leavesOut: 'the newer binary, which would read it',
    must: 'the node halts, and says which file and version; it touches nothing, nor does it abstain: nothing is damaged, and the binary that wrote it can go on. A frame that is not understood is never cut: the node halts and says where it is, or abstains',
    source:
      'libsql/sqld pull request 447: a log whose version does not fit is reset and generated anew; not so any more since tursodatabase/libsql 1296',
  },
  wipe: {
    class: 'detectable',
    models: 'a disk replaced by an empty one',
    leavesOut: "a disk replaced by another node's",
    must: "the node halts; or it asks, and abstains through the height after the highest that any of a quorum of its peers names; a node without a key begins its store anew. If it is the application's own store alone, all blocks that are kept are executed again",
    source: 'etcd issue 10254: a member started again on an emptied disk; nats-server pull request 7038',
  },
  'old-snapshot': {
    class: 'undetectable',
    models: 'a backup or a virtual machine put back to an earlier state',
    leavesOut: 'a snapshot of one file only',
    must: 'power fails, and the node counts as faulty and comes back from where the copy was taken; the others agree while faulty power is below a third. An application whose own store is newer than the blocks stops its node; one whose store is older executes the blocks since again',
    source: 'Telcoin-Association/telcoin-network issue 391: a validator put back from a backup signs its rounds a second time',
  },
};

/** The nodes that a fault touches. */
export function nodesOf(fault: Fault): readonly string[] {
  if ('nodes' in fault) return fault.nodes;
  if (fault.type === 'message') return [fault.from, fault.to];
  if (fault.type === 'rule') return [...(fault.from ?? []), ...(fault.to ?? [])];
  return 'node' in fault ? [fault.node] : [];
}
