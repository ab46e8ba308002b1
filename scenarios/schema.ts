/**
 * The YAML/JSON spelling of a scenario, as a schema: from it come the checks, their messages, and the published JSON Schema. What it says of
 * faults is what faults.ts says.
 */
import { z } from 'zod';
import { faultKinds } from './faults.ts';
import type { WrittenScenario } from './serialize.ts';
import { eventsOfAnyNode, raftEvents, sites, tendermintEvents } from './vocabulary.ts';

const duration = z
  .union([z.number().min(0), z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, "write 500, '500ms', '5s' or '2m'")])
  .describe("virtual time: milliseconds, or '500ms', '5s', '2m'");
const whole = z.number().int().min(0);
const count = z.number().int().min(1);
const share = z.number().min(0).max(1);
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'a name of letters and digits');
const powers = z.record(name, whole);
const image = z.union([
  z.enum(['none', 'all']),
  z.strictObject({ cut: whole, directory: z.string().optional() }),
  z.strictObject({ sectors: z.string().regex(/^[01]*$/), directory: z.string().optional() }),
]);
const wanted = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.strictObject({ from: whole }).describe('this height or round, or any later one'),
  z.strictObject({ exactly: whole }).describe('this height or round, and no other'),
]);
const where = z
  .record(z.string(), wanted)
  .optional()
  .describe(
    'what the event says of itself; a height or round means "at or past" where it is waited for or triggers something, and exactly this one where it is expected or forbidden',
  );
const site = z.string().meta({ examples: sites });
const moment = { event: z.string().meta({ examples: [...eventsOfAnyNode, ...tendermintEvents, ...raftEvents] }), where };
const strike = z.union([
  z.null(),
  z.strictObject({ before: site, nth: count.optional(), image: image.optional() }),
  z.strictObject({ after: site, nth: count.optional(), image: image.optional() }),
  z.strictObject({ torn: site, nth: count.optional(), image: image.optional() }),
]);

const node = { node: name };
const whose = { node: name.optional().describe("whose event it is (default: that of the script's own node)") };
const as = z.string().optional().describe('a name for this moment, and for this step where a variant expects it to fail');

const stepSchema = z.union([
  z
    .strictObject({
      startsLate: z.union([
        z.strictObject({ after: duration }),
        z.strictObject({ at: z.strictObject({ ...moment, node: name.optional() }) }),
      ]),
    })
    .describe('the first step: the node is started after a time, or when the moment comes at a node (default: at any)'),
  z.strictObject({ neverStarts: z.null() }).describe('the only step: the node is never started'),
  z
    .strictObject({ waitUntil: z.strictObject({ ...moment, ...whose, within: duration.optional(), as }) })
    .describe('the script goes on when the moment has come'),
  z
    .strictObject({ never: z.strictObject({ ...moment, ...whose, for: duration, as }) })
    .describe('the moment must not come for so long; then the script goes on'),
  z
    .strictObject({
      expect: z.strictObject({
        ...moment,
        ...whose,
        within: duration.optional(),
        sameAs: z.string().optional(),
        differsFrom: z.string().optional(),
        as,
      }),
    })
    .describe('the moment must come'),
  z.strictObject({ crash: strike }),
  z.strictObject({ kill: strike }),
  z.strictObject({ restart: z.strictObject({ after: duration }) }),
  z.strictObject({ isolate: z.union([z.null(), z.strictObject({ for: duration })]) }),
  z.strictObject({ flipBit: z.enum(['middle', 'last']) }),
  z.strictObject({ wipe: z.null() }),
  z.strictObject({ failFsync: z.null() }),
  z.strictObject({ stayDown: z.null() }),
]);

const link = {
  delay: z.union([duration, z.tuple([duration, duration])]).optional(),
  loss: share.optional(),
  duplicate: share.optional(),
  reorder: share.optional(),
  corrupt: share.optional(),
};

const variant = z.strictObject({
  name: z.string(),
  wal: z.enum(['file', 'none']).optional(),
  disk: z.strictObject({ fsync: z.enum(['honest', 'skip']) }).optional(),
  break: z.string().optional(),
  attest: z.enum(['next', 'strict']).optional(),
  onCorrupt: z.enum(['halt', 'abstain']).optional(),
  mustReach: z.array(z.string()).optional(),
  expect: z.strictObject({ fail: z.array(z.string()), steps: z.array(z.string()).optional() }).optional(),
});

const trigger = z.union([
  z.strictObject({ time: duration }),
  z.strictObject({ ...moment, node: name.optional(), nth: count.optional() }),
  z.strictObject({ node: name, site, phase: z.enum(['before', 'torn', 'after']), nth: count }),
  z.strictObject({ point: z.string() }),
]);

const correct = { keepCorrect: z.boolean().optional() };
const file = { file: z.enum(['wal', 'blocks']) };
const damaged = { file: file.file.optional() };
const fault = z.discriminatedUnion('type', [
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

const absence = {
  from: duration.optional().describe('from this time on (default: the beginning)'),
  nodes: z.array(name).optional(),
  as: z.string().optional(),
};

const scenarioSchema = z.strictObject({
  scenario: z.string().describe('its name'),
  describe: z.string().optional(),
  validators: powers
    .refine((set) => Object.keys(set).length > 0, 'at least one validator')
    .describe('voting power at height 1, by name; 0: has a key and is not in the set yet'),
  fullNodes: z.array(name).optional(),
  validatorSets: z.array(z.strictObject({ from: whole, powers })).optional(),
  seed: whole.max(0xffff_ffff).optional(),
  proposers: z.record(z.string().regex(/^\d+\.\d+$/, "write 'height.round'"), name).optional(),
  network: z.strictObject({ ...link, links: z.record(z.string(), z.strictObject(link)).optional() }).optional(),
  protocol: z.string().optional(),
  topology: z.union([z.enum(['mesh', 'ring']), z.strictObject({ degree: whole })]).optional(),
  gst: z.strictObject({ time: duration, bound: duration }).optional(),
  app: z
    .strictObject({
      valueBytes: whole.optional(),
      keepBlocks: count.optional().describe('newest blocks that each node keeps to serve its peers'),
    })
    .optional(),
  disk: z.strictObject({ lostSectors: z.enum(['zeros', 'stale']) }).optional(),
  wal: z
    .strictObject({ attest: z.enum(['next', 'strict']).optional(), onCorrupt: z.enum(['halt', 'abstain']).optional() })
    .optional(),
  byzantine: z.record(name, z.string()).optional(),
  nodes: z.record(name, z.array(stepSchema)).optional(),
  faults: z.array(z.strictObject({ at: trigger, fault })).optional(),
  safetyPhase: duration.optional(),
  variants: z.array(variant).optional(),
  mustReach: z.array(z.string()).optional(),
  expect: z
    .array(
      z.union([
        z.string(),
        z.strictObject({
          decides: whole,
          within: duration.optional(),
          nodes: z.array(name).optional(),
          as: z.string().optional(),
        }),
        z
          .strictObject({ never: z.strictObject({ ...moment, ...absence, until: duration.optional() }) })
          .describe('this moment never comes, at any node or at the named ones'),
        z
          .strictObject({ decidesNothing: z.strictObject({ ...absence, until: duration }) })
          .describe('nobody, or none of the named nodes, decides anything'),
      ]),
    )
    .optional(),
  until: z.union([z.strictObject({ time: duration }), z.strictObject({ height: whole, round: whole.optional() })]).optional(),
  schedule: z
    .strictObject({
      victim: name,
      heights: whole,
      rounds: whole,
      disks: z.enum(['victim', 'all']).optional(),
      picks: z.record(z.string().regex(/^\d+$/, 'write a number'), whole),
    })
    .optional()
    .describe('an order of messages, as `explore` finds and writes it'),
});

export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The names of the first level. */
export const topLevel: readonly string[] = Object.keys(scenarioSchema.shape);

/** The value as a written scenario, or what is wrong with it. `suggest`: what a word that is not known may have meant where it stands. */
export function checkWritten(
  value: unknown,
  suggest: (word: string, parent: readonly PropertyKey[]) => string,
): { readonly written: WrittenScenario | undefined; readonly mistakes: readonly Mistake[] } {
  const parsed = scenarioSchema.safeParse(value);
  if (parsed.success) return { written: parsed.data as WrittenScenario, mistakes: [] };
  return { written: undefined, mistakes: parsed.error.issues.flatMap((issue) => mistakesOf(issue, suggest)) };
}

/** An issue in words; of a union, those of the branch that fits best. */
function mistakesOf(
  issue: z.core.$ZodIssue,
  suggest: (word: string, parent: readonly PropertyKey[]) => string,
): readonly Mistake[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `'${key}' is not known here${suggest(key, issue.path)}`,
    }));
  if (issue.code === 'invalid_union') {
    const [best] = [...issue.errors].sort((a, b) => weightOf(a) - weightOf(b));
    // A word that is not known says more than the one that is missing in its place.
    const unknown = best?.filter(({ code }) => code === 'unrecognized_keys') ?? [];
    const telling = unknown.length > 0 ? unknown : (best ?? []);
    if (telling.length > 0)
      return telling.flatMap((inner) =>
        mistakesOf({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, suggest),
      );
  }
  return [{ path: issue.path, message: wordsOf(issue) }];
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  record: 'a map (`name: value`)',
  object: 'a map (`name: value`)',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
};

function wordsOf(issue: z.core.$ZodIssue): string {
  const name = issue.path.findLast((part) => typeof part === 'string') ?? 'a scenario';
  switch (issue.code) {
    case 'invalid_type': {
      const expected = kinds[issue.expected] ?? issue.expected;
      const received = / received (.+)$/.exec(issue.message)?.[1] ?? '';
      if (received === 'undefined') return `'${name}' is missing: expected ${expected}`;
      return `'${name}': expected ${expected}, and found ${kinds[received] ?? received}`;
    }
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int' ? `'${name}': at least ${issue.minimum}` : issue.message;
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int' ? `'${name}': at most ${issue.maximum}` : issue.message;
    case 'invalid_value':
      return `'${name}': expected ${issue.values.map((value) => `'${String(value)}'`).join(' or ')}`;
    case 'invalid_key':
      return `'${name}': ${issue.issues[0]?.message ?? issue.message}`;
    case 'invalid_union':
      return issue.discriminator === undefined
        ? issue.message
        : `no such '${issue.discriminator}' of a ${String(issue.path.at(-2) ?? 'fault')}; there are ${Object.keys(faultKinds).join(', ')}`;
    default:
      return issue.message;
  }
}

/** A branch that complains deep inside was meant; one that complains at once was not. */
function weightOf(issues: readonly z.core.$ZodIssue[]): number {
  const deepest = Math.max(0, ...issues.map(({ path }) => path.length));
  const unknown = issues.some(({ code }) => code === 'unrecognized_keys') ? 1 : 0;
  return issues.length + 3 * unknown - 10 * deepest;
}

/** JSON Schema, draft 2020-12, for editors. */
export function jsonSchema(): object {
  return { ...z.toJSONSchema(scenarioSchema), $id: 'https://lazurite.dev/scenario.schema.json', title: 'A Lazurite scenario' };
}
