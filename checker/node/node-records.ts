/** A base for monitors that keep one record for each node. A complaint at an event becomes a violation by the event's node. */
import type { Monitor, Observer, RunEvent, Setting } from '../../core/events.ts';
import { type Judged, withViolation } from '../judged.ts';
import { copiedDisk } from './copied-disk.ts';

export interface NodeRecords<NodeRecord> extends Judged {
  /** One record for each node, in the order of the setting. */
  readonly nodes: readonly NodeRecord[];
}

interface Wrong {
  readonly what: string;
  readonly height: number;
}

/** What a rule finds at one event, apart from the new record. */
export class Findings {
  isExercised = false;
  wrong: readonly Wrong[] = [];

  /** Adds a complaint. `what` follows the name of the node, such as "decided twice". Height 0 means that no height is concerned. */
  complain(what: string, height = 0): void {
    this.wrong = [...this.wrong, { what, height }];
  }
}

/** Returns the record of a node after an event: the same object if the event changes nothing. `place` is the node's index in the setting. */
export type LookAtRecord<NodeRecord> = (
  record: NodeRecord,
  event: RunEvent,
  observer: Observer,
  findings: Findings,
  place: number,
) => NodeRecord;

/** The `look` of such a monitor. A node that starts with a copy of another node's disk gets that node's record, after a death (copied-disk.ts). */
export function lookByNode<NodeRecord>(
  { nodes }: Setting,
  look: LookAtRecord<NodeRecord>,
): Monitor<NodeRecords<NodeRecord>>['look'] {
  const places = new Map(nodes.map((node, place) => [node, place]));
  return (memory, event, observer) => {
    const { node, index } = event;
    const place = places.get(node) as number;
    const copied = copiedDisk(event);
    const of = copied === undefined ? place : (places.get(copied.from) as number);
    const findings = new Findings();
    const record = look(memory.nodes[of] as NodeRecord, copied?.death ?? event, observer, findings, place);
    const isNew = record !== memory.nodes[place];
    let next = memory;
    if (isNew || (findings.isExercised && !memory.isExercised))
      next = {
        violations: memory.violations,
        isExercised: memory.isExercised || findings.isExercised,
        nodes: isNew ? memory.nodes.with(place, record) : memory.nodes,
      };
    for (const { what, height } of findings.wrong)
      next = withViolation(next, { message: `${node} ${what}`, event: index, nodes: [node], height });
    return next;
  };
}
