/**
 * Motion that explains: what moves from shelf to shelf is seen to move. Each thing has a key; where it was and where it is now give the way, and a
 * spring as an easing `linear(...)` gives the pace. Nothing moves if the reader asked for less motion.
 */

/** A damped spring from 0 to 1 as an easing of the Web Animations API. */
const spring: string = `linear(${Array.from({ length: 31 }, (_, step) => {
  const time = step / 30;
  return (1 - Math.exp(-6 * time) * Math.cos(7 * time)).toFixed(3);
}).join(', ')})`;

const durationMs = 620;
const wantsLess = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The places of what has a key within a root, relative to it. */
export type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

export function placesIn(root: HTMLElement): Places {
  const { left, top } = root.getBoundingClientRect();
  const zoom = Number(root.style.zoom === '' ? 1 : root.style.zoom);
  const places = new Map<string, { readonly x: number; readonly y: number }>();
  for (const element of root.querySelectorAll<HTMLElement>('[data-key]')) {
    const box = element.getBoundingClientRect();
    places.set(element.dataset['key'] ?? '', { x: (box.left - left) / zoom, y: (box.top - top) / zoom });
  }
  return places;
}

/** Lets everything with a key come from where it was, or from where `data-from` was. */
export function moveFrom(root: HTMLElement, before: Places): void {
  if (before.size === 0 || wantsLess()) return;
  const now = placesIn(root);
  for (const element of root.querySelectorAll<HTMLElement>('[data-key]')) {
    const key = element.dataset['key'] ?? '';
    const to = now.get(key);
    const from = before.get(key) ?? before.get(element.dataset['from'] ?? '');
    if (to === undefined) continue;
    if (from === undefined) {
      element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 240 });
      continue;
    }
    const [x, y] = [from.x - to.x, from.y - to.y];
    if (Math.abs(x) + Math.abs(y) < 2) continue;
    element.animate([{ translate: `${x}px ${y}px` }, { translate: '0 0' }], { duration: durationMs, easing: spring });
  }
}
