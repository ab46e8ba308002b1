/** The YAML/JSON spelling of a scenario, as a schema: from it come the checks, their messages, and the published JSON Schema. */
import { z } from 'zod';
import { allRoleNames } from '../actors/byzantine/index.ts';
import { checkShape, type Mistake, type Path, type PlaceHolder } from './check-shape.ts';
import { expectation, variant } from './schema-expect.ts';
import { fault, trigger } from './schema-faults.ts';
import { application, attest, attestText, lie, onCorrupt, onCorruptText, signer, timeouts } from './schema-nodes.ts';
import { stepSchema } from './schema-steps.ts';
import { bytes, count, duration, link, name, powers, units, whole } from './schema-words.ts';
import type { WrittenScenario } from './serialize.ts';

export type { Mistake } from './check-shape.ts';

/** Each is a schema of its own, as a unit is registered for one schema and all that are derived from it. */
const neighbours = z.number().int().min(0).register(units, { unit: 'neighbours' });
const blocks = z.number().int().min(1).register(units, { unit: 'blocks' });
const bytesAsked = z.number().int().min(1).register(units, { unit: 'bytes' });

/** The whole language. */
export const scenarioSchema: z.ZodType = z.strictObject({
  scenario: z.string().describe('the name of the scenario'),
  describe: z.string().optional().describe('what the scenario is about, in a sentence or two (default: nothing)'),
  validators: powers
    .refine((set) => Object.keys(set).length > 0, 'at least one validator')
    .describe('voting power at height 1, by name; with 0 a node has a key and is not in the set yet'),
  fullNodes: z.array(name).optional().describe('nodes without a key: they follow, store and serve their peers (default: none)'),
  standbys: z
    .record(name, z.strictObject({ key: name.describe('the validator that this machine signs for') }))
    .optional()
    .describe('further machines that hold the key of a validator, each with a log and a store of its own (default: none)'),
  signers: z
    .record(name, signer)
    .optional()
    .describe('nodes whose signer keeps a file of what it signed last, beside the log (default: none)'),
  validatorSets: z
    .array(
      z.strictObject({
        from: whole.describe('the first height of this set'),
        powers: powers.describe('voting power by name; a validator that is left out, or has 0, is not in the set'),
      }),
    )
    .optional()
    .describe('later sets of validators (default: one set at all heights)'),
  seed: whole
    .max(0xffff_ffff)
    .optional()
    .describe('the seed of all that is left to chance; one seed gives one run (default: 42)'),
  proposers: z
    .record(z.string().regex(/^\d+\.\d+$/, "write 'height.round'"), name)
    .optional()
    .describe('the proposer by `height.round` (default: a rotation that follows the voting powers)'),
  network: z
    .strictObject({
      ...link,
      links: z
        .record(z.string(), z.strictObject(link))
        .optional()
        .describe('single links by `A->B`, each with its own rule (default: all links are alike)'),
    })
    .optional()
    .describe('how the links between nodes behave (default: 10 ms of delay, and nothing is lost)'),
  protocol: z.string().optional().describe('the protocol of the nodes, such as `raft` (default: tendermint)'),
  topology: z
    .union([
      z.enum(['mesh', 'ring']),
      z.strictObject({
        degree: neighbours.describe('a random regular graph: each node has this many neighbours'),
      }),
    ])
    .optional()
    .describe('which nodes are neighbours; messages are passed on by neighbours (default: mesh)'),
  timeouts: timeouts
    .optional()
    .describe('timeouts and intervals; a later rule wins over an earlier one, field by field (default: those of each field)'),
  application: application
    .optional()
    .describe(
      'an application that is slow, proposes nothing, calls values invalid, fails, or executes otherwise (default: prompt and correct)',
    ),
  reconfigured: z
    .record(
      name,
      z.strictObject({
        life: count.optional().describe('from this life on; 1 is the life after its first death (default: 1)'),
        validators: powers.describe('voting power by name, as its configuration says then at all heights'),
      }),
    )
    .optional()
    .describe('nodes that come back with another configuration; each must stop, and counts as faulty (default: none)'),
  sync: z
    .union([
      z.literal('off'),
      z.strictObject({
        batch: count.max(16).optional().describe('decisions asked for in one request (default: 8)'),
        parallel: count.max(16).optional().describe('requests sent at once (default: 1)'),
        maxBytes: bytesAsked
          .optional()
          .describe('the size of one answer, at most; one decision is always sent (default: no limit)'),
      }),
    ])
    .optional()
    .describe("value sync: how a node that lags asks for decisions; 'off': no node asks or serves (default: on)"),
  gst: z
    .strictObject({
      time: duration.describe('from this time on the network is stable'),
      bound: duration.describe('the longest delay from then on'),
    })
    .optional()
    .describe('global stabilization time: from then on no message is lost, and delays have a bound (default: none)'),
  app: z
    .strictObject({
      valueBytes: bytes.optional().describe('the size of a proposed value (default: 16)'),
      keepBlocks: blocks.optional().describe('newest blocks that each node keeps to serve its peers (default: 1000)'),
    })
    .optional()
    .describe('the values that the application proposes, and the blocks that it keeps (default: those of each field)'),
  disk: z
    .strictObject({
      lostSectors: z
        .enum(['zeros', 'stale'])
        .describe('how a sector reads that a power loss took: as zeros, or as what its block held before'),
    })
    .optional()
    .describe('what the disks do when power fails (default: lost sectors read as zeros)'),
  wal: z
    .strictObject({
      attest: attest.describe(`${attestText} (default: next)`),
      onCorrupt: onCorrupt.describe(`${onCorruptText} (default: halt)`),
    })
    .optional()
    .describe('how the log is written, and what a node does that has lost it (default: those of each field)'),
  byzantine: z
    .record(name, z.union([z.string().meta({ examples: allRoleNames }), lie, z.array(lie)]))
    .optional()
    .describe(
      'nodes that lie, by name: a role that is played always, or lies that each have their heights, rounds, kinds of messages and hearers (default: nobody lies)',
    ),
  nodes: z
    .record(name, z.array(stepSchema))
    .optional()
    .describe('the script of a node, by name: steps that are taken in order (default: nothing happens to it)'),
  faults: z
    .array(
      z.strictObject({
        at: trigger.describe('when it strikes: at a time, at an event, or (deaths) at an effect of a site or at a crash point'),
        fault: fault.describe('what strikes'),
      }),
    )
    .optional()
    .describe('faults, each with its trigger (default: none)'),
  safetyPhase: duration
    .optional()
    .describe('until then faults come and go; then all heals, and every correct node must decide three heights (default: none)'),
  variants: z
    .array(variant)
    .optional()
    .describe('the same story with another node or log, each with the expected outcome (default: one honest variant)'),
  mustReach: z
    .array(z.string())
    .optional()
    .describe('marks that every variant must reach: rare things without which the scenario has shown nothing (default: none)'),
  expect: z
    .array(expectation)
    .optional()
    .describe(
      'the expected outcome of the run. All properties are judged anyway; naming one says what it is about (default: nothing more)',
    ),
  until: z
    .union([
      z.strictObject({ time: duration.describe('the run ends at this time') }),
      z.strictObject({
        height: whole.describe('the run ends when every node that is up has reached this height'),
        round: whole.optional().describe('and this round of it, or a later height (default: 0)'),
      }),
    ])
    .optional()
    .describe('when the run ends (default: some heights after the scripts and expectations are done)'),
  schedule: z
    .strictObject({
      victim: name.describe('the node whose disk may answer late'),
      heights: whole.describe('the order ends when every node that is up has decided this many heights'),
      rounds: whole.describe('it ends also when a node needs a later round than this one'),
      disks: z
        .enum(['victim', 'all'])
        .optional()
        .describe('whose disks may answer late, so that messages come first (default: victim)'),
      picks: z
        .record(z.string().regex(/^\d+$/, 'write a number'), whole)
        .describe(
          'departures from first in, first out: the 0-based index of a decision, and the 0-based index of the choice taken',
        ),
    })
    .optional()
    .describe('an order of messages, as `explore` finds and writes it (default: by their time of arrival)'),
});

/**
 * A scenario as it is written, or what is wrong with it. From one with mistakes the right parts are kept, when they are enough to be
 * understood.
 */
export interface Checked {
  readonly written: WrittenScenario | undefined;
  readonly mistakes: readonly Mistake[];
  /** Elements of lists that are wrong: something else is in their place. */
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
