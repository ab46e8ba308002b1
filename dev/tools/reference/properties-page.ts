/**
 * docs/reference/properties.md: its prose is written by hand. The lines *Says* and *Exhibits* of each property come from the code, so that they
 * cannot differ from it.
 */
import { exhibits } from '../../../museum/index.ts';
import { propertiesOf } from '../../../scenarios/index.ts';

/** Also those that say something only of a scenario which asks for a feature. */
const ofTendermint = propertiesOf({ voteExtensions: { from: 1 }, finalizationMs: 1, blockTime: { clocks: {} } });
const ofRaft = propertiesOf({ protocol: 'raft', raft: { changes: [] } });

/** Properties that a run adds by itself. */
const ofTheRun = ['determinism'];

export const propertyNames: readonly string[] = [...new Set([...ofTendermint, ...ofRaft].map(({ name }) => name)), ...ofTheRun];

/** The page with its generated lines as they should be. Throws if a property has no section, or a section no property. */
export function propertiesPage(page: string): string {
  const [head = '', ...sections] = page.split(/^### /m);
  const named = sections.map((section) => ({ section, name: /^`([^`]+)`/.exec(section)?.[1] ?? '' }));
  const missing = propertyNames.filter((name) => !named.some((one) => one.name === name));
  const unknown = named.filter(({ name }) => !propertyNames.includes(name)).map(({ name }) => name);
  if (missing.length > 0 || unknown.length > 0)
    throw new Error(
      `docs/reference/properties.md: no section for ${missing.join(', ') || 'none'}; sections of no property: ${unknown.join(', ') || 'none'}`,
    );
  return [head, ...named.map(({ section, name }) => `### ${filled(section, name)}`)].join('');
}

function filled(section: string, name: string): string {
  const says = [...ofTendermint, ...ofRaft].find((property) => property.name === name)?.says;
  const broken = exhibits.filter(({ expected }) => expected.includes(name)).map((exhibit) => `\`${exhibit.name}\``);
  const named = broken.length === 0 ? 'none has this property as its first' : broken.join(', ');
  return section
    .replace(/^- \*\*Says\*\*:.*$/m, (line) => (says === undefined ? line : `- **Says**: ${sentencesOf(says)}`))
    .replace(/^- \*\*Exhibits\*\*:.*$/m, () => `- **Exhibits**: ${named}.`);
}

/** The rule as sentences: its parts are joined by semicolons. */
function sentencesOf(says: string): string {
  const [first = '', ...others] = says.split('; ');
  return [first, ...others.map((part) => part.charAt(0).toUpperCase() + part.slice(1))].map((part) => `${part}.`).join(' ');
}
