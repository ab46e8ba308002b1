/** The address keeps lesson, stop, face, position, node and variant, so that a link shows what its sender saw. */
import { face, lesson, node, position, record, stop } from './state.ts';

export interface Place {
  readonly face?: string;
  readonly lesson?: string;
  readonly stop?: number;
  readonly at?: number;
  readonly node?: string;
  readonly variant?: string;
}

export function saveLink(): void {
  const { variant, nodes } = record.value;
  const parts = new URLSearchParams({ face: face.value });
  if (lesson.value !== undefined) parts.set('lesson', lesson.value.name);
  parts.set('stop', String(stop.value + 1));
  parts.set('at', String(position.value));
  parts.set('node', nodes[node.value] ?? '');
  if (variant !== null) parts.set('variant', variant);
  try {
    history.replaceState(null, '', `#${parts}`);
  } catch {
    // A page opened from a place that allows no links keeps working without them.
  }
}

/** `link`: the part after `#`, as the page was opened with it. */
export function placeOf(link: string): Place {
  const parts = new URLSearchParams(link.slice(1));
  const number = (name: string): number | undefined => {
    const text = parts.get(name);
    return text === null || !Number.isFinite(Number(text)) ? undefined : Number(text);
  };
  const found: Record<string, string | number> = {};
  for (const name of ['face', 'lesson', 'node', 'variant']) if (parts.has(name)) found[name] = parts.get(name) ?? '';
  for (const name of ['stop', 'at']) {
    const value = number(name);
    if (value !== undefined) found[name] = value;
  }
  return found as Place;
}
