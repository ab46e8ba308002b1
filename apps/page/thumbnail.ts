/** A run as a small picture: a lane for each node, what is said between them, deaths and what was broken. */
import type { PageRecord } from './record/page-record.ts';

const width = 320;
const height = 120;

/** The first part of a run, up to a row. */
export function pictureOf(record: PageRecord, until?: number): string {
  const { nodes, rows, messages, downtimes, properties } = record;
  const deaths = downtimes.map(({ to, from }) => (to === -1 ? from : to));
  const last = Math.min(rows.length - 1, Math.max(60, Math.ceil((until ?? Math.min(600, Math.max(...deaths, 0))) * 1.08)));
  const x = (row: number): string => ((row / Math.max(1, last)) * (width - 16) + 8).toFixed(1);
  const y = (node: number): string => (((node + 0.5) / nodes.length) * height).toFixed(1);
  const shown = messages.filter(
    ({ promise, sent, heard, from, to }) => promise !== '' && from !== to && heard !== -1 && heard <= last && sent <= last,
  );
  // All these lines show no more than every third of them.
  const step = Math.ceil(shown.length / 90);
  const parts = [
    ...nodes.map((_, node) => `<path class="lane" d="M8 ${y(node)}H${width - 8}"/>`),
    ...shown
      .filter((_, index) => index % step === 0)
      .map(({ from, to, sent, heard }) => `<path class="wire" d="M${x(sent)} ${y(from)}L${x(heard)} ${y(to)}"/>`),
    ...downtimes
      .filter(({ from }) => from <= last)
      .map(({ node, from, to }) => `<path class="down" d="M${x(from)} ${y(node)}H${x(to === -1 || to > last ? last : to)}"/>`),
    ...properties
      .filter(({ verdict, row }) => verdict === 'violated' && row >= 0 && row <= last)
      .map(({ row }) => `<path class="broken" d="M${x(row)} 4V${height - 4}"/>`),
  ];
  return `<svg viewBox="0 0 ${width} ${height}" aria-hidden="true">${parts.join('')}</svg>`;
}
