/** Faults and their triggers, as a schema. What it says of faults is what faults.ts says. */
import { z } from 'zod';
import { type Fault, faultKinds } from './faults.ts';
import { bytes, count, duration, image, link, moment, name, site, units, whichMessages, wholeMs } from './schema-words.ts';

export const trigger: z.ZodType = z.union([
  z.strictObject({ time: duration.describe('at this time of the run') }),
  z.strictObject({
    ...moment,
    node: name.optional().describe('whose event it is (default: that of any node)'),
    nth: count.optional().describe('the n-th such event of the run, counted from 1 (default: 1)'),
  }),
  z.strictObject({
    node: name.describe('whose effect it is. Deaths only, as with `site`, `phase` and `nth`'),
    site: site.describe('the site of the effect'),
    phase: z.enum(['before', 'torn', 'after']).describe('before the effect, in the middle of its write, or after it'),
    nth: count.describe('the n-th effect of this site at this node, counted from 1 and from the start of the run'),
  }),
  z.strictObject({ point: z.string().describe('a crash point by its name, as `crashpoints` prints it. Deaths only') }),
]);

const node = { node: name.describe('the node that the fault strikes') };
const wholeStop = { restartMs: wholeMs.describe('how long the node stays down after it has stopped') };
const correct = {
  keepCorrect: z
    .boolean()
    .optional()
    .describe('the node still counts as correct, so that a lesson can show what the fault breaks (default: false)'),
};
const files = z.enum(['wal', 'blocks']);
const anyFiles = z.enum(['wal', 'blocks', 'signer']);
const file = { file: anyFiles.describe("the log (`wal`), the block store (`blocks`), or the signer's file (`signer`)") };
const part = {
  of: z
    .enum(['log', 'signer'])
    .optional()
    .describe(
      "the log with the block store (`log`), or the signer's file (`signer`), and nothing else (default: the whole disk)",
    ),
};
const damaged = {
  file: files
    .optional()
    .describe('the newest segment of the log (`wal`), or the newest file of the block store (`blocks`) (default: wal)'),
};
const hurt = {
  file: z
    .enum(['wal', 'blocks', 'promise'])
    .optional()
    .describe(
      'the newest segment of the log (`wal`), the newest file of the block store (`blocks`), or the promise not to vote of a node that has lost its log (`promise`) (default: wal)',
    ),
};
const cut = {
  file: anyFiles
    .optional()
    .describe(
      "the newest segment of the log (`wal`), the newest file of the block store (`blocks`), or the signer's file (`signer`) (default: wal)",
    ),
};
const latest = z.strictObject({
  afterMs: z.number().min(0).register(units, { unit: 'ms' }).describe('when it arrives, counted from its sending'),
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
      .describe('its timeouts elapse later by this many thousandths; earlier when it is below 0'),
  }),
  z.strictObject({
    type: kind('partition'),
    groups: z.array(z.array(name)).describe('groups of nodes that cannot hear one another'),
    oneWay: z.boolean().describe('true: only what the first group sends is cut'),
    forMs: wholeMs.optional().describe('how long it lasts (default: to the end of the run, or ten turns of `flapMs`)'),
    flapMs: wholeMs.optional().describe('it is on and off in turns of this length (default: it stays on)'),
  }),
  z.strictObject({
    type: kind('message'),
    from: name.describe('the node that sends it'),
    to: name.describe('the node that should receive it'),
    where: whichMessages,
    nth: count.describe('the n-th such message, counted from 1 and from the trigger on'),
    fate: z
      .union([z.enum(['lost', 'twice']), latest])
      .describe('what becomes of it: it is lost, arrives twice, or arrives at another time'),
  }),
  z.strictObject({
    type: kind('rule'),
    from: z
      .array(name)
      .min(1, 'leave it out to mean everybody')
      .optional()
      .describe('whose messages (default: those of all nodes)'),
    to: z
      .array(name)
      .min(1, 'leave it out to mean everybody')
      .optional()
      .describe('the nodes that should receive them (default: all nodes)'),
    where: whichMessages,
    fate: z
      .union([z.enum(['lost', 'twice', 'damaged']), latest])
      .describe('what becomes of each: it is lost, arrives twice, with a bit changed, or at another time'),
    forMs: wholeMs.optional().describe('how long the rule is in force (default: to the end of the run)'),
  }),
  z.strictObject({
    type: kind('timer'),
    ...node,
    timer: z.string().optional().describe('the kind of timer, such as `propose` (default: the next one that is due)'),
  }),
  z.strictObject({
    type: kind('weather'),
    link: z.strictObject(link).describe('how all links behave meanwhile'),
    forMs: wholeMs.describe('how long it lasts'),
  }),
  z.strictObject({
    type: kind('fsync-fails'),
    ...node,
    fileSystem: z.enum(['ext4', 'xfs', 'btrfs']).describe('what the file system shows of the failed pages afterwards'),
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
      .describe('the newest frame that a later one attests, or the last frame; of a promise its first slot, or the last'),
    ...hurt,
    part: z.enum(['payload', 'length']).optional().describe('the part of the frame that a flipped bit is in (default: payload)'),
    ...correct,
  }),
  z.strictObject({ type: kind('lost-tail'), ...node, bytes: bytes.describe('how much of the end is gone'), ...cut }),
  z.strictObject({ type: kind('missing'), ...node, ...file }),
  z.strictObject({ type: kind('wipe'), ...node, ...part }),
  z.strictObject({
    type: kind('old-snapshot'),
    ...node,
    afterMs: wholeMs.describe('how long after the copy of the disk it is put back'),
    ...part,
    ...correct,
  }),
]);
