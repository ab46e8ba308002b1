/** Rules that keep a record of each node. What is wrong at an event becomes a violation of its node. */
import type { Monitor, Observer, RunEvent, Setting } from '../../core/events.ts';
import { type Judged, withViolation } from '../judged.ts';
import { copiedDisk } from './copied-disk.ts';

export interface NodeRecords<NodeRecord> extends Judged {
  /** In the order of the setting's nodes. */
  readonly nodes: readonly NodeRecord[];
}

interface Wrong {
  readonly what: string;
  readonly height: number;
}

/** What a rule finds at one event, beside the record. */
export class Findings {
  isExercised = false;
  wrong: readonly Wrong[] = [];

  /** `what`: after the name of the node, such as "decided twice". Height 0: of no height. */
  complain(what: string, height = 0): void {
    this.wrong = [...this.wrong, { what, height }];
  }
}

/** The record of a node after an event. It is the same object where the event changes nothing. `place`: of the node in the setting. */
export type LookAtRecord<NodeRecord> = (
  record: NodeRecord,
  event: RunEvent,
  observer: Observer,
  findings: Findings,
  place: number,
) => NodeRecord;

/** The `look` of a monitor that keeps such records. A node that begins with a copy of another's disk has the record of that one, as if it had just died. */
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
