/** The header: what is shown, in which face, and how it looks. */
import type { VNode } from 'preact';
import { propertyWords } from '../story/goal.ts';
import { compare } from './compare.tsx';
import { changeVariant, reproduce } from './runs.ts';
import {
  compared,
  type Face,
  face,
  facesHere,
  isHelpOpen,
  isPresenting,
  lesson,
  lessons,
  node,
  note,
  ownRun,
  record,
  reproduced,
} from './state.ts';
import { openLesson } from './tour.ts';
import { go, present, setFace } from './travel.ts';

const faceWords: Readonly<Record<Face, string>> = { story: 'Story', explore: 'Explore', drive: 'Drive' };

export function Header(): VNode {
  const { data } = record.value;
  return (
    <header class="top">
      <span class="brand">Lazurite</span>
      <h1>{lesson.value?.title ?? data.name}</h1>
      <LessonChoice />
      <div class="group faces" role="group" aria-label="face">
        {facesHere.value.map((one) => (
          <button key={one} type="button" aria-pressed={face.value === one} onClick={() => setFace(one)}>
            {faceWords[one]}
          </button>
        ))}
      </div>
      <div class="group">
        <button type="button" aria-pressed={isPresenting.value} onClick={() => present(!isPresenting.value)}>
          present
        </button>
        <button type="button" aria-expanded={isHelpOpen.value} onClick={() => (isHelpOpen.value = !isHelpOpen.value)}>
          keys
        </button>
        <button type="button" aria-label="change between light and dark" onClick={toggleTheme}>
          ◐
        </button>
      </div>
    </header>
  );
}

function LessonChoice(): VNode | null {
  const all = lessons.value;
  if (all.length === 0) return null;
  const hasOwn = ownRun.value !== undefined && !all.some(({ data }) => data.name === ownRun.value?.data.name);
  return (
    <label class="choice">
      lesson{' '}
      <select
        value={lesson.value?.name ?? ''}
        onChange={(event) => void openLesson(all.find(({ name }) => name === event.currentTarget.value))}
      >
        {hasOwn || lesson.value === undefined ? <option value="">this run</option> : null}
        {all.map(({ name, title }, index) => (
          <option key={name} value={name}>
            {index + 1}. {title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is known of the run, and its variants. In a lesson's story the steps choose the variant. */
export function Toolbar(): VNode | null {
  const { data, variant, properties, isReal } = record.value;
  if (face.value === 'story' && isReal === undefined && (lesson.value !== undefined || data.variants.length < 2)) return null;
  const broken = properties.filter(({ verdict }) => verdict === 'violated');
  const first = broken.find(({ row: at }) => at >= 0);
  return (
    <div class="toolbar">
      <div class="group" role="group" aria-label="variants">
        {data.variants.map(({ name, expect }) => (
          <button key={name} type="button" aria-pressed={variant === name} onClick={() => void changeVariant(name)}>
            {name} {expect === undefined ? '✓' : '✕'}
          </button>
        ))}
        {data.variants.length > 1 ? (
          <button type="button" id="compare" aria-pressed={compared.value !== undefined} onClick={() => void compare()}>
            compare
          </button>
        ) : null}
      </div>
      {broken.length === 0 ? (
        <span class="badge good">✓ every property holds</span>
      ) : (
        <button
          type="button"
          class="badge bad"
          onClick={() => {
            if (first === undefined) return;
            go(first.row);
            node.value = Math.max(0, record.value.rows[first.row]?.node ?? node.value);
          }}
        >
          ✕ broken: {broken.map(({ name }) => propertyWords(name)).join(', ')}
        </button>
      )}
      {isReal === true ? (
        <span id="real">Real processes wrote this record. It cannot be run again, so Drive is not offered.</span>
      ) : null}
      {face.value === 'story' ? null : (
        <>
          {isReal === true ? null : <Reproduce />}
          <button
            type="button"
            onClick={() => void navigator.clipboard?.writeText(location.href).then(() => (note.value = 'The link was copied.'))}
          >
            copy link
          </button>
          {isReal === true ? null : <Identity />}
        </>
      )}
    </div>
  );
}

function Reproduce(): VNode {
  return (
    <button type="button" onClick={() => void reproduce()}>
      {
        { no: 'run again here', running: 'running …', same: 'run again here: same hash', different: 'ANOTHER HASH' }[
          reproduced.value
        ]
      }
    </button>
  );
}

function Identity(): VNode {
  const { seed, hash, id } = record.value;
  return (
    <span class="small">
      seed {seed}, hash <span class="hash">{hash}</span>
      {id === undefined ? null : (
        <>
          , record <span class="hash">{id}</span>
        </>
      )}
    </span>
  );
}

function toggleTheme(): void {
  const root = document.documentElement;
  const isDark =
    root.dataset['theme'] === 'dark' ||
    (root.dataset['theme'] === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset['theme'] = isDark ? 'light' : 'dark';
}
