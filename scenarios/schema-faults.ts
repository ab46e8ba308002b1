/** Faults and their triggers, as a schema. What it says of faults is what faults.ts says. */
import { z } from 'zod';
import { count, duration, image, link, moment, name, site, where, whole } from './schema-words.ts';

const node = { node: name };
export const trigger: z.ZodType = z.union([
  z.strictObject({ time: duration }),
  z.strictObject({ ...moment, node: name.optional(), nth: count.optional() }),
  z.strictObject({ node: name, site, phase: z.enum(['before', 'torn', 'after']), nth: count }),
  z.strictObject({ point: z.string() }),
]);

const correct = { keepCorrect: z.boolean().optional() };
const file = { file: z.enum(['wal', 'blocks']) };
const damaged = { file: file.file.optional() };
export const fault: z.ZodType = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('crash'), nodes: z.array(name), image: image.optional(), restartMs: whole.optional() }),
  z.strictObject({ type: z.literal('kill'), nodes: z.array(name), restartMs: whole.optional() }),
  z.strictObject({ type: z.literal('pause'), ...node, forMs: whole }),
  z.strictObject({ type: z.literal('drift'), ...node, perMille: z.number().int() }),
  z.strictObject({
    type: z.literal('partition'),
    groups: z.array(z.array(name)),
    oneWay: z.boolean(),
    forMs: whole.optional(),
    flapMs: whole.optional(),
  }),
  z.strictObject({
    type: z.literal('message'),
    from: name,
    to: name,
    where,
    nth: count,
    fate: z.union([z.enum(['lost', 'twice']), z.strictObject({ afterMs: z.number().min(0) })]),
  }),
  z.strictObject({
    type: z.literal('rule'),
    from: z.array(name).min(1, 'leave it out to mean everybody').optional().describe('senders (default: all)'),
    to: z.array(name).min(1, 'leave it out to mean everybody').optional().describe('receivers (default: all)'),
    where,
    fate: z.union([z.enum(['lost', 'twice', 'damaged']), z.strictObject({ afterMs: z.number().min(0) })]),
    forMs: whole.optional().describe('left out: to the end of the run'),
  }),
  z.strictObject({ type: z.literal('timer'), ...node, timer: z.string().optional() }),
  z.strictObject({ type: z.literal('weather'), link: z.strictObject(link), forMs: whole }),
  z.strictObject({
    type: z.literal('fsync-fails'),
    ...node,
    fileSystem: z.enum(['ext4', 'xfs', 'btrfs']),
    ...file,
    restartMs: whole,
  }),
  z.strictObject({ type: z.enum(['fsync-lies', 'unsafe-overwrite']), ...node, ...correct }),
  z.strictObject({ type: z.literal('slow-fsync'), ...node, byMs: whole, forMs: whole }),
  z.strictObject({
    type: z.literal('write-fails'),
    ...node,
    code: z.enum(['ENOSPC', 'EIO']),
    written: whole,
    ...file,
    restartMs: whole,
  }),
  z.strictObject({ type: z.enum(['lost-write', 'misdirected']), ...node, ...damaged, ...correct }),
  z.strictObject({ type: z.literal('downgrade'), ...node, ...damaged }),
  z.strictObject({
    type: z.enum(['bit-flip', 'unreadable']),
    ...node,
    frame: z.enum(['middle', 'last']),
    ...damaged,
    part: z.enum(['payload', 'length']).optional(),
    ...correct,
  }),
  z.strictObject({ type: z.literal('lost-tail'), ...node, bytes: whole, ...damaged }),
  z.strictObject({ type: z.literal('missing'), ...node, ...file }),
  z.strictObject({ type: z.literal('wipe'), ...node }),
  z.strictObject({ type: z.literal('old-snapshot'), ...node, afterMs: whole, ...correct }),
]);
