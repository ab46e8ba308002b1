/** Switches: the same run with one thing different, and what that breaks. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { PageRecord } from '../record/page-record.ts';
import { propertyWords } from '../story/goal.ts';
import { rowAt } from './rows.ts';
import { runOf } from './runs.ts';
import { engine, note, record, row } from './state.ts';
import { show } from './travel.ts';

interface Switch {
  readonly words: string;
  /** A broken node of the museum; undefined: the honest one. */
  readonly exhibit: string | undefined;
}

const switches: readonly Switch[] = [
  { words: 'honest', exhibit: undefined },
  { words: 'fsync skipped', exhibit: 'no-fsync' },
  { words: 'publish before flush', exhibit: 'broadcast-before-flush' },
  { words: 'no log', exhibit: 'no-wal' },
  { words: 'timeouts not logged', exhibit: 'timeouts-unlogged' },
  { words: 'certificates not logged', exhibit: 'certificates-unlogged' },
  { words: 'the application proposes anew on replay', exhibit: 'replay-reasks-value' },
];

const running = signal('');

async function turn({ words, exhibit }: Switch): Promise<void> {
  const { data } = record.value;
  running.value = words;
  const time = row.value?.time ?? 0;
  const answer = await engine.ask(runOf(data, null, exhibit ?? null));
  running.value = '';
  // The scenario stays the one that was opened, with its variants.
  const made = { ...(answer['record'] as PageRecord), data };
  show(made, rowAt(made, time));
  const broken = made.properties.filter(({ verdict }) => verdict === 'violated');
  note.value = `With "${words}" ${broken.length === 0 ? 'nothing is broken in this run.' : `this is broken: ${broken.map(({ name }) => propertyWords(name)).join(', ')}.`}`;
}

/** Only for the protocol that these broken nodes are of. */
export function Switches(): VNode | null {
  const { data, exhibit, variant } = record.value;
  if (data.protocol !== undefined) return null;
  return (
    <section class="panel" aria-label="switches" data-guess>
      <h2>What if?</h2>
      <div class="group" role="group" aria-label="what is different">
        {switches.map((one) => (
          <button
            key={one.words}
            type="button"
            aria-pressed={variant === null && (exhibit ?? undefined) === one.exhibit}
            onClick={() => void turn(one)}
          >
            {running.value === one.words ? 'running …' : one.words}
          </button>
        ))}
      </div>
    </section>
  );
}
