/** What docs/reference/scenarios.md says that is not in the schema. */

/** Parts that have an entry of their own because several keys hold them. */
export const sharedParts: Readonly<Record<string, string>> = {
  where:
    'Fields of an event or of a message, which must be equal. Which fields an event has is in [events and sites](events-and-sites.md). A value is a text, a number, true, false, `null` (the value of a vote for nil), or one of these maps, which say how a height or round is meant:',
  image:
    'Which of the unsynced bytes survive a power loss: `none`, `all`, or one of these maps. `crashpoints` enumerates all images of a point and prints those that matter.',
  span: 'Heights, rounds or lives: one number (`4`), the first and the last (`[2, 5]`), or this map:',
};

/** A sentence before the table of a part. */
export const titles: Readonly<Record<string, string>> = {
  nodes:
    'A script is a list of steps. A step is taken when the one before it is done. In YAML a step is a map with one key; in TypeScript it is a method, and orders that make no sense do not compile. The steps follow below.',
  faults:
    'A fault has a trigger (`at`) and a kind (`fault`). The kinds follow below; what each models and must lead to is in [faults](faults.md).',
  expect: 'A text is the name of a [property](properties.md). A map expects a decision, or that something does not happen.',
  variants: 'The first variant is the one that `run` and campaigns use when no other is named.',
  until: 'Give one of the two: a time, or a height.',
  byzantine:
    'The roles are in [faults](faults.md). A list gives one node several lies; for one message the first that fits is used.',
};

export function opening(parts: readonly string[]): string {
  const list = parts.map((part) => `[\`${part}\`](#${part.toLowerCase()})`);
  return `# The language of scenarios

A scenario is a story of nodes: their names, what happens to them, and the expected outcome. It is written in YAML (or JSON), or in TypeScript.
Both spellings make the same data and the same run. \`npm run reference\` writes this page from the schema; its examples are parsed, compiled and
compared by a test.

\`\`\`sh
npx lazurite check scenarios/yaml        # mistakes with file, line and column
npx lazurite fmt scenarios/yaml/four-validators.yaml     # the same scenario in TypeScript
npx lazurite run scenarios/yaml/four-validators.yaml
\`\`\`

With this first line an editor with YAML support completes keys and shows what they mean:

\`\`\`yaml
# yaml-language-server: $schema=node_modules/lazurite/scenarios/scenario.schema.json
\`\`\`

The parts of a scenario: ${list.join(', ')}. Only [\`scenario\`](#scenario) and [\`validators\`](#validators) are required.

In the examples, YAML is on the left. On the right is the same in TypeScript, as \`lazurite fmt\` writes it: the calls that follow
\`scenario('example', { A: 1, B: 1, C: 1, D: 1 })\`.

## Values

| value | means | examples |
| --- | --- | --- |
| time | virtual time; a plain number is milliseconds | \`500\`, \`500ms\`, \`1.5s\`, \`2m\` |
| name | a node: a letter, then letters and digits | \`A\`, \`node7\` |
| event | something that a node reports: [events](events-and-sites.md) | \`vote.cast\`, \`decided\` |
| site | an effect at which a node can die: [sites](events-and-sites.md) | \`wal.flush\`, \`publish\` |
| fields | [what an event says of itself](#where) | \`{ type: prevote, height: 3 }\` |
| image | [which bytes survive a power loss](#image) | \`none\`, \`all\`, \`{ cut: 20 }\` |
| span | [heights, rounds or lives](#span) | \`4\`, \`[2, 5]\`, \`{ from: 4 }\` |
`;
}

/** Shorter spellings that YAML does not have. */
export const typescriptOnly = `## Only in TypeScript

Each of these is a shorter spelling of what is above, or needs code.

| call | means |
| --- | --- |
| \`scenario(name, powers)\` | \`scenario\` and \`validators\` |
| \`.validators(height, powers)\` | one entry of \`validatorSets\` |
| \`.proposer(height, round, node)\` | one entry of \`proposers\` |
| \`.node(name, (node) => node...)\` | the script of a node; every step of \`nodes\` is a method of it |
| \`.fault(trigger, fault)\` | one entry of \`faults\` |
| \`.power(nodes, at, { restart })\` | a fault \`crash\`; \`restart\` is 1 s by default |
| \`.partition(groups, { at, for, oneWay, flap })\` | a fault \`partition\`; \`at\` is the beginning by default |
| \`.pause(node, at, { for })\` | a fault \`pause\` |
| \`.drift(node, share)\` | a fault \`drift\` from the beginning; 0.1 is ten per cent |
| \`.protocol(definition, surroundings)\` | [a protocol of your own](../guide/your-own-protocol.md) |
| \`.run({ seed, variant, record })\` | runs one variant, for a test |
| \`event(name, where)\` | a moment; \`ownEvent\` for events of a protocol of your own |
| \`height(5)\`, \`round(1)\` | the moment at which a height or round begins |
| \`from(5)\`, \`exactly(5)\` | \`{ from: 5 }\` and \`{ exactly: 5 }\` in a \`where\` |
| \`.untilStopped({ within, as })\` | \`waitUntil: { event: stopped }\` |
| \`decides(height, { within, nodes, as })\` | a decision in \`expect\`; \`never\` and \`decidesNothing\` are functions too |
| \`agreement()\`, \`validity()\`, \`noEquivocation()\`, \`lockDiscipline()\`, \`writeAhead()\`, \`replayEquivalence()\` | these properties in \`expect\`; \`{ property: 'integrity' }\` names any |
| \`brokenNode(file)\` | [an exhibit of your own](../guide/your-own-broken-node.md) for \`break\` |

Where YAML needs \`restart: { after }\`, \`.restart()\` waits 1 s.
`;
