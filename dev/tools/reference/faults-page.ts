/** docs/reference/faults.md: the table of fault kinds and the roles of lying nodes, as the code holds them. */
import { roles } from '../../../actors/byzantine/index.ts';
import { faultKinds } from '../../../scenarios/index.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function faultsPage(): string {
  return `# What can go wrong

Every fault kind of scenarios, drawn fault plans and failure files, from the table that the code uses. \`npm run reference\` writes this page.

- *Survivable*: the node goes on, alone.
- *Detectable*: it halts or abstains, and while it does its power counts as down.
- *Undetectable*: from then on it counts as faulty.

A test strikes each kind alone and checks what it must lead to. In the museum each kind turns some broken node red, or the honest one that is kept correct
against the rule. The keys of each kind, with examples, are in [scenarios](scenarios.md#faults).

| kind | class | models | not modelled | what must happen | source |
| --- | --- | --- | --- | --- | --- |
${Object.entries(faultKinds)
  .map(
    ([name, kind]) =>
      `| \`${name}\` | ${kind.class} | ${cell(kind.models)} | ${cell(kind.leavesOut)} | ${cell(kind.must)} | ${cell(kind.source)} |`,
  )
  .join('\n')}

Nodes that lie, from the beginning (\`byzantine(node, role)\`); signatures cannot be forged:

| role | what it does |
| --- | --- |
${Object.entries(roles)
  .map(([name, { says }]) => `| \`${name}\` | ${cell(says)} |`)
  .join('\n')}

## What a loss of power leaves

What was written and not synced survives in part: nothing, everything, a prefix cut at any byte, or any subset of sectors of 512 bytes; names apart from what they name. A sector that is lost within
the length of its file reads as zeros. With \`.disk({ lostSectors: 'stale' })\` (in YAML \`disk: { lostSectors: stale }\`) it shows what its block held before: a file that
was removed. This was seen on ext4 in its default mode (Linux commit 06bd3c36a733, "fix data exposure after a crash"). The bytes that were synced in a sector stay when more is written after
them, unless \`unsafe-overwrite\` says otherwise. \`crashpoints\` enumerates what the disks of the scenario may leave, and \`fuzz\` draws all of it.

A fault has a trigger: a time, the n-th event that matches a pattern, or (deaths) a crash point or the n-th effect of a site.

\`\`\`sh
npx lazurite run scenarios/yaml/two-of-seven-lie.yaml
\`\`\`
`;
}
