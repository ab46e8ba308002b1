/**
 * What happened in a run, read from its events and its simulated disks. It shares no code with the page's record: log frames are read by the log's
 * own reader, own votes from the vote keeper, and whether bytes are durable is asked of the disk.
 */
import { type VoteKeeper, voteBy, votesOf } from '../../../actors/tendermint/vote-keeper.ts';
import type { PageRecord } from '../../../apps/page/record/page-record.ts';
import { type Claim, isCalled, type Occurrence } from '../../../apps/page/story/claim.ts';
import type { Observer, RunEvent } from '../../../core/events.ts';
import type { ScenarioData } from '../../../scenarios/index.ts';
import { signerOf } from '../../../scenarios/model.ts';
import { protocolNamed } from '../../../scenarios/protocols.ts';
import { dataWords } from '../../../scenarios/trace-text.ts';
import { frameHeaderBytes, frameSeed, segmentHeaderBytes, uint32At } from '../../../wal/format.ts';
import { frameAt, sourceOf, Window } from '../../../wal/frames.ts';

interface Frame {
  readonly node: string;
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
  readonly label: string;
  readonly isLog: boolean;
  readonly appended: number;
  durable: number;
  lost: number;
  removed: number;
}

interface Happening {
  readonly event: number;
  readonly node: string;
  readonly is: Occurrence['is'] | 'lost';
  readonly label: string;
  readonly other: string;
}

const never = Number.POSITIVE_INFINITY;

export class Evidence {
  readonly #frames: Frame[] = [];
  readonly #happenings: Happening[] = [];
  readonly #votes = new Map<string, { readonly event: number; readonly labels: readonly string[] }[]>();
  readonly #states = new Map<string, unknown>();
  readonly #data: ScenarioData;

  constructor(data: ScenarioData) {
    this.#data = data;
  }

  observe(event: RunEvent, observer: Observer): void {
    const { node, index, type } = event;
    if (type === 'death' || type === 'restart') this.#happens(index, node, type, '', '');
    if (type === 'death') this.#die(node, index, observer);
    if (type === 'fault' || type === 'restart') this.#damage(node, index, observer);
    if (type === 'done') this.#sync(node, index, observer);
    if (type === 'lost') this.#happens(index, node, 'lost', dataWords(event.data), event.to);
    if (type === 'deliver' && event.actor === 'network') this.#hear(index, event.node, event.message as object, observer.nodes);
    if (type === 'effect') this.#effect(event, observer);
    for (const name of observer.nodes) this.#remember(name, index, observer);
  }

  #happens(event: number, node: string, is: Happening['is'], label: string, other: string): void {
    this.#happenings.push({ event, node, is, label, other });
  }

  #effect(event: RunEvent & { readonly type: 'effect' }, observer: Observer): void {
    const { effect, node, index } = event;
    const protocol = protocolNamed(this.#data.protocol);
    if (effect.type === 'observe' && effect.event === 'said')
      this.#happens(index, node, 'said', dataWords(effect.detail['input'] as object), '');
    if (effect.type === 'transmit' && protocol.isOwnMessage(effect.data, signerOf(this.#data, node)))
      this.#happens(index, node, 'sent', dataWords(effect.data), '');
    if (effect.type === 'disk' && effect.operation.type === 'remove')
      for (const frame of this.#frames)
        if (frame.node === node && frame.file === effect.operation.file && frame.removed === never) frame.removed = index;
    if (effect.type !== 'disk' || effect.operation.type !== 'append') return;
    const { file, bytes } = effect.operation;
    const base = observer.fileLength(node, file);
    const head = base === 0 ? bytes : (observer.fileBytes(node, file) ?? bytes);
    if (head.length < segmentHeaderBytes) return;
    const seed = frameSeed(uint32At(head, 36), uint32At(head, 12));
    const window = new Window(sourceOf(bytes));
    let at = base === 0 ? segmentHeaderBytes : 0;
    for (let frame = frameAt(window, at, seed); frame !== undefined; frame = frameAt(window, at, seed)) {
      const end = frame.offset + frame.length;
      this.#frames.push({
        node,
        file,
        from: base + at,
        to: base + end,
        bytes: bytes.subarray(at, end),
        label: this.#labelOf(node, frame.kind ?? '', bytes.subarray(at + frameHeaderBytes, end)),
        isLog: file.startsWith('wal/'),
        appended: index,
        durable: never,
        lost: never,
        removed: never,
      });
      at = end;
    }
  }

  #labelOf(node: string, kind: string, payload: Uint8Array): string {
    if (kind !== 'own' && kind !== 'input') return kind;
    const protocol = protocolNamed(this.#data.protocol);
    try {
      const input = protocol.definition(protocol.configuration(this.#data, node)).decode(payload) as Readonly<
        Record<string, unknown>
      >;
      const from = input['validator'] ?? input['proposer'] ?? input['voter'] ?? input['follower'] ?? '';
      return kind === 'own' || from === '' ? dataWords(input) : `${dataWords(input)} of ${String(from)}`;
    } catch {
      return kind;
    }
  }

  #sync(node: string, index: number, observer: Observer): void {
    for (const frame of this.#frames)
      if (
        frame.node === node &&
        frame.durable === never &&
        frame.lost === never &&
        observer.isDurable(node, frame.file, frame.from, frame.to)
      )
        frame.durable = index;
  }

  #die(node: string, index: number, observer: Observer): void {
    for (const frame of this.#frames) {
      if (frame.node !== node || frame.lost !== never || frame.durable !== never || frame.removed !== never) continue;
      const left = observer.fileBytes(node, frame.file)?.subarray(frame.from, frame.to);
      if (left === undefined || Buffer.compare(left, frame.bytes) !== 0) frame.lost = index;
    }
  }

  /** What was durable, and is no more on a disk that was wiped or damaged at rest. */
  #damage(node: string, index: number, observer: Observer): void {
    for (const frame of this.#frames) {
      if (frame.node !== node || frame.durable === never || frame.lost !== never || frame.removed !== never) continue;
      const left = observer.fileBytes(node, frame.file)?.subarray(frame.from, frame.to);
      if (left === undefined || Buffer.compare(left, frame.bytes) !== 0) frame.removed = index;
    }
  }

  #hear(index: number, by: string, message: object, nodes: readonly string[]): void {
    const { isOwnMessage } = protocolNamed(this.#data.protocol);
    const label = dataWords(message);
    // What was damaged on the way may carry the name of a node that has not said it.
    const hasSent = (node: string): boolean =>
      this.#happenings.some((one) => one.is === 'sent' && one.node === node && one.label === label);
    for (const node of nodes)
      if (node !== by && isOwnMessage(message as Parameters<typeof isOwnMessage>[0], signerOf(this.#data, node)) && hasSent(node))
        this.#happens(index, node, 'heard', label, by);
  }

  /** The votes of its own that a node has counted; they are its memory of them. */
  #remember(node: string, index: number, observer: Observer): void {
    const state = observer.actorState(node, 'consensus');
    if (this.#states.get(node) === state) return;
    this.#states.set(node, state);
    const core = (state as { readonly inner?: { readonly core?: { readonly keeper?: VoteKeeper } } } | undefined)?.inner?.core;
    const tallies = (core?.keeper?.rounds ?? []).flatMap(({ prevote, precommit }) => [prevote, precommit]);
    const labels = tallies
      .filter((tally) => voteBy(tally, node) !== undefined && votesOf(tally).length > 0)
      .map((tally) => dataWords(voteBy(tally, node) as object));
    const known = this.#votes.get(node) ?? [];
    known.push({ event: index, labels });
    this.#votes.set(node, known);
  }

  /** Why a claim is not supported by the run; undefined: it is. */
  refutes(claim: Claim, record: PageRecord): string | undefined {
    const until = (record.rows[claim.position + 1]?.event ?? Number.MAX_SAFE_INTEGER) - 1;
    const holds = this.#holds(claim, until, record);
    return holds === (claim.not !== true)
      ? undefined
      : `${JSON.stringify(claim)} is false in ${record.data.name} (${record.variant ?? record.exhibit ?? 'honest'})`;
  }

  #holds(claim: Claim, until: number, record: PageRecord): boolean {
    switch (claim.kind) {
      case 'durable': {
        const { written } = claim;
        const range =
          written === undefined
            ? undefined
            : ([record.rows[written]?.event ?? 0, (record.rows[written + 1]?.event ?? never) - 1] as const);
        const frames = this.#framesOf(claim.node, claim.what, until).filter(
          ({ appended }) => range === undefined || (appended >= range[0] && appended <= range[1]),
        );
        return (
          record.log !== 'none' &&
          frames.length > 0 &&
          frames.some(({ durable, lost, removed }) => durable <= until && lost > until && removed > until)
        );
      }
      case 'lost':
        if (claim.to !== undefined) return this.#at('lost', claim.node, claim.what, until, claim.to) !== never;
        return this.#framesOf(claim.node, claim.what, until).some(
          ({ lost }) => lost <= until && lost >= this.#lastDeath(claim.node, until),
        );
      case 'heard':
        if (claim.by.length === 0) return this.#at('heard', claim.node, claim.what, until) !== never;
        return claim.by.every((by) => this.#at('heard', claim.node, claim.what, until, by) !== never);
      case 'forgot': {
        const restart = this.#happenings.findLast(
          ({ is, node, event }) => is === 'restart' && node === claim.node && event <= until,
        );
        const isSaid = this.#at('said', claim.node, claim.what, restart?.event ?? until) !== never;
        const now = this.#votes.get(claim.node)?.findLast(({ event }) => event <= until + 1)?.labels ?? [];
        return restart !== undefined && isSaid && !now.some((label) => isCalled(label, claim.what));
      }
      case 'before': {
        const [first, second] = [this.#when(claim.first), this.#when(claim.second)];
        return first <= until && first < second;
      }
    }
  }

  #framesOf(node: string, what: string, until: number): readonly Frame[] {
    return this.#frames.filter(
      (frame) => frame.node === node && frame.isLog && frame.appended <= until && isCalled(frame.label, what),
    );
  }

  #lastDeath(node: string, until: number): number {
    return this.#happenings.findLast((one) => one.is === 'death' && one.node === node && one.event <= until)?.event ?? never;
  }

  #at(is: Happening['is'], node: string, what: string, until: number, other?: string): number {
    return (
      this.#happenings.find(
        (one) =>
          one.is === is &&
          one.node === node &&
          one.event <= until &&
          isCalled(one.label, what) &&
          (other === undefined || one.other === other),
      )?.event ?? never
    );
  }

  #when({ node, is, what = '', by }: Occurrence): number {
    if (is === 'durable') return Math.min(never, ...this.#framesOf(node, what, never).map(({ durable }) => durable));
    return this.#at(is, node, what === '' ? '*' : what, never, by);
  }
}
