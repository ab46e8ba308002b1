/**
 * Generates simpler variants of a fault, for shrinking: earlier, shorter, on fewer nodes, with fewer unsynced bytes left on the disk, and without
 * optional fields.
 */
import { parsePoint, pointText } from '../../actors/scheduler/index.ts';
import type { Fault, PlannedFault, Trigger } from '../../scenarios/faults.ts';
import { formatImage, parseImage } from '../../wal/index.ts';
import { shorterTimes, simplerImages, simplerMoments, smallerNumbers, without } from './simpler-values.ts';

export function* simplerFaults(planned: PlannedFault): Generator<PlannedFault> {
  const { trigger, fault } = planned;
  for (const simpler of simplerFault(fault)) yield { trigger, fault: simpler };
  if ('point' in trigger) yield* simplerPoints(trigger, fault);
  else for (const simpler of simplerTriggers(trigger)) yield { trigger: simpler, fault };
}

function* simplerTriggers(trigger: Exclude<Trigger, { readonly point: string }>): Generator<Trigger> {
  if ('timeMs' in trigger) for (const timeMs of shorterTimes(trigger.timeMs)) yield { timeMs };
  else if ('site' in trigger) for (const nth of smallerNumbers(trigger.nth, 1)) yield { ...trigger, nth };
  else {
    const { nth, event, where, ...rest } = trigger;
    if (nth === 1) yield { event, where, ...rest };
    if (nth !== undefined) for (const smaller of smallerNumbers(nth, 1)) yield { ...trigger, nth: smaller };
    for (const moment of simplerMoments({ event, where })) yield { ...trigger, ...moment };
  }
}

/** Crash points that leave fewer unsynced bytes, or that are in an earlier life, height or round, or earlier within it. */
function* simplerPoints(trigger: Trigger & { readonly point: string }, fault: Fault): Generator<PlannedFault> {
  const parsed = parsePoint(trigger.point);
  if (parsed === undefined) return;
  const { point, phase, image } = parsed;
  const survives = fault.type === 'crash' && image !== undefined ? parseImage(image) : undefined;
  if (fault.type === 'crash' && survives !== undefined) {
    // The image in the point overrides the image of the fault, so one of the two is enough.
    if (fault.image !== undefined) yield { trigger, fault: without(fault, 'image') as Fault };
    yield { trigger: { point: pointText(point, phase) }, fault: without(fault, 'image') as Fault };
    for (const simpler of simplerImages(survives))
      yield { trigger: { point: `${pointText(point, phase)}/${formatImage(simpler)}` }, fault };
  } else if (image !== undefined) yield { trigger: { point: pointText(point, phase) }, fault };
  const end = image === undefined ? '' : `/${image}`;
  for (const field of ['life', 'height', 'round', 'n'] as const) {
    const least = field === 'height' || field === 'n' ? 1 : 0;
    for (const smaller of smallerNumbers(point[field], least))
      yield { trigger: { point: `${pointText({ ...point, [field]: smaller }, phase)}${end}` }, fault };
  }
}

function* simplerFault(fault: Fault): Generator<Fault> {
  if ('nodes' in fault && fault.nodes.length > 1)
    for (const node of fault.nodes) yield { ...fault, nodes: fault.nodes.filter((other) => other !== node) };
  if ('restartMs' in fault && fault.restartMs !== undefined && fault.restartMs > 100) yield { ...fault, restartMs: 100 };
  if ('forMs' in fault && fault.forMs !== undefined)
    for (const forMs of shorterTimes(fault.forMs, 20)) yield { ...fault, forMs } as Fault;
  if ('keepCorrect' in fault && fault.keepCorrect !== undefined) yield without(fault, 'keepCorrect') as Fault;
  switch (fault.type) {
    case 'crash':
      if (fault.image === 'none') yield without(fault, 'image') as Fault;
      else for (const image of simplerImages(fault.image)) yield { ...fault, image };
      break;
    case 'partition':
      yield* simplerPartitions(fault);
      break;
    case 'message':
      if (fault.where !== undefined) yield without(fault, 'where') as Fault;
      for (const nth of smallerNumbers(fault.nth, 1)) yield { ...fault, nth };
      if (typeof fault.fate === 'object')
        for (const afterMs of shorterTimes(fault.fate.afterMs)) yield { ...fault, fate: { afterMs } };
      break;
    case 'timer':
      if (fault.timer !== undefined) yield without(fault, 'timer') as Fault;
      break;
    case 'drift': {
      const sign = Math.sign(fault.perMille);
      for (const size of smallerNumbers(Math.abs(fault.perMille))) yield { ...fault, perMille: sign * size };
      break;
    }
    case 'weather':
      yield* simplerWeather(fault);
      break;
    case 'slow-fsync':
      for (const byMs of shorterTimes(fault.byMs)) yield { ...fault, byMs };
      break;
    case 'fsync-fails':
      if (fault.fileSystem !== 'ext4') yield { ...fault, fileSystem: 'ext4' };
      if (fault.file !== 'wal') yield { ...fault, file: 'wal' };
      break;
    case 'write-fails':
      if (fault.code !== 'ENOSPC') yield { ...fault, code: 'ENOSPC' };
      if (fault.file !== 'wal') yield { ...fault, file: 'wal' };
      for (const written of smallerNumbers(fault.written)) yield { ...fault, written };
      break;
    case 'missing':
      if (fault.file !== 'wal') yield { ...fault, file: 'wal' };
      break;
    case 'lost-write':
    case 'misdirected':
    case 'bit-flip':
    case 'unreadable':
    case 'lost-tail':
    case 'downgrade':
      yield* simplerDamage(fault);
      break;
    case 'old-snapshot':
      for (const afterMs of shorterTimes(fault.afterMs)) yield { ...fault, afterMs };
      break;
    default:
      break;
  }
}

function* simplerDamage(
  fault: Extract<Fault, { readonly type: 'lost-write' | 'misdirected' | 'bit-flip' | 'unreadable' | 'lost-tail' | 'downgrade' }>,
): Generator<Fault> {
  if (fault.file !== undefined) yield without(fault, 'file') as Fault;
  if ('part' in fault && fault.part !== undefined) yield without(fault, 'part') as Fault;
  if ('frame' in fault && fault.frame === 'middle') yield { ...fault, frame: 'last' };
  if ('bytes' in fault) for (const bytes of smallerNumbers(fault.bytes, 1)) yield { ...fault, bytes };
}

function* simplerPartitions(fault: Fault & { readonly type: 'partition' }): Generator<Fault> {
  if (fault.flapMs !== undefined) {
    yield without(fault, 'flapMs') as Fault;
    for (const flapMs of shorterTimes(fault.flapMs, 20)) yield { ...fault, flapMs };
  }
  if (fault.oneWay) yield { ...fault, oneWay: false };
  for (const name of fault.groups.flat()) {
    const groups = groupsWithout(fault.groups, new Set([name]));
    if (groups.length > 1) yield { ...fault, groups };
  }
}

/** The groups without the nodes in `gone`; empty groups are removed. */
export function groupsWithout(groups: readonly (readonly string[])[], gone: ReadonlySet<string>): readonly (readonly string[])[] {
  return groups.map((group) => group.filter((name) => !gone.has(name))).filter((group) => group.length > 0);
}

function* simplerWeather(fault: Fault & { readonly type: 'weather' }): Generator<Fault> {
  for (const part of ['corrupt', 'duplicate', 'reorder', 'loss', 'delay'] as const)
    if (fault.link[part] !== undefined) yield { ...fault, link: without(fault.link, part) };
}
