/** The lanes of the time line on a canvas: density of events, downtimes, stops, and where properties broke. */
import type { PageRecord } from '../record/page-record.ts';

export interface LaneView {
  readonly at: number;
  /** The row at the right end. */
  readonly last: number;
  /** Rows of stops. */
  readonly marks: readonly number[];
  /** The first difference of two runs; -1: none. */
  readonly difference: number;
  readonly node: number;
}

const nameWidth = 22;

interface Background {
  readonly key: string;
  readonly image: ImageData;
}

/** Drawn once a run, size and theme; then only the present moves. */
const backgrounds = new WeakMap<PageRecord, Background>();

export function drawLanes(canvas: HTMLCanvasElement, record: PageRecord, view: LaneView): void {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null || canvas.clientWidth === 0) return;
  const ratio = Math.max(1, globalThis.devicePixelRatio);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.round(size * ratio)) as [number, number];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const pen: Pen = {
    context,
    width,
    height,
    ratio,
    colour,
    xOf: (row) => nameWidth * ratio + (row / Math.max(1, view.last)) * (width - (nameWidth + 4) * ratio),
  };
  const key = `${width} ${height} ${colour('--blue')} ${view.last} ${view.marks.join(' ')} ${view.difference} ${view.node}`;
  const known = backgrounds.get(record);
  if (known?.key === key) context.putImageData(known.image, 0, 0);
  else {
    drawBackground(pen, record, view);
    backgrounds.set(record, { key, image: context.getImageData(0, 0, width, height) });
  }
  context.fillStyle = colour('--ink');
  context.fillRect(pen.xOf(view.at) - ratio, 0, 2 * ratio, height);
}

interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly colour: (name: string) => string;
  readonly xOf: (row: number) => number;
}

function drawBackground({ context, width, height, ratio, colour, xOf }: Pen, record: PageRecord, view: LaneView): void {
  context.clearRect(0, 0, width, height);
  const lane = height / record.nodes.length;
  const middle = (node: number): number => (node + 0.5) * lane;
  context.font = `${Math.min(13, lane / ratio) * ratio}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  for (const [node, name] of record.nodes.entries()) {
    context.fillStyle = colour(node === view.node ? '--ink' : '--dim');
    context.fillText(name.slice(0, 2), 2 * ratio, middle(node));
    context.fillStyle = colour('--line');
    context.fillRect(xOf(0), middle(node), width, ratio);
  }
  const bins = record.nodes.map(() => new Uint16Array(width + 1));
  for (let at = 0; at <= view.last && at < record.rows.length; at += 1) {
    const bin = bins[record.rows[at]?.node ?? -1];
    const x = Math.floor(xOf(at));
    if (bin !== undefined) bin[x] = (bin[x] ?? 0) + 1;
  }
  context.fillStyle = colour('--blue');
  for (const [node, bin] of bins.entries()) {
    const most = Math.max(4, ...bin);
    for (let x = 0; x < width; x += 1) {
      const tall = Math.ceil(((bin[x] ?? 0) / most) * (lane - 4 * ratio));
      if (tall > 0) context.fillRect(x, middle(node) - tall / 2, Math.max(1, ratio), tall);
    }
  }
  context.fillStyle = colour('--red');
  for (const { node, from, to } of record.downtimes) {
    if (from > view.last) continue;
    const start = xOf(from);
    const end = xOf(to === -1 ? view.last : Math.min(to, view.last));
    context.fillRect(start, node * lane + ratio, Math.max(3 * ratio, end - start), lane - 2 * ratio);
  }
  for (const row of view.marks) {
    context.beginPath();
    context.arc(xOf(row), middle(record.rows[row]?.node ?? 0), Math.min(5 * ratio, lane / 2), 0, 7);
    context.fillStyle = colour('--amber');
    context.fill();
  }
  for (const { row, verdict } of record.properties)
    if (verdict === 'violated' && row >= 0 && row <= view.last) {
      context.fillStyle = colour('--red');
      context.fillRect(xOf(row) - ratio, 0, 3 * ratio, height);
    }
  if (view.difference === -1) return;
  context.fillStyle = colour('--amber');
  context.fillRect(xOf(view.difference) - ratio, 0, 3 * ratio, height);
}
