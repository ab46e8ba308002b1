/** docs/reference/scenarios.md: the language of scenarios, from its schema and from examples that are parsed and compiled. */
import { scenarioSchema } from '../../../scenarios/schema.ts';
import { type Example, examplesOf } from './scenario-examples.ts';
import { type Key, keysOf } from './scenario-keys.ts';
import { opening, sharedParts, titles, typescriptOnly } from './scenario-words.ts';

export function scenariosPage(): string {
  const keys = keysOf(scenarioSchema);
  const examples = examplesOf(scenarioSchema);
  const sections = [...new Set(keys.map(({ section }) => section))];
  const own = sections.filter((section) => !Object.hasOwn(sharedParts, section));
  const part = (section: string): string => partText(section, keys, examples);
  return [
    opening(own.filter((section) => !section.includes(':'))),
    ...own.map(part),
    '## Parts that several keys use\n',
    ...Object.keys(sharedParts).map(part),
    typescriptOnly,
  ].join('\n');
}

function partText(section: string, keys: readonly Key[], examples: readonly Example[]): string {
  const own = keys.filter((key) => key.section === section);
  const depth = section.includes(':') || Object.hasOwn(sharedParts, section) ? '###' : '##';
  const shown = examples.filter((example) => example.section === section).map(sideBySide);
  const lead = titles[section] === undefined ? '' : `${titles[section]}\n\n`;
  const words = sharedParts[section];
  return `${depth} ${titleOf(section)}\n\n${words === undefined ? '' : `${words}\n\n`}${lead}${tableOf(section, own)}\n\n${shown.join('\n\n')}\n`;
}

/** The heading of a part, such as `faults`: `crash`, each in code. */
export function titleOf(section: string): string {
  const [first = '', ...others] = section.split(/, |: /).map((name) => `\`${name}\``);
  return section.includes(': ') ? `${first}: ${others.join(', ')}` : first;
}

function tableOf(section: string, keys: readonly Key[]): string {
  const rows = keys.map(({ path, type, unit = '', isNeeded, byDefault = '', says }) => {
    const left = isNeeded === 'never' ? byDefault : isNeeded === 'always' ? '*required*' : '*one of several*';
    return `| \`${shownPath(section, path)}\` | ${typeLink(path, type)} | ${unit} | ${cell(left)} | ${cell(says)} |`;
  });
  return ['| key | type | unit | default | what it says |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** Inside a step or a fault its own keys are named without what is around it. */
function shownPath(section: string, path: string): string {
  const inner = path.replace(/^faults\[\]\.fault<[^>]+>\./, '').replace(/^nodes\.\*\[\]\./, '');
  return section.startsWith('faults: ') || section.startsWith('nodes: ') ? inner : path;
}

function typeLink(path: string, type: string): string {
  if (/(^|\.)where$/.test(path)) return '[fields](#where)';
  if (/(^|\.)image$/.test(path)) return '[image](#image)';
  if (/(^|\.)(heights|rounds|lives)$/.test(path) && type.includes(' or [')) return '[span](#span)';
  return cell(type).replaceAll(/\btime\b/g, '[time](#values)');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** GitHub shows code in the cells of a table when blank lines are around it. */
function sideBySide({ yaml, typescript }: Example): string {
  return `<table><tr><td>\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n\n</td><td>\n\n\`\`\`typescript\n${typescript}\n\`\`\`\n\n</td></tr></table>`;
}
