/** Runs a scenario and makes of its events what the page shows. Runs in Node and in the page's worker, and gives the same in both. */

import { roundChart } from '../../../actors/tendermint/index.ts';
import type { RunEvent } from '../../../core/events.ts';
import {
  exhibitOf,
  type Run,
  type RunOptions,
  runScenario,
  type ScenarioData,
  scenarioSource,
  variantNamed,
} from '../../../scenarios/index.ts';
import { protocolNamed } from '../../../scenarios/protocols.ts';
import { dataWords, wordsOf } from '../../../scenarios/trace-text.ts';
import { PageMonitor } from './page-monitor.ts';
import type { ChartState, FrameLife, MessageLife, PageRecord, Row, RowKind } from './page-record.ts';

const frameHeader = 32;
const kinds = ['', 'opened', 'start', 'input', 'own', 'decided', 'block'];
/** Bytes of a frame that are kept to be looked at; none in long runs. */
const shownBytes = 96;
const longRun = 30_000;

/** Throws `ScenarioError` as `runScenario` does. */
export function recordOf(data: ScenarioData, options: RunOptions = {}): PageRecord {
  const monitor = new PageMonitor();
  const run = runScenario(data, { ...options, record: true, extraMonitor: monitor.property });
  return new Recorder(data, run, monitor).record(options);
}

class Recorder {
  readonly #data: ScenarioData;
  readonly #run: Run;
  readonly #monitor: PageMonitor;
  readonly #nodes: readonly string[];
  readonly #rows: Row[] = [];
  readonly #frames: FrameLife[] = [];
  readonly #messages: MessageLife[] = [];
  readonly #downtimes: { node: number; from: number; to: number }[] = [];
  /** Of an event: its row, or the row of the nearest cause that has one. */
  readonly #rowOf: number[] = [];
  /** Frames that are in a file now, in their order, with the offset behind each. */
  readonly #files = new Map<string, { readonly frame: FrameLife; readonly end: number }[]>();
  readonly #underWay = new Map<string, MessageLife[]>();
  readonly #isLong: boolean;

  constructor(data: ScenarioData, run: Run, monitor: PageMonitor) {
    this.#data = data;
    this.#run = run;
    this.#monitor = monitor;
    this.#nodes = run.world.nodes;
    this.#isLong = run.world.eventCount > longRun;
  }

  record({ exhibit }: RunOptions): PageRecord {
    const { world, properties, seed, hash, verdict, asExpected, variant } = this.#run;
    for (const event of world.trace.events()) this.#take(event);
    const rowAt = (event: number): number => this.#rowOf[Math.min(event, this.#rowOf.length - 1)] ?? -1;
    return {
      version: 1,
      data: this.#data,
      exhibit: exhibit ?? exhibitOf(variant === null ? undefined : variantNamed(this.#data, variant)) ?? null,
      variant,
      seed,
      hash,
      verdict,
      asExpected,
      events: world.eventCount,
      nodes: this.#nodes,
      faulty: this.#nodes.filter((name) => world.observer.isFaulty(name)),
      rows: this.#rows,
      frames: this.#frames,
      messages: this.#messages,
      memories: this.#monitor.seen.map(({ event, node, fields }) => ({
        row: Math.max(0, rowAt(event)),
        node: this.#nodes.indexOf(node),
        fields,
      })),
      downtimes: this.#downtimes,
      properties: properties.map(({ name, verdict: judged, message, event }) => ({
        name,
        verdict: judged,
        message: message ?? '',
        row: event === undefined || event < 0 ? -1 : rowAt(event),
      })),
      source: sourceOf(this.#data),
      chart: this.#data.protocol === undefined ? chartOf() : [],
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
      const tidy = this.#tidy(event, words.replace(/\s{2,}/g, '  ').trim(), node);
      this.#rows.push({ event: event.index, time: event.time, node, life: event.life, kind: rowKind(event), words: tidy, cause });
    }
    this.#follow(event, node, this.#rowOf[event.index] ?? 0);
  }

  /** In fewer words than a trace: which frame, which vote. */
  #tidy(event: RunEvent, words: string, node: number): string {
    if (event.type !== 'effect') return words;
    const { effect } = event;
    if (effect.type === 'observe' && effect.event === 'said') {
      const said = effect.detail['input'] as Readonly<Record<string, unknown>>;
      return `${words.split(' ')[0]}  ${dataWords(said)}`;
    }
    if (effect.type !== 'disk') return words;
    const { site, operation } = effect;
    if (site === 'wal.append' && operation.type === 'append') return `wal.append  ${this.#labelOf(operation.bytes, node)}`;
    return site === 'wal.flush' ? 'wal.flush  sync' : words;
  }

  /** What lives longer than an event: frames, messages, downtimes. */
  #follow(event: RunEvent, node: number, row: number): void {
    if (event.type === 'death' || event.type === 'stopped') this.#downtimes.push({ node, from: row, to: -1 });
    else if (event.type === 'restart') this.#comeBack(event, node, row);
    else if (event.type === 'lost') this.#arrives(event.cause, event.to, -1);
    else if (event.type === 'deliver' && event.actor === 'network') this.#arrives(event.cause, event.node, row);
    else if (event.type === 'done' && event.answer.operation.type === 'sync' && event.answer.error === undefined)
      this.#sync(`${node} ${event.answer.operation.file}`, this.#rowOf[event.cause] ?? row, row);
    else if (event.type === 'effect' && event.effect.type === 'transmit') this.#send(event, node, row);
    else if (event.type === 'effect' && event.effect.type === 'disk') {
      const { operation } = event.effect;
      if (operation.type === 'append') this.#append(node, operation.file, operation.bytes, row);
      else if (operation.type === 'remove') this.#remove(`${node} ${operation.file}`, row);
    }
  }

  #comeBack({ index }: RunEvent, node: number, row: number): void {
    const down = this.#downtimes.findLast((one) => one.node === node);
    if (down !== undefined && down.to === -1) down.to = row;
    const from = down?.from ?? row;
    const lengths = this.#monitor.left.find((left) => left.event === index)?.lengths;
    for (const [key, frames] of this.#files) {
      if (!key.startsWith(`${node} `)) continue;
      const length = lengths?.get(key.slice(key.indexOf(' ') + 1)) ?? 0;
      const kept = frames.filter(({ end }) => end <= length);
      for (const { frame } of frames.slice(kept.length)) {
        frame.gone = from;
        frame.isLost = true;
      }
      this.#files.set(key, kept);
    }
  }

  #append(node: number, file: string, bytes: Uint8Array, row: number): void {
    const key = `${node} ${file}`;
    const frames = this.#files.get(key) ?? [];
    let end = frames.at(-1)?.end ?? 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    // A file begins with a header that is no frame.
    let at = frames.length === 0 && file.startsWith('wal') && !isFrame(view, 0) ? headerLength(view) : 0;
    end += at;
    while (isFrame(view, at)) {
      const length = frameHeader + view.getUint32(at);
      const frame = bytes.subarray(at, at + length);
      end += length;
      const made: FrameLife = {
        node,
        file,
        label: this.#labelOf(frame, node),
        isOwn: frame[4] === 4,
        bytes: length,
        hex: this.#isLong ? '' : [...frame.subarray(0, shownBytes)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
        cached: row,
        durable: -1,
        gone: -1,
        isLost: false,
      };
      this.#frames.push(made);
      frames.push({ frame: made, end });
      at += length;
    }
    if (at < bytes.length) end += bytes.length - at;
    this.#files.set(key, frames);
  }

  #labelOf(frame: Uint8Array, node: number): string {
    const kind = kinds[frame[4] ?? 0] ?? '?';
    if (kind === 'block') return 'block';
    if (kind !== 'input' && kind !== 'own') return kind;
    try {
      const protocol = protocolNamed(this.#data.protocol);
      const definition = protocol.definition(protocol.configuration(this.#data, this.#nodes[node] ?? ''));
      const input = definition.decode(frame.subarray(frameHeader)) as Readonly<Record<string, unknown>>;
      const from = input['validator'] ?? input['proposer'] ?? input['voter'] ?? input['follower'] ?? '';
      return `${kind === 'own' ? 'own ' : ''}${dataWords(input)}${kind === 'own' || from === '' ? '' : ` of ${String(from)}`}`;
    } catch {
      return kind;
    }
  }

  /** What was appended before the sync was issued is durable when it is done. */
  #sync(key: string, issued: number, done: number): void {
    const frames = this.#files.get(key) ?? [];
    for (let at = frames.length - 1; at >= 0; at -= 1) {
      const { frame } = frames[at] as { readonly frame: FrameLife };
      if (frame.durable !== -1) break;
      if (frame.cached <= issued) frame.durable = done;
    }
  }

  #remove(key: string, row: number): void {
    for (const { frame } of this.#files.get(key) ?? []) frame.gone = row;
    this.#files.delete(key);
  }

  #send(event: RunEvent & { readonly type: 'effect' }, from: number, row: number): void {
    const { effect } = event;
    if (effect.type !== 'transmit' || effect.data.type === 'status') return;
    const isOwn = protocolNamed(this.#data.protocol).isOwnMessage(effect.data, event.node);
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
      };
    });
    this.#messages.push(...sent);
    this.#underWay.set(String(event.index), sent);
  }

  #arrives(cause: number, to: string, row: number): void {
    const node = this.#nodes.indexOf(to);
    const message = this.#underWay.get(String(cause))?.find((one) => one.to === node && one.heard === -1);
    if (message !== undefined) message.heard = row;
  }
}

function isFrame(view: DataView, at: number): boolean {
  if (at + frameHeader > view.byteLength) return false;
  const kind = view.getUint8(at + 4);
  return kind >= 1 && kind <= 6 && at + frameHeader + view.getUint32(at) <= view.byteLength;
}

/** The first place behind which a frame begins. */
function headerLength(view: DataView): number {
  for (let at = 1; at + frameHeader <= view.byteLength; at += 1) if (isFrame(view, at) && view.getUint32(at) > 0) return at;
  return view.byteLength;
}

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
