/** The parts of docs/reference/scenarios.md that are not made from the schema. */

/** Parts that have an entry of their own because several keys hold them. */
export const sharedParts: Readonly<Record<string, string>> = {
  where:
    'Fields of an event or of a message, with the values that they must have. [Events and sites](events-and-sites.md) lists the fields of each event. A value is a text, a number, true, false, or `null` (the value of a vote for nil). For a height or round it can also be one of these maps:',
  image:
    'Which of the unsynced bytes survive a power loss: `none`, `all`, or one of these maps. `crashpoints` tries all images of a crash point and prints those that violate a property.',
  span: 'Heights, rounds or lives: one number (`4`), the first and the last (`[2, 5]`), or this map:',
};

/** A sentence before the table of a part. */
export const titles: Readonly<Record<string, string>> = {
  nodes:
    'A script is a list of steps. A step begins when the step before it has ended. In YAML a step is a map with one key. In TypeScript it is a method, and the compiler refuses steps in an impossible order, such as `restart` of a node that is up. Below there is a section for each step.',
  faults:
    'A fault has a trigger (`at`) and a kind (`fault`). A trigger has one of four forms: `time`; `event` (with `where`, `node` and `nth`); `node`, `site`, `phase` and `nth` together; or `point`. Below there is a section for each kind. [Faults](faults.md) says what each kind models and what must follow from it.',
  expect:
    'An entry is the name of a [property](properties.md), or one of three maps. `decides` expects a decision. `never` forbids an event. `decidesNothing` forbids decisions.',
  variants: 'The first variant is the one that `run` and campaigns use when no other is named.',
  until: 'Give one of the two: a time, or a height.',
  byzantine:
    'The roles are in [faults](faults.md). A list gives one node several lies; for each message the first lie that matches it is used.',
};

export function opening(parts: readonly string[]): string {
  const list = parts.map((part) => `[\`${part}\`](#${part.toLowerCase()})`);
  const half = Math.ceil(list.length / 2);
  return `# The language of scenarios

A scenario says which nodes there are, what happens to them, and what the outcome must be. It is written in YAML (or JSON), or in TypeScript.
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

Its parts: ${list.slice(0, half).join(', ')}. Further parts: ${list.slice(half).join(', ')}. Only [\`scenario\`](#scenario) and [\`validators\`](#validators) are required.

In the examples, YAML is on the left. On the right is the same in TypeScript, as \`lazurite fmt\` writes it: the calls that follow
\`scenario('example', { A: 1, B: 1, C: 1, D: 1 })\`.

The [glossary](glossary.md) explains words such as *life*, *mark* and *exhibit*. In the tables, *required* is a key that must be there. *One of several*
is a key that is required in one form of its map; a map has the keys of one form only. Such forms are \`cut\` and \`sectors\` in an image.

## Values

| value | means | examples |
| --- | --- | --- |
| time | virtual time; a plain number is milliseconds | \`500\`, \`500ms\`, \`1.5s\`, \`2m\` |
| name | a node: letters and digits; the first is a letter | \`A\`, \`node7\` |
| event | something that a node reports: [events](events-and-sites.md) | \`vote.cast\`, \`decided\` |
| site | an effect at which a node can die: [sites](events-and-sites.md) | \`wal.flush\`, \`publish\` |
| fields | [fields of an event](#where) | \`{ type: prevote, height: 3 }\` |
| image | [which bytes survive a power loss](#image) | \`none\`, \`all\`, \`{ cut: 20 }\` |
| span | [heights, rounds or lives](#span) | \`4\`, \`[2, 5]\`, \`{ from: 4 }\` |
`;
}

/** Shorter spellings that YAML does not have. */
export const typescriptOnly = `## Only in TypeScript

Most of these calls are shorter forms of keys that are described above. The others need code, so YAML does not have them.

| call | means |
| --- | --- |
| \`scenario(name, powers)\` | \`scenario\` and \`validators\` |
| \`.validators(height, powers)\` | one entry of \`validatorSets\` |
| \`.proposer(height, round, node)\` | one entry of \`proposers\` |
| \`.node(name, (node) => node...)\` | the script of a node; every step of \`nodes\` is a method of it |
| \`.fault(trigger, fault)\` | one entry of \`faults\` |
| \`.power(nodes, at, { restart })\` | a fault \`crash\`; without \`restart\` the nodes are started again after 1 s (the key \`restartMs\` has no such default: without it they stay down) |
| \`.partition(groups, { at, for, oneWay, flap })\` | a fault \`partition\`; \`at\` is the beginning by default |
| \`.pause(node, at, { for })\` | a fault \`pause\` |
| \`.drift(node, share)\` | a fault \`drift\` from the beginning of the run; with 0.1 all timeouts take ten per cent longer, with -0.1 ten per cent less |
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
