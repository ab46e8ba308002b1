/** Moving through a run: to a row, a step, a death, another face. */

import type { PageRecord } from '../record/page-record.ts';
import { beatsOf, openingBeat } from '../story/beats.ts';
import { placeIn, shownRows } from './rows.ts';
import {
  compared,
  type Face,
  face,
  facesHere,
  isPlaying,
  isPresenting,
  node,
  note,
  position,
  printed,
  record,
  reproduced,
  stop,
  strip,
} from './state.ts';

export function go(to: number): void {
  position.value = Math.max(0, Math.min(record.value.rows.length - 1, Math.round(to)));
  const at = record.value.rows[position.value]?.node ?? -1;
  if (at >= 0 && isPlaying.value) node.value = at;
}

/** A number of the shown rows on or back. */
export function step(by: number): void {
  const shown = shownRows(record.value);
  const place = placeIn(shown, position.value);
  const isOn = shown[place] === position.value;
  go(shown[Math.max(0, Math.min(shown.length - 1, place + by - (by > 0 && !isOn ? 1 : 0)))] ?? position.value);
}

/** To the next (or previous) death. */
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

/** Another run, at a row of it. */
export function show(next: PageRecord, at: number): void {
  record.value = next;
  if (!facesHere.value.includes(face.value)) face.value = 'explore';
  strip.value = { cells: [], state: 'no', note: '' };
  reproduced.value = 'no';
  compared.value = undefined;
  printed.value = '';
  note.value = '';
  go(at);
}

/** A run at the moment that matters. */
export function open(next: PageRecord): void {
  const beats = beatsOf(next);
  stop.value = openingBeat(next);
  const beat = beats[stop.value];
  show(next, beat?.row ?? 0);
  node.value = beat?.node ?? 0;
}

/** Nothing happens if the run on screen does not have this face. */
export function setFace(next: Face): void {
  if (facesHere.value.includes(next)) face.value = next;
}

export function present(is: boolean): void {
  isPresenting.value = is;
  if (is) face.value = 'story';
  document.documentElement.classList.toggle('present', is);
}
