/** Two variants side by side: two stages with their disks at one time, and the first difference. */
import type { VNode } from 'preact';
import type { PageRecord } from '../record/page-record.ts';
import { Diagram } from './diagram.tsx';
import { rowAt } from './rows.ts';
import { runVariant } from './runs.ts';
import { Stage } from './stage.tsx';
import { compared, face, node, note, position, record, row } from './state.ts';
import { go, setFace } from './travel.ts';

/** The first row at which two runs are not the same; -1: there is none. */
export function firstDifference({ rows }: PageRecord, other: PageRecord): number {
  return rows.findIndex((one, at) => other.rows[at]?.words !== one.words || other.rows[at]?.node !== one.node);
}

export async function compare(): Promise<void> {
  if (compared.value !== undefined) {
    compared.value = undefined;
    return;
  }
  const { data, variant } = record.value;
  const other = data.variants.find(({ name }) => name !== variant);
  if (other === undefined) return;
  const made = await runVariant(data, other.name, null);
  if (face.value === 'story') setFace('explore');
  const differs = firstDifference(record.value, made);
  if (differs !== -1) {
    go(differs);
    node.value = Math.max(0, record.value.rows[differs]?.node ?? node.value);
  }
  compared.value = made;
  note.value =
    differs === -1
      ? 'The two runs show no difference.'
      : `The first difference of the two runs is row ${differs + 1}. The time line marks it.`;
}

export function Compare(): VNode | null {
  const other = compared.value;
  if (other === undefined) return null;
  const now = row.value?.time ?? 0;
  const otherAt = rowAt(other, now);
  const pick = (index: number): void => {
    node.value = index;
  };
  return (
    <>
      {[record.value, other].map((one, index) => (
        <div class="side" key={one.variant}>
          <h2>{one.variant}</h2>
          <Stage
            record={one}
            at={index === 0 ? position.value : otherAt}
            focus={node.value}
            title={`the stage of ${one.variant}`}
            onNode={pick}
            isCompact
          />
          <Diagram
            record={one}
            title={`Space and time: ${one.variant}`}
            at={index === 0 ? position.value : otherAt}
            onPick={(at) => go(index === 0 ? at : rowAt(record.value, one.rows[at]?.time ?? 0))}
          />
        </div>
      ))}
    </>
  );
}
