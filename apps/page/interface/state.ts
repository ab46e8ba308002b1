/** The page's state: which run, which moment, whose node, which mode. Panels read it; only the functions here change it. */
import { computed, signal } from '@preact/signals';
import type { ScenarioData } from '../../../scenarios/index.ts';
import type { Lesson } from '../lesson.ts';
import type { FrameLife, MessageLife, PageRecord, Row } from '../record/page-record.ts';
import { Engine } from './embedded.ts';

export type Mode = 'watch' | 'drive' | 'lesson' | 'present';

export interface StripCell {
  readonly name: string;
  readonly height: number;
  readonly round: number;
  readonly site: string;
  readonly verdict: string;
  readonly image: string;
  readonly property: string;
  readonly message: string;
}

export const record = signal<PageRecord>(undefined as unknown as PageRecord);
export const records = signal<readonly PageRecord[]>([]);
export const lessons = signal<readonly Lesson[]>([]);
export const lesson = signal<Lesson | undefined>(undefined);
export const lessonStop = signal(0);
export const compared = signal<PageRecord | undefined>(undefined);
export const position = signal(0);
export const node = signal(0);
export const mode = signal<Mode>('watch');
export const isPlaying = signal(false);
export const speed = signal(1);
export const filter = signal('');
export const isHelpOpen = signal(false);
export const reproduced = signal<'no' | 'running' | 'same' | 'different'>('no');
export const strip = signal<{
  readonly cells: readonly StripCell[];
  readonly state: 'no' | 'running' | 'done';
  readonly note: string;
}>({
  cells: [],
  state: 'no',
  note: '',
});
export const note = signal('');
export const why = signal(false);
/** What was done by hand, as the scenario that it has become. */
export const driven = signal<ScenarioData | undefined>(undefined);
export const printed = signal('');

/** `story`: what is said, heard and lost, deaths and returns, flushes. `all`: every row. */
export const detail = signal<'story' | 'all'>('story');

export const engine = new Engine();

const storied = new WeakMap<PageRecord, readonly number[]>();

/** The rows that a record shows in the present detail, in their order. */
export function shownRows(of: PageRecord): readonly number[] {
  let story = storied.get(of);
  if (story === undefined) {
    story = of.rows.flatMap((one, at) => (isStory(one) ? [at] : []));
    storied.set(of, story);
  }
  return detail.value === 'story' ? story : of.rows.map((_, at) => at);
}

function isStory({ kind, words }: Row): boolean {
  if (kind === 'message') return /^(publish|hears|lost)/.test(words);
  if (kind === 'wal') return words.startsWith('wal.flush');
  if (kind === 'replay') return !words.startsWith('replay.frame');
  return kind !== 'store' && kind !== 'timer' && kind !== 'other';
}

/** Where a row stands, or would stand, among those shown. */
export function placeIn(shown: readonly number[], at: number): number {
  let low = 0;
  let high = shown.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shown[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const row = computed<Row | undefined>(() => record.value.rows[position.value]);

/** What the selected node has in memory now. */
export const memory = computed(() => memoryOf(node.value));

export function memoryOf(of: number): Readonly<Record<string, string>> {
  const { memories } = record.value;
  const found = lastBefore(memories, position.value);
  for (let at = found; at >= 0; at -= 1) {
    const one = memories[at];
    if (one?.node === of) return one.fields;
  }
  return {};
}

/** The last entry at or before a row; entries stand in the order of rows. */
export function lastBefore(entries: readonly { readonly row: number }[], at: number): number {
  return lastUpTo(entries, (entry) => entry.row, at);
}

/** The last entry whose place is not above a limit; -1: none. Entries stand in the order of their places. */
function lastUpTo<Entry>(entries: readonly Entry[], placeOf: (entry: Entry) => number, limit: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeOf(entries[middle] as Entry) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function isDown(of: number, at: number): boolean {
  return record.value.downtimes.some((down) => down.node === of && down.from <= at && (down.to === -1 || down.to > at));
}

const promised = new WeakMap<PageRecord, readonly (readonly MessageLife[])[]>();

function promisesOf(of: PageRecord, from: number): readonly MessageLife[] {
  let known = promised.get(of);
  if (known === undefined) {
    known = of.nodes.map((_, index) => of.messages.filter((one) => one.from === index && one.promise !== '' && one.heard !== -1));
    promised.set(of, known);
  }
  return known[from] ?? [];
}

const shelved = new WeakMap<PageRecord, readonly (readonly FrameLife[])[]>();

/** The frames of one node, in the order of writing. */
export function framesOf(of: PageRecord, owner: number): readonly FrameLife[] {
  let known = shelved.get(of);
  if (known === undefined) {
    known = of.nodes.map((_, index) => of.frames.filter((one) => one.node === index && one.label !== 'opened'));
    shelved.set(of, known);
  }
  return known[owner] ?? [];
}

/** What others have heard of a node until now: each promise with all values that left under it. */
export const heard = computed(() => {
  const promises = new Map<string, MessageLife[]>();
  for (const message of promisesOf(record.value, node.value)) {
    if (message.sent > position.value) break;
    if (message.heard > position.value) continue;
    const known = promises.get(message.promise) ?? [];
    known.push(message);
    promises.set(message.promise, known);
  }
  return [...promises].map(([promise, messages]) => {
    const values = new Map<string, Set<string>>();
    for (const { value, to } of messages) values.set(value, (values.get(value) ?? new Set()).add(record.value.nodes[to] ?? ''));
    return { promise, values: [...values].map(([value, by]) => ({ value, by: [...by] })) };
  });
});

export function go(to: number): void {
  position.value = Math.max(0, Math.min(record.value.rows.length - 1, Math.round(to)));
  const at = record.value.rows[position.value]?.node ?? -1;
  if (at >= 0 && isPlaying.value) node.value = at;
  saveLink();
}

/** So many of the shown rows on or back. */
export function step(by: number): void {
  const shown = shownRows(record.value);
  const place = placeIn(shown, position.value);
  const isOn = shown[place] === position.value;
  go(shown[Math.max(0, Math.min(shown.length - 1, place + by - (by > 0 && !isOn ? 1 : 0)))] ?? position.value);
}

/** The last row of a record at or before a time: two runs side by side stand at one time. */
export function rowAt({ rows }: PageRecord, time: number): number {
  return Math.max(
    0,
    lastUpTo(rows, (one) => one.time, time),
  );
}

/** To the next (or previous) death or return. */
export function crash(by: 1 | -1): void {
  const { rows } = record.value;
  for (let at = position.value + by; at >= 0 && at < rows.length; at += by) {
    const found = rows[at];
    if (found?.kind !== 'death' && found?.kind !== 'stopped') continue;
    node.value = found.node;
    go(at);
    return;
  }
}

export function show(next: PageRecord, at?: number): void {
  record.value = next;
  strip.value = { cells: [], state: 'no', note: '' };
  reproduced.value = 'no';
  compared.value = undefined;
  printed.value = '';
  go(at ?? firstSaid(next));
}

/** Boot is over, and somebody speaks. */
function firstSaid({ rows }: PageRecord): number {
  const found = rows.findIndex(({ kind }) => kind === 'said');
  return found === -1 ? 0 : found;
}

/** One run, as the engine is asked for it. Without a variant the scenario's own are left out: only the exhibit counts. */
export function runOf(data: ScenarioData, variant: string | null, exhibit: string | null): object {
  return variant === null
    ? { type: 'run', data: { ...data, variants: [] }, variant, exhibit }
    : { type: 'run', data, variant, exhibit: null };
}

export async function runVariant(data: ScenarioData, variant: string | null, exhibit: string | null): Promise<PageRecord> {
  const known = records.value.find(
    (one) => one.data === data && one.variant === variant && (exhibit === null || one.exhibit === exhibit),
  );
  if (known !== undefined) return known;
  const answer = await engine.ask(runOf(data, variant, exhibit));
  const made = { ...(answer['record'] as PageRecord), data };
  records.value = [...records.value, made];
  return made;
}

export async function reproduce(): Promise<void> {
  const { data, variant, exhibit, hash } = record.value;
  reproduced.value = 'running';
  const answer = await engine.ask(runOf(data, variant, exhibit));
  reproduced.value = (answer['record'] as PageRecord).hash === hash ? 'same' : 'different';
}

export async function runStrip(): Promise<void> {
  const { data, exhibit } = record.value;
  const name = record.value.nodes[node.value] ?? '';
  const height = lastHeight();
  strip.value = { cells: [], state: 'running', note: `${name} at height ${height}` };
  await engine.ask({ type: 'strip', data, exhibit, node: name, heights: String(height) }, ({ cell }) => {
    strip.value = { ...strip.value, cells: [...strip.value.cells, cell as StripCell] };
  });
  strip.value = { ...strip.value, state: 'done' };
}

/** The height at which the selected node is, or was when it died. */
function lastHeight(): number {
  const { memories } = record.value;
  for (let at = lastBefore(memories, position.value); at >= 0; at -= 1) {
    const one = memories[at];
    if (one?.node === node.value && one.fields['height'] !== undefined) return Math.max(1, Number(one.fields['height']));
  }
  return 1;
}

export async function runPoint(cell: StripCell): Promise<void> {
  const { data, exhibit } = record.value;
  const kept = strip.value;
  const point = cell.image === '' ? cell.name : `${cell.name}/${cell.image}`;
  const answer = await engine.ask({ type: 'run', data, variant: null, exhibit, point });
  const made = answer['record'] as PageRecord;
  const death = made.rows.findIndex(({ kind }) => kind === 'death');
  show(made, death === -1 ? undefined : death);
  strip.value = kept;
  note.value = `this is the run in which ${cell.name} kills the node`;
}

/** Position, node and variant stand in the link, so that a link shows what its sender saw. */
export function saveLink(): void {
  const { variant } = record.value;
  const parts = new URLSearchParams({ at: String(position.value), node: record.value.nodes[node.value] ?? '' });
  if (variant !== null) parts.set('variant', variant);
  try {
    history.replaceState(null, '', `#${parts}`);
  } catch {
    // A page opened from a place that allows no links keeps working without them.
  }
}

/** `link`: the part behind `#`, as the page was opened with it. */
export async function followLink(link: string): Promise<void> {
  const parts = new URLSearchParams(link.slice(1));
  const variant = parts.get('variant');
  const { data, variant: present } = record.value;
  if (variant !== null && variant !== present && data.variants.some(({ name }) => name === variant))
    show(await runVariant(data, variant, null));
  const named = record.value.nodes.indexOf(parts.get('node') ?? '');
  const at = parts.get('at');
  if (at !== null) go(Number(at));
  if (named !== -1) node.value = named;
}

export function setMode(next: Mode): void {
  mode.value = next;
  if (next === 'lesson' && lesson.value === undefined) lesson.value = lessons.value[0];
  document.documentElement.classList.toggle('present', next === 'present');
}
