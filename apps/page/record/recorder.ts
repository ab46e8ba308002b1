/** Makes of the events of a run what the page shows: of a simulated run, or of real nodes. */

import { roundChart } from '../../../actors/tendermint/index.ts';
import type { Observer, RunEvent } from '../../../core/events.ts';
import { momentOf, type NamedMoment, type PropertyResult, type ScenarioData, scenarioSource } from '../../../scenarios/index.ts';
import { signerOf } from '../../../scenarios/model.ts';
import { protocolNamed } from '../../../scenarios/protocols.ts';
import { dataWords, wordsOf } from '../../../scenarios/trace-text.ts';
import { CutMonitor } from './cut-monitor.ts';
import { FrameMonitor, type WatchedFrame } from './frame-monitor.ts';
import { PageMonitor } from './page-monitor.ts';
import type { ChartState, DecisionMade, FrameLife, MessageLife, PageRecord, Row, RowKind } from './page-record.ts';

/** Bytes of a frame that are kept to be looked at; none in long runs. */
const shownBytes = 96;
const longRun = 30_000;

/** A record with the named moments of its run, each with its row. */
export interface Recorded {
  readonly record: PageRecord;
  readonly moments: readonly PlacedMoment[];
}

export interface PlacedMoment {
  readonly moment: NamedMoment;
  readonly row: number;
}

/** Sees each event of a run as it happens, and keeps what only the observer knows. */
export class RunWatcher {
  readonly memories: PageMonitor;
  readonly frames: FrameMonitor;
  readonly cuts: CutMonitor;

  constructor(data: ScenarioData) {
    this.memories = new PageMonitor();
    this.frames = new FrameMonitor(data);
    this.cuts = new CutMonitor();
  }

  observe(event: RunEvent, observer: Observer): void {
    this.memories.observe(event, observer);
    this.frames.observe(event, observer);
    this.cuts.observe(event, observer);
  }
}

/** A run that is over. `isReal`: processes of the operating system wrote it. */
export type FinishedRun = Pick<
  PageRecord,
  'data' | 'exhibit' | 'variant' | 'seed' | 'hash' | 'verdict' | 'asExpected' | 'nodes' | 'faulty' | 'isReal'
> & {
  readonly events: Iterable<RunEvent>;
  readonly eventCount: number;
  readonly properties: readonly PropertyResult[];
};

export class Recorder {
  readonly #data: ScenarioData;
  readonly #run: FinishedRun;
  readonly #memories: PageMonitor;
  readonly #frames: FrameMonitor;
  readonly #cuts: CutMonitor;
  readonly #nodes: readonly string[];
  readonly #rows: Row[] = [];
  readonly #moments: PlacedMoment[] = [];
  readonly #messages: MessageLife[] = [];
  readonly #decisions: DecisionMade[] = [];
  readonly #downtimes: { node: number; from: number; to: number }[] = [];
  /** The row of an event, or that of its nearest cause that has one. */
  readonly #rowOf: number[] = [];
  readonly #underWay = new Map<string, MessageLife[]>();

  constructor(run: FinishedRun, { memories, frames, cuts }: RunWatcher) {
    this.#data = run.data;
    this.#run = run;
    this.#memories = memories;
    this.#frames = frames;
    this.#cuts = cuts;
    this.#nodes = run.nodes;
  }

  recorded(): Recorded {
    const { events, eventCount, properties, seed, hash, verdict, asExpected, variant, exhibit, faulty, isReal } = this.#run;
    for (const event of events) this.#take(event);
    this.#loseAtTheDead();
    if (isReal === true) this.#loseOvertaken();
    const rowAt = (event: number): number => this.#rowOf[Math.min(event, this.#rowOf.length - 1)] ?? -1;
    const log = exhibit === 'no-wal' ? 'none' : 'file';
    const record: PageRecord = {
      version: 1,
      data: this.#data,
      exhibit,
      variant,
      seed,
      hash,
      verdict,
      asExpected,
      events: eventCount,
      ...(isReal === undefined ? {} : { isReal }),
      nodes: this.#nodes,
      faulty,
      rows: this.#rows,
      log,
      frames: this.#frames.frames
        .filter(({ label }) => log === 'file' || label === 'block')
        .map((frame) => this.#life(frame, (event) => (event === -1 ? -1 : rowAt(event)))),
      messages: this.#messages,
      decisions: this.#decisions,
      memories: this.#memories.seen.map(({ event, node, fields }) => ({
        row: Math.max(0, rowAt(event)),
        node: this.#nodes.indexOf(node),
        fields,
      })),
      downtimes: this.#downtimes,
      cuts: this.#cuts.seen.map(({ event, links }) => ({
        row: Math.max(0, rowAt(event)),
        links: links.map(([from, to]) => [this.#nodes.indexOf(from), this.#nodes.indexOf(to)] as const),
      })),
      properties: properties.map(({ name, verdict: judged, message, event }) => ({
        name,
        verdict: judged,
        message: message ?? '',
        row: event === undefined || event < 0 ? -1 : rowAt(event),
      })),
      source: isReal === true ? '' : sourceOf(this.#data),
      chart: this.#data.protocol === undefined ? chartOf() : [],
    };
    return { record, moments: this.#moments };
  }

  #life({ node, file, label, isOwn, bytes, appended, durable, gone, damaged, isLost }: WatchedFrame, rowAt: RowAt): FrameLife {
    const isLong = this.#run.eventCount > longRun;
    return {
      node: this.#nodes.indexOf(node),
      file,
      label,
      isOwn,
      bytes: bytes.length,
      hex: isLong ? '' : [...bytes.subarray(0, shownBytes)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      cached: rowAt(appended),
      durable: rowAt(durable),
      gone: rowAt(gone),
      damaged: rowAt(damaged),
      isLost,
    };
  }

  #take(event: RunEvent): void {
    const words = wordsOf(event);
    const cause = event.cause >= 0 ? (this.#rowOf[event.cause] ?? -1) : -1;
    const node = this.#nodes.indexOf(event.node);
    if (words === undefined) {
      this.#rowOf[event.index] = Math.max(cause, this.#rows.length - 1);
    } else {
      this.#rowOf[event.index] = this.#rows.length;
      const tidy = this.#tidy(event, words.replace(/\s{2,}/g, '  ').trim());
      this.#rows.push({ event: event.index, time: event.time, node, life: event.life, kind: rowKind(event), words: tidy, cause });
    }
    const row = Math.max(0, this.#rowOf[event.index] ?? 0);
    const moment = momentOf(event);
    if (moment !== undefined) this.#moments.push({ moment, row });
    this.#follow(event, node, row);
  }

  /** In fewer words than a trace: which frame, which vote. */
  #tidy(event: RunEvent, words: string): string {
    if (event.type !== 'effect') return words;
    const { effect } = event;
    if (effect.type === 'observe' && effect.event === 'said') {
      const said = effect.detail['input'] as Readonly<Record<string, unknown>>;
      return `${words.split(' ')[0]}  ${dataWords(said)}`;
    }
    if (effect.type !== 'disk') return words;
    const { site, operation } = effect;
    if (site === 'wal.append' && operation.type === 'append')
      return `wal.append  ${this.#frames.labelOf(operation.bytes, event.node)}`;
    return site === 'wal.flush' ? 'wal.flush  sync' : words;
  }

  /** What lives longer than an event: messages, downtimes. */
  #follow(event: RunEvent, node: number, row: number): void {
    if (event.type === 'death' || event.type === 'stopped') this.#downtimes.push({ node, from: row, to: -1 });
    else if (event.type === 'restart') {
      const down = this.#downtimes.findLast((one) => one.node === node);
      if (down !== undefined && down.to === -1) down.to = row;
    } else if (event.type === 'lost') {
      const message = this.#messageTo(event.cause, event.to);
      if (message !== undefined) message.lost = row;
    } else if (event.type === 'fault' && event.kind === 'corrupted') {
      // What arrives is another message than was sent.
      const message = this.#messageTo(event.cause, String(event.detail['to']));
      if (message !== undefined) message.lost = row;
    } else if (event.type === 'deliver' && event.actor === 'network') {
      const message = this.#messageTo(event.cause, event.node);
      if (message !== undefined) message.heard = row;
    } else if (event.type === 'effect') {
      if (event.effect.type === 'transmit') this.#send(event, node, row);
      else if (event.effect.type === 'host.decide') this.#decide(event.effect.decision, node, row);
    }
  }

  /** A node that comes back may decide a height again. */
  #decide(decision: unknown, node: number, row: number): void {
    const { height, value } = (decision ?? {}) as { readonly height?: unknown; readonly value?: unknown };
    if (typeof height === 'number' && typeof value === 'string') this.#decisions.push({ row, node, height, value });
  }

  #send(event: RunEvent & { readonly type: 'effect' }, from: number, row: number): void {
    const { effect } = event;
    if (effect.type !== 'transmit' || effect.data.type === 'status') return;
    const isOwn = protocolNamed(this.#data.protocol).isOwnMessage(effect.data, signerOf(this.#data, event.node));
    const { type, voteType, height, round, term, value, candidate } = effect.data as unknown as Readonly<Record<string, unknown>>;
    const promise =
      isOwn && type !== 'ack' ? `${String(height ?? 'term')}.${String(round ?? term ?? 0)} ${String(voteType ?? type)}` : '';
    const named = Object.entries({ type: voteType ?? type, height, round, value }).filter(([, one]) => one !== undefined);
    const where = Object.fromEntries(named) as MessageLife['where'];
    const sent = effect.to.map((name): MessageLife => {
      const to = this.#nodes.indexOf(name);
      return {
        from,
        to,
        label: dataWords(effect.data),
        promise,
        value: String(value ?? candidate ?? 'nil'),
        where,
        sent: row,
        heard: -1,
        lost: -1,
      };
    });
    this.#messages.push(...sent);
    this.#underWay.set(String(event.index), sent);
  }

  /** What comes to a node that is down is lost there, and no event says so. */
  #loseAtTheDead(): void {
    for (const message of this.#messages) {
      if (message.heard !== -1 || message.lost !== -1) continue;
      const down = this.#downtimes.find(({ node, to }) => node === message.to && (to === -1 || to > message.sent));
      if (down !== undefined) message.lost = Math.max(down.from, message.sent);
    }
  }

  /** Real connections keep the order of messages. One that never came is lost at the latest when a later one of its link comes. */
  #loseOvertaken(): void {
    const heard = new Map<string, number>();
    for (const message of this.#messages.toReversed()) {
      const link = `${message.from} ${message.to}`;
      const next = heard.get(link) ?? Number.POSITIVE_INFINITY;
      if (message.heard !== -1) heard.set(link, Math.min(next, message.heard));
      else if (next < Number.POSITIVE_INFINITY) message.lost = message.lost === -1 ? next : Math.min(message.lost, next);
    }
  }

  /** The message to a node that an event sent, while it is under way. */
  #messageTo(cause: number, to: string): MessageLife | undefined {
    const node = this.#nodes.indexOf(to);
    return this.#underWay.get(String(cause))?.find((one) => one.to === node && one.heard === -1 && one.lost === -1);
  }
}

type RowAt = (event: number) => number;

function rowKind(event: RunEvent): RowKind {
  switch (event.type) {
    case 'death':
    case 'restart':
    case 'stopped':
    case 'fault':
      return event.type;
    case 'deliver':
    case 'lost':
      return 'message';
    case 'effect': {
      const { effect } = event;
      if (effect.type === 'transmit') return 'message';
      if (effect.type === 'host.decide') return 'decided';
      if (effect.type === 'disk') return effect.site.startsWith('store') ? 'store' : 'wal';
      if (effect.type === 'timer.set') return 'timer';
      if (effect.type !== 'observe') return 'other';
      if (effect.event === 'said') return 'said';
      return /^(replay|recovered)/.test(effect.event) ? 'replay' : 'other';
    }
    default:
      return 'wal';
  }
}

function sourceOf(data: ScenarioData): string {
  try {
    return scenarioSource(data);
  } catch (error) {
    return `// ${error instanceof Error ? error.message : String(error)}`;
  }
}

function chartOf(): readonly ChartState[] {
  type Arrow = { readonly target?: string; readonly actions?: readonly string[] };
  const states = roundChart.config.states as Readonly<Record<string, { readonly on?: Readonly<Record<string, Arrow>> }>>;
  return Object.entries(states).map(([name, { on }]) => ({
    name,
    transitions: Object.entries(on ?? {}).map(([event, { target, actions }]) => ({
      event,
      target: target ?? name,
      actions: (actions ?? []).join(', '),
    })),
  }));
}
