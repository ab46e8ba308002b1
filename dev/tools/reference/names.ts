/** The names that the code knows and the reference must have an entry for: of each list, its page and how an entry looks there. */
import { allRoleNames } from '../../../actors/byzantine/index.ts';
import { faultKinds } from '../../../scenarios/index.ts';
import { marksOf } from '../../../scenarios/marks.ts';
import { eventsOfAnyNode, fieldsOfEvents, raftEvents, sites, tendermintEvents } from '../../../scenarios/vocabulary.ts';
import { propertyNames } from './properties-page.ts';

export interface NameList {
  readonly what: string;
  /** In docs/reference. */
  readonly page: string;
  readonly names: readonly string[];
  readonly entry: 'heading' | 'row';
}

export const nameLists: readonly NameList[] = [
  { what: 'property', page: 'properties.md', names: propertyNames, entry: 'heading' },
  {
    what: 'event',
    page: 'events-and-sites.md',
    names: [...eventsOfAnyNode, ...tendermintEvents, ...raftEvents],
    entry: 'row',
  },
  { what: 'site', page: 'events-and-sites.md', names: sites, entry: 'row' },
  {
    what: 'mark',
    page: 'events-and-sites.md',
    names: [...new Set([...marksOf('tendermint'), ...marksOf('raft')])],
    entry: 'row',
  },
  { what: 'fault', page: 'faults.md', names: Object.keys(faultKinds), entry: 'row' },
  { what: 'role', page: 'faults.md', names: allRoleNames, entry: 'row' },
];

/** The names of a list that its page has no entry for. */
export function namesWithoutEntry({ names, entry }: Pick<NameList, 'names' | 'entry'>, page: string): readonly string[] {
  return names.filter((name) =>
    entry === 'heading' ? !new RegExp(`^###? \`${escaped(name)}\``, 'm').test(page) : rowOf(name, page) === undefined,
  );
}

/** Fields that an event has in code and not in its row. */
export function fieldsWithoutEntry(page: string): readonly string[] {
  return Object.entries(fieldsOfEvents).flatMap(([event, fields]) =>
    fields.filter((field) => !(rowOf(event, page) ?? '').includes(`\`${field}\``)).map((field) => `${event}: ${field}`),
  );
}

/** The table row whose first cell has the name. */
function rowOf(name: string, page: string): string | undefined {
  return page.split('\n').find((line) => line.startsWith('| ') && (line.split(' | ')[0] ?? '').includes(`\`${name}\``));
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
