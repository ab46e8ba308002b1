/** The page: three faces of one record. */
import { effect } from '@preact/signals';
import { render, type VNode } from 'preact';
import { Compare } from './compare.tsx';
import { Strip } from './crash-strip.tsx';
import { Diagram } from './diagram.tsx';
import { actsOnCard, Drive, pickMessage } from './drive.tsx';
import { embedded } from './embedded.ts';
import { printable } from './handout.tsx';
import { Header, Toolbar } from './header.tsx';
import { Help } from './help.tsx';
import { onKey } from './keys.ts';
import { Legend } from './legend.tsx';
import { placeOf, saveLink } from './link.ts';
import { Events, Heard, Narration, Properties, Source } from './panels.tsx';
import { runVariant } from './runs.ts';
import { Shelves } from './shelves.tsx';
import { Stage } from './stage.tsx';
import { compared, type Face, face, faces, isPlaying, lessons, node, ownRun, position, record, records, speed } from './state.ts';
import { Chart } from './statechart.tsx';
import { StoryPanel } from './story-panel.tsx';
import { Switches } from './switches.tsx';
import { Timeline } from './timeline.tsx';
import { openLesson, toStop, tour } from './tour.ts';
import { go, open, present, setFace, step } from './travel.ts';

const choose = (index: number): void => {
  node.value = index;
};

function StageFace(): VNode {
  const isDriving = face.value === 'drive';
  return (
    <main class={`face on-${face.value}`}>
      <div class="stand">
        <Stage
          record={record.value}
          at={position.value}
          focus={node.value}
          title="the stage"
          onNode={choose}
          {...(isDriving ? { onMessage: pickMessage, actsOn: actsOnCard } : {})}
        />
        <Legend record={record.value} at={position.value} focus={node.value} />
      </div>
      {isDriving ? <Drive /> : <StoryPanel />}
    </main>
  );
}

function Explore(): VNode {
  if (compared.value !== undefined)
    return (
      <main class="comparing">
        <div class="both">
          <Narration />
        </div>
        <Compare />
      </main>
    );
  return (
    <main class="explore">
      <div class="column">
        <Narration />
        <Diagram
          record={record.value}
          title={`Space and time${record.value.variant === null ? '' : `: ${record.value.variant}`}`}
          at={position.value}
          onPick={go}
        />
        {record.value.isReal === true ? null : (
          <>
            <Strip />
            <Source />
          </>
        )}
      </div>
      <div class="column">
        <Shelves />
        <Heard />
        {record.value.isReal === true ? null : <Switches />}
        <Properties />
        <Events />
        <Chart />
      </div>
    </main>
  );
}

function Page(): VNode {
  return (
    <>
      <Header />
      <Toolbar />
      <Help />
      {face.value === 'explore' ? <Explore /> : <StageFace />}
      <Timeline />
    </>
  );
}

/** Plays by the browser's frames: the run's own time does not count. In the story it halts at the next stop. */
function play(): void {
  let last = 0;
  let owed = 0;
  const tick = (now: number): void => {
    if (isPlaying.value) {
      owed += ((now - last) / 1000) * 6 * speed.value;
      if (owed >= 1) {
        const from = position.value;
        step(Math.floor(owed));
        owed %= 1;
        if (position.value >= record.value.rows.length - 1) isPlaying.value = false;
        const reached = tour.value.findIndex(
          ({ row, variant }) => variant === record.value.variant && row > from && row <= position.value,
        );
        if (face.value === 'story' && reached !== -1) void toStop(reached);
      }
    }
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

/** To where a link says, as far as it is still there. */
async function follow(link: string, opened: number): Promise<void> {
  const place = placeOf(link);
  const wanted = lessons.value.find(({ name }) => name === place.lesson) ?? lessons.value[opened];
  const ownVariant = place.variant !== undefined && place.lesson === undefined ? place.variant : undefined;
  const { data, variant } = record.value;
  if (wanted !== undefined) await openLesson(wanted, (place.stop ?? 1) - 1);
  else if (ownVariant !== undefined && ownVariant !== variant && data.variants.some(({ name }) => name === ownVariant))
    open(await runVariant(data, ownVariant, null));
  if (faces.some((one) => one === place.face)) setFace(place.face as Face);
  if (place.stop !== undefined && wanted === undefined) await toStop(place.stop - 1);
  if (place.at !== undefined) go(place.at);
  const named = record.value.nodes.indexOf(place.node ?? '');
  if (named !== -1) node.value = named;
}

const query = new URLSearchParams(location.search);
if (query.get('embed') === '1') document.documentElement.classList.add('embed');
const link = location.hash;
const { records: given, lessons: taught, lesson: opened } = await embedded();
const [first] = given;
if (first === undefined) throw new Error('this page holds no run');
// Records of one scenario share its data, so that variants are found again.
records.value = given.map((one) => ({ ...one, data: given.find(({ data }) => data.name === one.data.name)?.data ?? one.data }));
lessons.value = taught;
if (opened === -1) ownRun.value = records.value[0];
open(records.value[0] ?? first);
await follow(link, opened);
if (query.get('present') === '1') present(true);
render(<Page />, document.body);
effect(saveLink);
document.addEventListener('keydown', onKey);
printable();
document.documentElement.dataset['ready'] = 'yes';
play();
