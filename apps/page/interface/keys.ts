/** Everything by keyboard; `?` lists it. Keys in a field belong to the field. */
import { toStop } from './lesson-panel.tsx';
import { crash, go, isHelpOpen, isPlaying, lesson, lessonStop, lessons, node, record, setMode, step, why } from './state.ts';

export function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.key === 'Escape') {
    isHelpOpen.value = false;
    target.blur();
    return;
  }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = actions[event.key];
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
  if (event.key === ' ' && target.tagName === 'BUTTON') return;
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
  w: () => {
    why.value = !why.value;
  },
  f: () => document.getElementById('filter')?.focus(),
  d: () => setMode('drive'),
  l: () => {
    if (lessons.value.length > 0) setMode('lesson');
  },
  PageDown: () => {
    if (lesson.value !== undefined) void toStop(lessonStop.value + 1);
  },
  PageUp: () => {
    if (lesson.value !== undefined) void toStop(lessonStop.value - 1);
  },
  '?': () => {
    isHelpOpen.value = !isHelpOpen.value;
  },
};
