/** The schema of faults and of their triggers. The description of each kind is that in faults.ts. */
import { z } from 'zod';
import { type Fault, faultKinds } from './faults.ts';
import { bytes, count, duration, image, link, moment, name, site, units, whichMessages, wholeMs } from './schema-words.ts';

export const trigger: z.ZodType = z.union([
  z.strictObject({ time: duration.describe('at this time of the run') }),
  z.strictObject({
    ...moment,
    node: name.optional().describe('the node that reports the event (default: any node)'),
    nth: count.optional().describe('which of these events of the run it is, counted from 1 (default: 1)'),
  }),
  z.strictObject({
    node: name.describe(
      'the node whose effect it is. The keys `node`, `site`, `phase` and `nth` together name one effect, and are for `crash` and `kill` only',
    ),
    site: site.describe('the site of the effect'),
    phase: z.enum(['before', 'torn', 'after']).describe('before the effect, in the middle of its write, or after it'),
    nth: count.describe('which effect of this site at this node it is, counted from 1 at the start of the run'),
  }),
  z.strictObject({
    point: z.string().describe('a crash point by its name, as `crashpoints` prints it; for `crash` and `kill` only'),
  }),
]);

const node = { node: name.describe('the node that the fault strikes') };
const wholeStop = { restartMs: wholeMs.describe('how long the node stays down after it has stopped') };
const correct = {
  keepCorrect: z
    .boolean()
    .optional()
    .describe(
      'true: properties still judge the node as a correct one, so that a scenario can show what the fault breaks (default: false)',
    ),
};
const files = z.enum(['wal', 'blocks']);
const anyFiles = z.enum(['wal', 'blocks', 'signer', 'app']);
const file = {
  file: anyFiles.describe(
    "the log (`wal`), the block store (`blocks`), the signer's file (`signer`), or the application's own store (`app`)",
  ),
};
const part = {
  of: z
    .enum(['log', 'signer', 'app'])
    .optional()
    .describe(
      "the log with the block store (`log`), the signer's file (`signer`), or the application's own store (`app`), and nothing else (default: the whole disk)",
    ),
};
const damaged = {
  file: files
    .optional()
    .describe('the newest segment of the log (`wal`), or the newest file of the block store (`blocks`) (default: wal)'),
};
const hurt = {
  file: z
    .enum(['wal', 'blocks', 'promise', 'signer', 'app'])
    .optional()
    .describe(
      "the newest segment of the log (`wal`) or file of the block store (`blocks`), the promise of a node that has lost its log (`promise`), the signer's file (`signer`), or the application's own store (`app`) (default: wal)",
    ),
};
const cut = {
  file: anyFiles
    .optional()
    .describe(
      "the newest segment of the log (`wal`), the newest file of the block store (`blocks`), the signer's file (`signer`), or the newest file of the application's own store (`app`) (default: wal)",
    ),
};
const latest = z.strictObject({
  afterMs: z.number().min(0).register(units, { unit: 'ms' }).describe('when the message arrives, counted from its sending'),
});

/** What a kind of fault models is what its row in `faultKinds` says. */
function kind<const Kind extends Fault['type']>(name: Kind): z.ZodLiteral<Kind> {
  return z.literal(name).describe(`the kind of fault. It models ${faultKinds[name].models}`);
}

function kinds<const Kind extends Fault['type']>(first: Kind, second: Kind): z.ZodEnum<{ [Name in Kind]: Name }> {
  const models = [first, second].map((name) => `\`${name}\` models ${faultKinds[name].models}`);
  return z.enum([first, second]).describe(`the kind of fault. ${models.join('; ')}`) as unknown as z.ZodEnum<{
    [Name in Kind]: Name;
  }>;
}

export const fault: z.ZodType = z.discriminatedUnion('type', [
  z.strictObject({
    type: kind('crash'),
    nodes: z.array(name).describe('nodes whose power fails at the same instant'),
    image: image.optional().describe('which unsynced bytes survive: `none`, `all`, a prefix, or some sectors (default: none)'),
    restartMs: wholeMs.optional().describe('how long they stay down (default: to the end of the run)'),
  }),
  z.strictObject({
    type: kind('kill'),
    nodes: z.array(name).describe('nodes whose processes die at the same instant'),
    restartMs: wholeMs.optional().describe('how long they stay down (default: to the end of the run)'),
  }),
  z.strictObject({ type: kind('pause'), ...node, forMs: wholeMs.describe('how long its process is paused') }),
  z.strictObject({
    type: kind('drift'),
    ...node,
    perMille: z
      .number()
      .int()
      .register(units, { unit: 'thousandths' })
      .describe('how much longer its timeouts take, in thousandths; a negative number makes them shorter'),
  }),
  z.strictObject({
    type: kind('partition'),
    groups: z.array(z.array(name)).describe('groups of nodes. Messages between two groups are lost'),
    oneWay: z.boolean().describe('true: only messages from the first group to the others are lost'),
    forMs: wholeMs.optional().describe('how long it lasts (default: to the end of the run, or ten times `flapMs`)'),
    flapMs: wholeMs
      .optional()
      .describe('the partition is on for this time, then off for this time, and so on (default: it stays on)'),
  }),
  z.strictObject({
    type: kind('message'),
    from: name.describe('the node that sends it'),
    to: name.describe('the node that should receive it'),
    where: whichMessages,
    nth: count.describe('which of these messages it is, counted from 1 after the trigger'),
    fate: z
      .union([z.enum(['lost', 'twice']), latest])
      .describe('what happens to the message: it is lost, it arrives twice, or it arrives at another time'),
  }),
  z.strictObject({
    type: kind('rule'),
    from: z
      .array(name)
      .min(1, 'leave it out to mean everybody')
      .optional()
      .describe('the senders of the messages (default: all nodes)'),
    to: z
      .array(name)
      .min(1, 'leave it out to mean everybody')
      .optional()
      .describe('the nodes that should receive them (default: all nodes)'),
    where: whichMessages,
    fate: z
      .union([z.enum(['lost', 'twice', 'damaged']), latest])
      .describe(
        'what happens to each message: it is lost, it arrives twice, it arrives with one bit changed, or it arrives at another time',
      ),
    forMs: wholeMs.optional().describe('how long the rule is in force (default: to the end of the run)'),
  }),
  z.strictObject({
    type: kind('timer'),
    ...node,
    timer: z
      .string()
      .optional()
      .describe(
        'the timer that elapses early, such as `propose`, `prevote`, `precommit` or `rebroadcast` (default: the timer that would elapse next)',
      ),
  }),
  z.strictObject({
    type: kind('weather'),
    link: z.strictObject(link).describe('how all links behave during this time'),
    forMs: wholeMs.describe('how long it lasts'),
  }),
  z.strictObject({
    type: kind('fsync-fails'),
    ...node,
    fileSystem: z
      .enum(['ext4', 'xfs', 'btrfs'])
      .describe(
        'the file system, which decides what a read returns after the failure: the new bytes (ext4, xfs) or the old ones (btrfs)',
      ),
    ...file,
    ...wholeStop,
  }),
  z.strictObject({ type: kinds('fsync-lies', 'unsafe-overwrite'), ...node, ...correct }),
  z.strictObject({
    type: kind('slow-fsync'),
    ...node,
    byMs: wholeMs.describe('how much longer each fsync takes'),
    forMs: wholeMs.describe('how long its disk is slow'),
  }),
  z.strictObject({
    type: kind('write-fails'),
    ...node,
    code: z.enum(['ENOSPC', 'EIO']).describe('the error that the write reports'),
    written: bytes.describe('the number of bytes that are written before the error'),
    ...file,
    ...wholeStop,
  }),
  z.strictObject({ type: kinds('lost-write', 'misdirected'), ...node, ...damaged, ...correct }),
  z.strictObject({
    type: kind('downgrade'),
    ...node,
    ...damaged,
    part: z
      .enum(['header', 'frame'])
      .optional()
      .describe('what a newer version has written: the header of the file, or the payload of its last frame (default: header)'),
  }),
  z.strictObject({
    type: kinds('bit-flip', 'unreadable'),
    ...node,
    frame: z
      .enum(['middle', 'last'])
      .describe(
        '`middle`: the newest frame that has a later frame after it. `last`: the last frame. In a promise: its first slot (`middle`), or its last one (`last`). In the file of a signer: the kind of the message (`middle`), or its height (`last`)',
      ),
    ...hurt,
    part: z
      .enum(['payload', 'length'])
      .optional()
      .describe('only for `bit-flip`: the part of the frame in which a bit flips (default: payload)'),
    ...correct,
  }),
  z.strictObject({
    type: kind('lost-tail'),
    ...node,
    bytes: bytes.describe('how many bytes are removed from the end of the file'),
    ...cut,
  }),
  z.strictObject({ type: kind('missing'), ...node, ...file }),
  z.strictObject({ type: kind('wipe'), ...node, ...part }),
  z.strictObject({
    type: kind('old-snapshot'),
    ...node,
    afterMs: wholeMs.describe('the disk is copied at the trigger; after this time the copy replaces the disk'),
    ...part,
    ...correct,
  }),
]);
