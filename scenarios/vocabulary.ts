/** The names by which scenarios call events and sites. A protocol of one's own may report more events; sites are the node's, and all are here. */

/** Effects that touch disk, wire, timer or host, of a node of any protocol. */
export const sites = [
  'boot.list',
  'boot.read',
  'replay.frame',
  'segment.create',
  'segment.open',
  'segment.prune',
  'store.create',
  'store.open',
  'store.append',
  'store.flush',
  'wal.append',
  'wal.flush',
  'wal.attest',
  'abstain.write',
  'publish',
  'send',
  'relay',
  'timer.set',
  'timer.cancel',
  'value.get',
  'decided',
] as const;

/** What is told of any node. */
export const eventsOfAnyNode = [
  'publish',
  'wal.append',
  'wal.flush',
  'crash',
  'kill',
  'restart',
  'stopped',
  'lifecycle',
  'judged',
  'recovered',
  'replay.begin',
  'replay.end',
  'vote.cast',
  'abstain.begin',
  'abstain.until',
  'abstain.end',
  'mark',
] as const;

/** What the definitions of the protocols that ship report. */
export const tendermintEvents = [
  'proposal.local',
  'height.start',
  'round.start',
  'timeout',
  'locked',
  'decided',
  'evidence',
] as const;
export const raftEvents = ['elected', 'committed'] as const;

export type SiteName = (typeof sites)[number];
/** An event by its name: of any node, of the protocols that ship, or one that a protocol of one's own reports. */
export type EventName = (typeof eventsOfAnyNode)[number] | TendermintEvent | RaftEvent | (string & {});
type TendermintEvent = (typeof tendermintEvents)[number];
type RaftEvent = (typeof raftEvents)[number];
