/** Everything by keyboard; `?` lists it. Keys in a field belong to the field. */
import { face, isHelpOpen, isPlaying, isPresenting, node, record, stop, why } from './state.ts';
import { toStop } from './tour.ts';
import { crash, go, present, setFace, step } from './travel.ts';

export function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.key === 'Escape') {
    if (!isHelpOpen.value && isPresenting.value) present(false);
    isHelpOpen.value = false;
    target.blur();
    return;
  }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = actions[event.key];
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
  if (/^[ ]$/.test(event.key) && /^(BUTTON|SUMMARY)$/.test(target.tagName)) return;
  if (act === undefined && !(digit >= 0 && digit < record.value.nodes.length)) return;
  event.preventDefault();
  if (act === undefined) node.value = digit;
  else act(event.shiftKey);
}

const actions: Readonly<Record<string, (isShifted: boolean) => void>> = {
  ArrowRight: (isShifted) => step(isShifted ? 20 : 1),
  ArrowLeft: (isShifted) => step(isShifted ? -20 : -1),
  Home: () => go(0),
  End: () => go(record.value.rows.length),
  ' ': () => {
    isPlaying.value = !isPlaying.value;
  },
  n: () => crash(1),
  p: () => crash(-1),
  s: () => setFace('story'),
  e: () => setFace('explore'),
  d: () => setFace('drive'),
  w: () => {
    setFace('explore');
    why.value = !why.value;
  },
  f: () => {
    if (face.value !== 'explore') setFace('explore');
    requestAnimationFrame(() => document.getElementById('filter')?.focus());
  },
  PageDown: () => void toStop(stop.value + 1),
  PageUp: () => void toStop(stop.value - 1),
  '?': () => {
    isHelpOpen.value = !isHelpOpen.value;
  },
};

export const keyList: readonly (readonly [string, string])[] = [
  ['page down, page up', 'next and previous step (a clicker)'],
  ['→ ←', 'one event on, one back'],
  ['shift → ←', 'twenty'],
  ['space', 'play and pause'],
  ['n p', 'next and previous death'],
  ['1 to 9', 'choose a node'],
  ['s e d', 'Story, Explore, Drive'],
  ['w', 'why? (in Explore)'],
  ['f', 'filter of events'],
  ['home end', 'start and end of the run'],
  ['? esc', 'this list'],
];
