/** The page: header, transport, panels by mode, keys. */
import { render, type VNode } from 'preact';
import { Diagram } from './diagram.tsx';
import { Drive, pickMessage } from './drive.tsx';
import { embedded } from './embedded.ts';
import { onKey } from './keys.ts';
import { LessonPanel } from './lesson-panel.tsx';
import { Events, Heard, Narration, Properties, Source, Strip } from './panels.tsx';
import { Shelves } from './shelves.tsx';
import {
  compared,
  followLink,
  go,
  isHelpOpen,
  isPlaying,
  lesson,
  lessons,
  type Mode,
  mode,
  note,
  position,
  record,
  records,
  reproduce,
  reproduced,
  row,
  rowAt,
  runVariant,
  setMode,
  show,
  speed,
  step,
} from './state.ts';
import { Chart } from './statechart.tsx';
import { Switches } from './switches.tsx';
import { Transport } from './transport.tsx';

const modes: readonly Mode[] = ['watch', 'drive', 'lesson', 'present'];

function Header(): VNode {
  const { data, seed, variant, properties, hash, id } = record.value;
  const broken = properties.find(({ verdict }) => verdict === 'violated');
  return (
    <header>
      <h1>{data.name}</h1>
      <span>
        seed {seed} · {record.value.nodes.length} nodes
      </span>
      {broken === undefined ? (
        <span class="badge good">✓ all properties held</span>
      ) : (
        <button type="button" class="badge bad" title={broken.message} onClick={() => broken.row >= 0 && go(broken.row)}>
          ✕ {broken.name}
        </button>
      )}
      <div class="group" role="group" aria-label="variants">
        {data.variants.map(({ name, expect }) => (
          <button
            key={name}
            type="button"
            aria-pressed={variant === name}
            onClick={() => void runVariant(data, name, null).then((made) => show(made))}
          >
            {name} {expect === undefined ? '✓' : '✕'}
          </button>
        ))}
        {data.variants.length > 1 ? (
          <button type="button" aria-pressed={compared.value !== undefined} onClick={() => void compare()}>
            compare
          </button>
        ) : null}
      </div>
      <div class="group" role="group" aria-label="mode">
        {modes
          .filter((name) => name !== 'lesson' || lessons.value.length > 0)
          .map((name) => (
            <button key={name} type="button" aria-pressed={mode.value === name} onClick={() => setMode(name)}>
              {name}
            </button>
          ))}
      </div>
      <div class="group">
        <button type="button" onClick={() => void reproduce()}>
          {
            { no: 'reproduce here', running: 'running …', same: 'reproduced here: same hash', different: 'ANOTHER HASH' }[
              reproduced.value
            ]
          }
        </button>
        <button
          type="button"
          onClick={() => void navigator.clipboard?.writeText(location.href).then(() => (note.value = 'the link was copied'))}
        >
          copy link
        </button>
        <button type="button" aria-label="change between light and dark" onClick={toggleTheme}>
          ◐
        </button>
        <button type="button" aria-expanded={isHelpOpen.value} onClick={() => (isHelpOpen.value = !isHelpOpen.value)}>
          keys ?
        </button>
      </div>
      <span class="hash" title="run hash">
        {hash}
      </span>
      {id === undefined ? null : (
        <span class="hash" title="id of the record">
          {id}
        </span>
      )}
    </header>
  );
}

function toggleTheme(): void {
  const root = document.documentElement;
  const isDark =
    root.dataset['theme'] === 'dark' ||
    (root.dataset['theme'] === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset['theme'] = isDark ? 'light' : 'dark';
}

async function compare(): Promise<void> {
  if (compared.value !== undefined) {
    compared.value = undefined;
    return;
  }
  const { data, variant } = record.value;
  const other = data.variants.find(({ name }) => name !== variant);
  if (other === undefined) return;
  const made = await runVariant(data, other.name, null);
  compared.value = made;
  const { rows } = record.value;
  const differs = rows.findIndex((one, at) => made.rows[at]?.words !== one.words || made.rows[at]?.node !== one.node);
  if (differs !== -1) go(differs);
  note.value = differs === -1 ? 'the two runs show no difference' : `the first difference of the two runs is row ${differs + 1}`;
}

function Help(): VNode | null {
  if (!isHelpOpen.value) return null;
  const keys = [
    ['← →', 'one back, one on'],
    ['shift ← →', 'twenty'],
    ['space', 'play and pause'],
    ['p n', 'previous, next crash'],
    ['1 to 9', 'choose a node'],
    ['w', 'why?'],
    ['f', 'filter of events'],
    ['d l', 'drive, lesson'],
    ['Home End', 'beginning, end'],
    ['page up, page down', 'in a lesson: its stops (a clicker)'],
    ['? esc', 'this list'],
  ];
  return (
    <section class="panel help" role="dialog" aria-label="keys">
      <h2>Keys</h2>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => (isHelpOpen.value = false)}>
        close
      </button>
    </section>
  );
}

function Page(): VNode {
  const other = compared.value;
  const now = row.value?.time ?? 0;
  return (
    <>
      <Header />
      <Transport />
      <Help />
      <main class={compared.value === undefined ? mode.value : `${mode.value} comparing`}>
        <div class="column">
          {mode.value === 'lesson' ? <LessonPanel /> : null}
          {mode.value === 'drive' ? <Drive /> : null}
          <Narration />
          <Diagram
            record={record.value}
            title={record.value.variant ?? 'Space and time'}
            at={position.value}
            onPick={go}
            {...(mode.value === 'drive' ? { onMessage: pickMessage } : {})}
          />
          {other === undefined ? null : (
            <Diagram
              record={other}
              title={other.variant ?? 'the other'}
              at={rowAt(other, now)}
              onPick={(at) => go(rowAt(record.value, other.rows[at]?.time ?? 0))}
            />
          )}
        </div>
        <div class="column">
          <Shelves />
          <Heard />
          <Switches />
          <Strip />
          <Properties />
          <Events />
          <Chart />
          <Source />
        </div>
      </main>
    </>
  );
}

/** Plays by the browser's frames: the run's own time is virtual. */
function play(): void {
  let last = 0;
  let owed = 0;
  const tick = (now: number): void => {
    if (isPlaying.value) {
      owed += ((now - last) / 1000) * 6 * speed.value;
      if (owed >= 1) {
        step(Math.floor(owed));
        owed %= 1;
        if (position.value >= record.value.rows.length - 1) isPlaying.value = false;
      }
    }
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

// Before anything else is shown: what is shown changes the link.
const link = location.hash;
const { records: given, lessons: taught, lesson: opened } = await embedded();
records.value = given;
lessons.value = taught;
const [first] = given;
if (first === undefined) throw new Error('this page holds no run');
// Records of one scenario share its data, so that variants are found again.
records.value = given.map((one) => ({ ...one, data: given.find(({ data }) => data.name === one.data.name)?.data ?? one.data }));
show(records.value[0] ?? first);
if (opened >= 0) {
  lesson.value = taught[opened];
  setMode('lesson');
}
render(<Page />, document.body);
await followLink(link);
document.addEventListener('keydown', onKey);
document.documentElement.dataset['ready'] = 'yes';
play();
