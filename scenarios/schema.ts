/** The YAML/JSON spelling of a scenario, as a schema: from it come the checks, their messages, and the published JSON Schema. */
import { z } from 'zod';
import { allRoleNames } from '../actors/byzantine/index.ts';
import { conducts } from './application.ts';
import { faultKinds } from './faults.ts';
import { fault, trigger } from './schema-faults.ts';
import { stepSchema } from './schema-steps.ts';
import { count, duration, link, longTime, moment, name, powers, whole } from './schema-words.ts';
import type { WrittenScenario } from './serialize.ts';

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

const absence = {
  from: duration.optional().describe('from this time on (default: the beginning)'),
  nodes: z.array(name).optional(),
  as: z.string().optional(),
};

const span = z.union([
  whole,
  z.tuple([whole, whole]).describe('the first and the last'),
  z.strictObject({ from: whole }).describe('from this one on'),
]);

const lie = z.strictObject({
  role: z.string().meta({ examples: allRoleNames }),
  heights: span.optional().describe('at these heights only'),
  rounds: span.optional().describe('in these rounds only'),
  kinds: z
    .array(z.enum(['proposal', 'prevote', 'precommit', 'certificate']))
    .optional()
    .describe('about these messages only'),
  to: z.array(name).optional().describe('who hears the lie; the others hear the truth'),
});

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
  timeouts: z
    .array(
      z
        .strictObject({
          nodes: z.array(name).optional().describe('whose (default: all)'),
          from: count.optional().describe('from this height on (default: the first)'),
          propose: longTime.optional(),
          prevote: longTime.optional(),
          precommit: longTime.optional(),
          growth: z
            .union([
              duration,
              z.strictObject({ propose: duration.optional(), prevote: duration.optional(), precommit: duration.optional() }),
            ])
            .optional()
            .describe('how much longer they are with each round: all the same, or each its own'),
          rebroadcast: longTime.optional().describe('time after which a node says again what it has said in its round'),
          status: longTime.optional().describe('time between two statuses, by which peers learn how far a node is'),
          statusOnDecision: z.boolean().optional().describe('a status also whenever a height is stored'),
        })
        .refine((rule) => Object.keys(rule).some((key) => key !== 'nodes' && key !== 'from'), 'this rule changes nothing'),
    )
    .optional()
    .describe('timeouts and intervals; a later rule wins over an earlier one, field by field'),
  application: z
    .array(
      z.strictObject({
        does: z.enum(conducts).describe('`fails`: as it executes a decision, and the node stops'),
        nodes: z.array(name).optional().describe('whose (default: of all)'),
        heights: span.optional(),
        rounds: span.optional(),
        lives: span.optional().describe('in these lives of the node only; 0: until its first death'),
        by: longTime.optional().describe('of `slow`: how long an answer takes'),
        of: z
          .array(z.enum(['propose', 'judge', 'commit']))
          .optional()
          .describe('of `slow`: which requests (default: all)'),
      }),
    )
    .optional()
    .describe('an application that is slow, proposes nothing, calls values invalid, or fails'),
  sync: z
    .union([
      z.literal('off'),
      z.strictObject({
        batch: count.max(16).optional().describe('decisions asked for in one request (default 8)'),
        parallel: count.max(16).optional().describe('requests sent at once (default 1)'),
        maxBytes: count.optional().describe('bytes of decisions in one answer, at most; one decision at least'),
      }),
    ])
    .optional()
    .describe("value sync: how a node that is behind asks for decisions; 'off': nobody asks, and nobody serves"),
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
  byzantine: z
    .record(name, z.union([z.string().meta({ examples: allRoleNames }), lie, z.array(lie)]))
    .optional()
    .describe(
      'nodes that lie: a role that is played always, or lies that each have their heights, rounds, kinds of messages and hearers',
    ),
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
