/** `museum --matrix`: what each property, fault kind, recovery row and rule is for, by the exhibits that turn it red. */

import type { MuseumRow } from '../../campaigns/museum/measure.ts';
import { undetectable } from '../../campaigns/museum/scenes.ts';
import { allProperties, faultKinds, runScenario } from '../../scenarios/index.ts';
import type { Paint } from './terminal.ts';

export interface Section {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly red: readonly string[] }[];
}

const recoveryRows = ['foreign', 'unborn', 'corrupt', 'torn', 'clean', 'gone', 'behind', 'replay', 'next'] as const;

export function matrixOf(rows: readonly MuseumRow[]): readonly Section[] {
  const redBy = (holds: (row: MuseumRow) => boolean): readonly string[] => rows.filter(holds).map(({ exhibit }) => exhibit);
  const honest = new Set(
    undetectable
      .filter((scene) => runScenario(scene.data).verdict === 'violated')
      .flatMap(({ data }) => data.faults.map(({ fault }) => fault.type)),
  );
  const properties = [...allProperties.map(({ name }) => name), 'determinism'];
  return [
    { title: 'property', lines: properties.map((name) => ({ name, red: redBy(({ caughtBy }) => caughtBy.includes(name)) })) },
    {
      title: 'fault kind',
      lines: Object.keys(faultKinds).map((name) => ({
        name,
        red: [
          ...redBy(({ kinds }) => kinds.includes(name)),
          ...(honest.has(name as never) ? ['the honest node, kept correct'] : []),
        ],
      })),
    },
    {
      title: 'recovery row (the honest node comes to it, and holds, in the smallest plan in which the exhibit is red)',
      lines: recoveryRows.map((name) => ({ name, red: redBy(({ rows: met }) => met.includes(name)) })),
    },
    {
      title: 'rule',
      lines: [...new Set(rows.map(({ rule }) => rule))].map((name) => ({ name, red: redBy(({ rule }) => rule === name) })),
    },
    { title: 'exhibit', lines: rows.map(({ exhibit, caughtBy }) => ({ name: exhibit, red: caughtBy })) },
  ];
}

export function matrixText(sections: readonly Section[], paint: Paint): string {
  return sections
    .flatMap(({ title, lines }) => [
      `${title}`,
      ...lines.map(
        ({ name, red }) => `  ${name.padEnd(44)} ${red.length === 0 ? paint.bad('nothing turns it red') : red.join(', ')}`,
      ),
      '',
    ])
    .join('\n');
}
