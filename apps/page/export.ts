/** A run in the formats of other tools. All of them are made of the page's record, so they say the same as the page. */
import { mermaidText, quoted, xml } from '../output/escape.ts';
import type { PageRecord, Row } from './record/page-record.ts';

export const forms = ['mermaid', 'svg', 'perfetto', 'shiviz', 'itf'] as const;
export type Form = (typeof forms)[number];

export function exported(record: PageRecord, form: Form): string {
  return makers[form](record);
}

const makers: Readonly<Record<Form, (record: PageRecord) => string>> = { mermaid, svg, perfetto, shiviz, itf };

/** A sequence diagram of own messages, deaths and returns; long runs are cut, and say so. */
function mermaid({ nodes, messages, rows, data }: PageRecord): string {
  const most = 400;
  const lines = ['sequenceDiagram', ...nodes.map((name, node) => `  participant n${node} as ${mermaidText(name)}`)];
  const events = [
    ...messages.filter(({ promise }) => promise !== '').map((message) => ({ at: message.sent, text: arrow(message) })),
    ...rows.flatMap((row, at) =>
      isTurn(row) ? [{ at, text: `  Note over n${Math.max(0, row.node)}: ${mermaidText(row.words)}` }] : [],
    ),
  ].sort((a, b) => a.at - b.at);
  lines.push(...events.slice(0, most).map(({ text }) => text));
  if (events.length > most) lines.push(`  Note over n0: and ${events.length - most} more`);
  return `---\ntitle: ${quoted(data.name)}\n---\n${lines.join('\n')}\n`;
}

function arrow({ from, to, label, heard }: PageRecord['messages'][number]): string {
  return `  n${from}${heard === -1 ? '-x' : '->>'}n${to}: ${mermaidText(label)}`;
}

const isTurn = ({ kind }: Row): boolean => kind === 'death' || kind === 'restart' || kind === 'stopped';

function svg({ nodes, rows, messages, downtimes, data }: PageRecord): string {
  const story = rows.flatMap((row, at) => (/^(said|death|restart|stopped|decided)$/.test(row.kind) ? [at] : [])).slice(0, 400);
  const lane = (index: number): number => 60 + index * 180;
  const lineOf = (row: number): number => {
    const next = story.findIndex((at) => at >= row);
    return 60 + (next === -1 ? story.length : next) * 18;
  };
  const height = 80 + story.length * 18;
  const last = story.at(-1) ?? 0;
  const parts = [
    ...nodes.map(
      (name, index) =>
        `<text x="${lane(index)}" y="30" text-anchor="middle">${xml(name)}</text><line x1="${lane(index)}" x2="${lane(index)}" y1="40" y2="${height}" stroke="#99a"/>`,
    ),
    ...downtimes
      .filter(({ from }) => from <= last)
      .map(
        ({ node, from, to }) =>
          `<line x1="${lane(node)}" x2="${lane(node)}" y1="${lineOf(from)}" y2="${to === -1 ? height : lineOf(to)}" stroke="#b3261e" stroke-width="5"/>`,
      ),
    ...messages
      .filter(({ promise, sent, heard }) => promise !== '' && sent <= last && heard !== -1 && heard <= last)
      .map(
        ({ from, to, sent, heard }) =>
          `<line x1="${lane(from)}" y1="${lineOf(sent)}" x2="${lane(to)}" y2="${lineOf(heard)}" stroke="#0b5cad" stroke-opacity="0.5"/>`,
      ),
    ...story.map((at) => {
      const row = rows[at] as Row;
      return `<text x="${lane(row.node) + 8}" y="${lineOf(at) + 4}">${xml(row.words.slice(0, 40))}</text>`;
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${lane(nodes.length)} ${height}" font-family="monospace" font-size="11"><title>${xml(data.name)}</title>${parts.join('')}</svg>\n`;
}

/** The Chrome trace format: a thread a node, messages as flows. Opens in ui.perfetto.dev. */
function perfetto({ nodes, rows, messages, downtimes }: PageRecord): string {
  const timeOf = (row: number): number => rows[row]?.time ?? rows.at(-1)?.time ?? 0;
  const place = { pid: 1 };
  return JSON.stringify({
    displayTimeUnit: 'ms',
    traceEvents: [
      ...nodes.map((name, tid) => ({ ...place, tid, ph: 'M', name: 'thread_name', args: { name } })),
      ...rows
        .filter(({ node }) => node >= 0)
        .map(({ node, time, words, kind, life }) => ({
          ...place,
          tid: node,
          ph: 'X',
          ts: time,
          dur: 1,
          name: words,
          cat: kind,
          args: { life },
        })),
      ...downtimes.map(({ node, from, to }) => ({
        ...place,
        tid: node,
        ph: 'X',
        ts: timeOf(from),
        dur: timeOf(to === -1 ? rows.length - 1 : to) - timeOf(from),
        name: 'down',
        cat: 'death',
      })),
      ...messages.flatMap(({ from, to, sent, heard, label }, id) =>
        heard === -1
          ? []
          : [
              { ...place, tid: from, ph: 's', id, ts: timeOf(sent), name: label, cat: 'message' },
              { ...place, tid: to, ph: 'f', bp: 'e', id, ts: timeOf(heard), name: label, cat: 'message' },
            ],
      ),
    ],
  });
}

/** ShiViz: `host {clock}` on one line, the words on the next, with vector clocks. The first line holds the expression of its parser. */
function shiviz({ nodes, rows, messages }: PageRecord): string {
  const clocks = nodes.map(() => new Map<string, number>());
  const sent = new Map<number, ReadonlyMap<string, number>>();
  const heardAt = new Map<number, number[]>();
  for (const [index, { heard }] of messages.entries())
    if (heard !== -1) heardAt.set(heard, [...(heardAt.get(heard) ?? []), index]);
  const sentAt = new Map<number, number[]>();
  for (const [index, message] of messages.entries()) sentAt.set(message.sent, [...(sentAt.get(message.sent) ?? []), index]);
  const lines = ['(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)', ''];
  for (const [at, row] of rows.entries()) {
    const clock = clocks[row.node];
    const name = nodes[row.node];
    if (clock === undefined || name === undefined) continue;
    for (const index of heardAt.get(at) ?? [])
      for (const [host, count] of sent.get(index) ?? []) clock.set(host, Math.max(count, clock.get(host) ?? 0));
    clock.set(name, (clock.get(name) ?? 0) + 1);
    for (const index of sentAt.get(at) ?? []) sent.set(index, new Map(clock));
    lines.push(`${name} ${JSON.stringify(Object.fromEntries(clock))}`, row.words);
  }
  return `${lines.join('\n')}\n`;
}

/** The Informal Trace Format of Apalache: a state a row, with what each node has in memory. */
function itf({ nodes, rows, memories, data }: PageRecord): string {
  const present = new Map<string, Readonly<Record<string, string>>>(nodes.map((name) => [name, {}]));
  let next = 0;
  const states = rows.map((row, at) => {
    for (; next < memories.length && (memories[next]?.row ?? 0) <= at; next += 1) {
      const memory = memories[next];
      if (memory !== undefined) present.set(nodes[memory.node] ?? '', memory.fields);
    }
    return {
      '#meta': { index: at },
      action: row.words,
      node: nodes[row.node] ?? '',
      time: { '#bigint': String(row.time) },
      memory: { '#map': [...present] },
    };
  });
  const meta = { format: 'ITF', 'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html', source: data.name };
  return JSON.stringify({ '#meta': meta, vars: ['action', 'node', 'time', 'memory'], states });
}
