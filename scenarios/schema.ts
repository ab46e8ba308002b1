/** The YAML/JSON spelling of a scenario, as a schema: from it come the checks, their messages, and the published JSON Schema. */
import { z } from 'zod';
import { allRoleNames } from '../actors/byzantine/index.ts';
import { conducts } from './application.ts';
import { checkShape, type Mistake, type Path, type PlaceHolder } from './check-shape.ts';
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

export type { Mistake } from './check-shape.ts';

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
        does: z
          .enum(conducts)
          .describe(
            '`fails`: as it executes a decision, and the node stops; `executes-otherwise`: to a state of its own, while values carry the state that they were made on',
          ),
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
    .describe('an application that is slow, proposes nothing, calls values invalid, fails, or executes otherwise'),
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

/** A scenario as it is written, or what is wrong with it. Of one with mistakes what is right is kept, where that is enough to be understood. */
export interface Checked {
  readonly written: WrittenScenario | undefined;
  readonly mistakes: readonly Mistake[];
  /** Elements of lists that are wrong: something else stands in their place. */
  readonly holes: readonly Path[];
}

export function checkWritten(value: unknown): Checked {
  // The schema would leave it out in silence: in a map it is no key like others.
  const lost = pathsTo('__proto__', value).map(
    (path): Mistake => ({ path, message: "'__proto__' cannot be a name here", isKey: true }),
  );
  if (lost.length > 0) return { written: undefined, mistakes: lost, holes: [] };
  const parsed = scenarioSchema.safeParse(value);
  if (parsed.success) return { written: parsed.data as WrittenScenario, mistakes: [], holes: [] };
  const { mistakes } = checkShape(scenarioSchema, value, instead(value));
  // Also one without a name is understood.
  const named = typeof value === 'object' && value !== null ? { ...value, scenario: 'x' } : value;
  const { kept, holes } = checkShape(scenarioSchema, named, instead(value));
  return { written: kept.value as WrittenScenario | undefined, mistakes, holes };
}

/** Where a key is, in maps within maps and lists. Each is looked at once: aliases of YAML may lead in a circle. */
function pathsTo(key: string, value: unknown, seen: Set<object> = new Set()): readonly (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([name, inner]): readonly (readonly PropertyKey[])[] => {
    const place = Array.isArray(value) ? Number(name) : name;
    return name === key ? [[place]] : pathsTo(key, inner, seen).map((path) => [place, ...path]);
  });
}

/** A step keeps what it does to its node; a fault may do anything to any of them; a validator is one. */
function instead(scenario: unknown): PlaceHolder {
  return (parent, element) => {
    const [part] = parent;
    if (part === 'nodes' && parent.length === 2) {
      const word = typeof element === 'object' && element !== null ? Object.keys(element)[0] : undefined;
      if (word === 'crash' || word === 'kill') return { [word]: null };
      return word === 'restart' ? { restart: { after: 1000 } } : { wipe: null };
    }
    if (parent.length > 1) return undefined;
    if (part === 'faults') {
      const { validators } = scenario as { readonly validators?: object };
      return { at: { time: 1 }, fault: { type: 'crash', nodes: Object.keys(validators ?? {}) } };
    }
    if (part === 'variants') return { name: '' };
    if (part === 'validators') return 1;
    return part === 'expect' ? 'agreement' : undefined;
  };
}

/** JSON Schema, draft 2020-12, for editors. */
export function jsonSchema(): object {
  return { ...z.toJSONSchema(scenarioSchema), $id: 'https://lazurite.dev/scenario.schema.json', title: 'A Lazurite scenario' };
}
