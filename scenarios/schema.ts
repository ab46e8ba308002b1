/** The schema of a scenario in YAML or JSON. Checks, error messages, the JSON Schema and a page of the reference are made from it. */
import { z } from 'zod';
import { allRoleNames } from '../actors/byzantine/index.ts';
import { checkShape, type Mistake, type Path, type PlaceHolder } from './check-shape.ts';
import { expectation, variant } from './schema-expect.ts';
import { fault, trigger } from './schema-faults.ts';
import {
  application,
  attest,
  attestText,
  lie,
  onCorrupt,
  onCorruptText,
  raft,
  replayDelay,
  signer,
  store,
  timeouts,
  voteExtensions,
} from './schema-nodes.ts';
import { stepSchema } from './schema-steps.ts';
import { bytes, count, duration, link, name, powers, units, whole } from './schema-words.ts';
import type { WrittenScenario } from './serialize.ts';

export type { Mistake } from './check-shape.ts';

// A unit belongs to a schema and to all schemas derived from it, so each of these is a new one.

const neighbours = z.number().int().min(0).register(units, { unit: 'neighbours' });
const blocks = z.number().int().min(1).register(units, { unit: 'blocks' });
const bytesAsked = z.number().int().min(1).register(units, { unit: 'bytes' });

/** The whole language. */
export const scenarioSchema: z.ZodType = z.strictObject({
  scenario: z.string().describe('the name of the scenario'),
  describe: z.string().optional().describe('what the scenario is about, in a sentence or two (default: nothing)'),
  validators: powers
    .refine((set) => Object.keys(set).length > 0, 'at least one validator')
    .describe('the voting power of each validator at height 1. With power 0 it has a key, but is not yet in the set'),
  fullNodes: z
    .array(name)
    .optional()
    .describe('nodes without a key: they follow the chain, store blocks and serve their peers, and do not vote (default: none)'),
  syncOnly: z
    .array(name)
    .optional()
    .describe(
      'full nodes whose consensus is switched off: they hear and send no votes, proposals or certificates, enter no round, and take every decision from value sync (default: none)',
    ),
  standbys: z
    .record(name, z.strictObject({ key: name.describe('the validator that this machine signs for') }))
    .optional()
    .describe('further machines that sign with the key of a validator; each has its own log and block store (default: none)'),
  signers: z
    .record(name, signer)
    .optional()
    .describe('nodes whose signer keeps a file of what it signed last, beside the log (default: none)'),
  validatorSets: z
    .array(
      z.strictObject({
        from: whole.describe('the first height with this set; heights begin at 1'),
        powers: powers.describe(
          'the voting power of each validator in the set; a validator that is missing here or has power 0 is not in it',
        ),
      }),
    )
    .optional()
    .describe('later sets of validators (default: one set at all heights)'),
  seed: whole
    .max(0xffff_ffff)
    .optional()
    .describe('the number from which all random choices are drawn; the same seed gives the same run (default: 42)'),
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
        .describe('exceptions for single links, such as `A->B` for messages from A to B (default: all links are alike)'),
    })
    .optional()
    .describe('how the links between nodes behave (default: 10 ms of delay, and nothing is lost)'),
  protocol: z
    .string()
    .optional()
    .describe('the protocol of the nodes: `tendermint`, `raft`, or one of your own (default: tendermint)'),
  raft: raft
    .optional()
    .describe('what nodes of Raft do beside elections and replication; only with `protocol: raft` (default: nothing)'),
  topology: z
    .union([
      z.enum(['mesh', 'ring']),
      z.strictObject({
        degree: neighbours.describe('each node has this many neighbours, chosen at random'),
      }),
    ])
    .optional()
    .describe('which nodes have a direct link; other messages go through neighbours (default: mesh, where all have one)'),
  timeouts: timeouts
    .optional()
    .describe(
      'rules for timeouts and intervals; if two rules set the same field of a node, the later rule wins (default: the defaults of the fields)',
    ),
  application: application.optional().describe('rules by which the application is slow or wrong (default: prompt and correct)'),
  reconfigured: z
    .record(
      name,
      z.strictObject({
        life: count
          .optional()
          .describe(
            'the first life with this configuration; life 0 begins at the first start of the node, life 1 after its first death (default: 1)',
          ),
        validators: powers.describe(
          'the validators and voting powers that the changed configuration of this node contains, for all heights',
        ),
      }),
    )
    .optional()
    .describe(
      'nodes whose configuration is changed while they are down. Such a node must stop at its start, and counts as faulty (default: none)',
    ),
  blockTime: z
    .strictObject({
      clocks: z
        .record(
          name,
          z.strictObject({
            life: whole
              .optional()
              .describe('the first life in which the clock is wrong (default: 0, the first start of the node)'),
            back: duration
              .optional()
              .describe('how much less the clock shows than it should; either this or `ahead` (default: nothing)'),
            ahead: duration
              .optional()
              .describe('how much more the clock shows than it should; either this or `back` (default: nothing)'),
          }),
        )
        .optional()
        .describe('machines whose wall clock is wrong from a life on (default: none)'),
    })
    .optional()
    .describe(
      'each value names the time at which it was made, by the wall clock of its proposer; one that is not later than the block before is invalid (default: values name no time)',
    ),
  sync: z
    .union([
      z.literal('off'),
      z.strictObject({
        batch: count.max(16).optional().describe('how many decisions a node asks for in one request (default: 8)'),
        parallel: count.max(16).optional().describe('how many requests a node may have open at one time (default: 1)'),
        maxBytes: bytesAsked
          .optional()
          .describe('the largest size of an answer; an answer with a single decision may be larger (default: no limit)'),
      }),
    ])
    .optional()
    .describe("value sync: how a node that lags asks its peers for decisions; 'off': no node asks or answers (default: on)"),
  gst: z
    .strictObject({
      time: duration.describe('the network is stable from this time on'),
      bound: duration.describe('the longest delay of a message after that time'),
    })
    .optional()
    .describe(
      'the global stabilization time (GST). After it no message is lost by `network`, and delays have a bound (default: none)',
    ),
  app: z
    .strictObject({
      valueBytes: bytes.optional().describe('the size of a proposed value (default: 16)'),
      keepBlocks: blocks.optional().describe('how many of the newest blocks each node keeps to serve its peers (default: 1000)'),
      ...store,
    })
    .optional()
    .describe(
      'the values that the application proposes, the blocks that nodes keep, and where the state of the application is (default: the defaults of the fields)',
    ),
  voteExtensions: voteExtensions.optional(),
  finalization: duration
    .optional()
    .describe(
      'how long a node waits after a decision before it ends the height. Precommits that come in this time join its certificate, and evidence of equivocation is reported at its end. A decision by value sync is final at once (default: it does not wait)',
    ),
  disk: z
    .strictObject({
      lostSectors: z
        .enum(['zeros', 'stale'])
        .describe('what is read from a sector whose write was lost: zeros, or the bytes that an earlier file had left there'),
    })
    .optional()
    .describe('what the disks do after a loss of power (default: lost sectors read as zeros)'),
  wal: z
    .strictObject({
      attest: attest.describe(`${attestText} (default: next)`),
      onCorrupt: onCorrupt.describe(`${onCorruptText} (default: halt)`),
      replayDelay: replayDelay.optional(),
    })
    .optional()
    .describe('how nodes write their logs, and what a node does when it has lost its log (default: the defaults of the fields)'),
  byzantine: z
    .record(name, z.union([z.string().meta({ examples: allRoleNames }), lie, z.array(lie)]))
    .optional()
    .describe(
      'nodes that lie: the name of a role, or one or several lies with their heights, rounds, messages and receivers (default: no node lies)',
    ),
  nodes: z
    .record(name, z.array(stepSchema))
    .optional()
    .describe('the scripts of nodes: for each node a list of steps, which happen in order (default: nothing happens to a node)'),
  faults: z
    .array(
      z.strictObject({
        at: trigger.describe(
          'when the fault happens: at a time, at an event, or (only `crash` and `kill`) at an effect or a crash point',
        ),
        fault: fault.describe('what happens'),
      }),
    )
    .optional()
    .describe('faults, each with its trigger (default: none)'),
  safetyPhase: duration
    .optional()
    .describe(
      'until this time faults may begin and end. After it all links and nodes work again, and every correct node must decide three more heights (default: none)',
    ),
  variants: z
    .array(variant)
    .optional()
    .describe(
      'the same scenario with another node, log or disk, each with its expected outcome (default: one variant with honest nodes)',
    ),
  mustReach: z
    .array(z.string())
    .optional()
    .describe(
      '[marks](events-and-sites.md#marks) that every variant must reach. A mark names a rare situation; without it the scenario would show nothing (default: none)',
    ),
  expect: z
    .array(expectation)
    .optional()
    .describe(
      'what must hold in the run. All properties are always judged. A property that is named here must also have been exercised (default: nothing more)',
    ),
  until: z
    .union([
      z.strictObject({ time: duration.describe('the run ends at this time') }),
      z.strictObject({
        height: whole.describe('the run ends when every node that is up has reached this height'),
        round: whole.optional().describe('and this round of the height, or a later height (default: 0)'),
      }),
    ])
    .optional()
    .describe('when the run ends (default: some heights after the scripts and expectations are finished)'),
  schedule: z
    .strictObject({
      victim: name.describe('the node whose disk may answer late'),
      heights: whole.describe('the schedule ends when every node that is up has decided this many heights'),
      rounds: whole.describe('the schedule also ends when a node enters a later round than this one'),
      disks: z
        .enum(['victim', 'all'])
        .optional()
        .describe('the nodes whose disks may answer after messages that were sent later (default: victim)'),
      picks: z
        .record(z.string().regex(/^\d+$/, 'write a number'), whole)
        .describe(
          'the deliveries that are not first in, first out. The key is the 0-based number of the delivery. The value is the 0-based index of what is delivered, in the list of all that could be delivered',
        ),
    })
    .optional()
    .describe('the order in which messages are delivered, as `explore` prints it (default: by their time of arrival)'),
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
