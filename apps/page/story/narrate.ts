/** What happens at a row, in sentences. Each is made from what the record says at that row, and carries what it claims. */
import type { PageRecord, Row } from '../record/page-record.ts';
import { type Claim, claimed, plain, quoted, type Sentence } from './claim.ts';
import { framesOf, heardBy, knows, memoryAt, ownFrame, promisedAt, promisesOf, shelvesAt } from './facts.ts';
import { afterSending, type Said, whoHeard } from './sending.ts';
import { counted, listed, spoken, valueName } from './words.ts';

export interface Narration {
  /** One sentence, in large type. */
  readonly head: Sentence;
  readonly more: readonly Sentence[];
}

export function narrate(record: PageRecord, at: number): Narration {
  const row = record.rows[at];
  if (row === undefined) return { head: plain('The run is over.'), more: [] };
  const name = record.nodes[row.node] ?? '';
  const scene: Scene = { record, at, row, name };
  const found = templates.find(([pattern]) => pattern.test(row.words));
  return found === undefined ? { head: quoted(name === '' ? row.words : `${name}: ${row.words}`), more: [] } : found[1](scene);
}

interface Scene {
  readonly record: PageRecord;
  readonly at: number;
  readonly row: Row;
  readonly name: string;
}

const templates: readonly (readonly [RegExp, (scene: Scene) => Narration])[] = [
  [/^✕ crash/, powerLoss],
  [/^✕ kill/, killed],
  [
    /^■ stopped/,
    ({ name, row }) => ({ head: plain(`${name} stops itself.`), more: [quoted(row.words.replace('■ stopped ', ''))] }),
  ],
  [/^↻ restart/, restarted],
  [/^recovered/, ({ name, row }) => ({ head: plain(`${name} has read its files.`), more: [quoted(row.words)] })],
  [
    /^replay\.begin/,
    ({ name }) => ({
      head: plain(`${name} begins to replay its log.`),
      more: [plain('The logged inputs go through the same code again. Nothing is sent meanwhile.')],
    }),
  ],
  [/^replay\.end/, replayed],
  [/^wal\.append/, appended],
  [/^wal\.flush {2}sync/, flushing],
  [/^(vote\.cast|proposal\.local|said)/, said],
  [/^publish/, published],
  [
    /^relay/,
    ({ name, row, record }) => ({
      head: plain(`${name} passes on ${spoken(record, middle(row.words))}.`),
      more: [plain('Another node signed it. Passing it on promises nothing.')],
    }),
  ],
  [/^hears/, hears],
  [/^lost/, lostOnTheWay],
  [
    /^decided\s+snapshot/,
    ({ name, row }) => ({
      head: plain(`${name} stores a ${row.words.replace(/^decided\s+/, '')}.`),
      more: [plain('The snapshot goes to the block store. Then the log goes on in a new file, and the old file is removed.')],
    }),
  ],
  [
    /^decided/,
    ({ name, row }) => ({
      head: plain(`${name} decides ${row.words.replace(/^decided\s+/, '')}.`),
      more: [plain('Precommits with more than two thirds of the voting power are there. The value goes to the application.')],
    }),
  ],
  [/^locked/, locked],
  [
    /^elected/,
    ({ name, row }) => ({
      head: plain(`${name} is the leader of ${row.words.replace(/^elected\s+/, '')}.`),
      more: [plain('A majority has voted for it. It begins its term with an empty entry.')],
    }),
  ],
  [
    /^committed/,
    ({ name, row }) => ({
      head: plain(`${name} learns that the entries up to ${row.words.replace(/^committed\s+index\s+/, '')} are committed.`),
      more: [plain('A majority has them. Its state machine applies them in order.')],
    }),
  ],
  [
    /^prevote\.asked/,
    ({ name, row }) => ({
      head: plain(`${name} asks whether the others would vote for it in ${row.words.replace(/^prevote\.asked\s+/, '')}.`),
      more: [plain('It keeps its own term until a majority has said yes.')],
    }),
  ],
  [
    /^prevote\.refused/,
    ({ name, row }) => ({
      head: plain(`${name} would not vote for ${row.words.replace(/^prevote\.refused\s+candidate\s+(\S+),.*$/, '$1')}.`),
      more: [plain('It has a leader, or a vote in that term, or a newer log.')],
    }),
  ],
  [
    /^snapshot\.taken/,
    ({ name, row }) => ({
      head: plain(`${name} takes a snapshot up to entry ${row.words.replace(/^snapshot\.taken\s+index\s+/, '')}.`),
      more: [plain('The state of its machine takes the place of these entries.')],
    }),
  ],
  [
    /^snapshot\.installed/,
    ({ name, row }) => ({
      head: plain(`${name} installs a snapshot up to entry ${row.words.replace(/^snapshot\.installed\s+index\s+/, '')}.`),
      more: [plain('Its leader does not have these entries any more. The ack waits for the frame of the snapshot.')],
    }),
  ],
  [
    /^store/,
    ({ name }) => ({
      head: plain(`${name} works on its block store.`),
      more: [plain('The store of decided blocks has an fsync of its own.')],
    }),
  ],
  [
    /^segment/,
    ({ name }) => ({
      head: plain(`${name} works on the files of its log.`),
      more: [plain('Each height has a file of its own, and so has each life.')],
    }),
  ],
  [
    /^timer\.set/,
    ({ name, row }) => ({ head: plain(`${name} sets a timer.`), more: [quoted(row.words.replace(/^timer\.set\s+/, ''))] }),
  ],
  [/^! paused/, ({ name }) => ({ head: plain(`${name} is paused.`), more: [plain('It does nothing until it is resumed.')] })],
  [/^! resumed/, ({ name }) => ({ head: plain(`${name} is resumed.`), more: [plain('It goes on where it was.')] })],
  [
    /^! cut off/,
    ({ name }) => ({
      head: plain(`${name} is cut off from the others.`),
      more: [plain('Its connections are closed, and new ones are refused.')],
    }),
  ],
  [/^! back/, ({ name }) => ({ head: plain(`${name} is back on the network.`), more: [plain('It can be connected to again.')] })],
  [/^!/, ({ row }) => ({ head: plain('A fault of the scenario strikes.'), more: [quoted(row.words.replace(/^! /, ''))] })],
];

/** `publish  prevote(v) at 1.0 -> A B` gives `prevote(v) at 1.0`. */
function middle(words: string): string {
  return words.replace(/^\S+\s+/, '').replace(/ (->|<-) .*$/, '');
}

function powerLoss(scene: Scene): Narration {
  const { record, at, row, name } = scene;
  const { ghosts } = shelvesAt(record, row.node, at);
  const own = ghosts.filter(({ isOwn }) => isOwn);
  const shown = (own.length > 0 ? own : ghosts).slice(-2);
  const claims = shown.map((frame): Claim => ({ kind: 'lost', node: name, what: whatOf(frame.label), position: at }));
  const more: Sentence[] = [];
  if (record.log === 'none') more.push(plain('It has no log.'));
  else if (ghosts.length === 0)
    more.push(claimed('No frame of its log is lost.', { kind: 'lost', node: name, what: '*', position: at, not: true }));
  else
    more.push(
      claimed(
        `${counted(ghosts.length, 'frame')} of its page cache ${ghosts.length === 1 ? 'is' : 'are'} lost: ${shown.map(({ label }) => spoken(record, label)).join(', ')}${ghosts.length > shown.length ? ' and others' : ''}.`,
        ...claims,
      ),
    );
  return { head: plain(`${name} loses power.`), more: [...more, ...held(scene)] };
}

function killed(scene: Scene): Narration {
  const { record, at, name } = scene;
  const frames =
    record.log === 'none'
      ? plain('It has no log.')
      : claimed('No frame of its log is lost: the operating system still has its page cache.', {
          kind: 'lost',
          node: name,
          what: '*',
          position: at,
          not: true,
        });
  return { head: plain(`The process of ${name} is killed.`), more: [plain('Its memory is empty.'), frames, ...held(scene)] };
}

/** What others hold a node to: the last thing that they heard from it. */
function held({ record, at, row, name }: Scene): readonly Sentence[] {
  const sent = promisesOf(record, row.node).filter((one) => one.sent <= at);
  const last = sent.findLast(({ heard }) => heard !== -1 && heard <= at) ?? sent.at(-1);
  if (last === undefined) return [plain(`${name} has sent nothing yet.`)];
  return [whoHeard({ record, at, node: row.node, label: last.label })];
}

function restarted({ record, at, row, name }: Scene): Narration {
  const scene = { record, at, row, name };
  if (record.log !== 'none')
    return { head: plain(`${name} starts again.`), more: [plain('Its memory is empty. Now it reads its log.'), ...held(scene)] };
  const down = record.downtimes.findLast((one) => one.node === row.node && one.from < at);
  const height = memoryAt(record, row.node, (down?.from ?? at) - 1)['height'];
  const more: Sentence[] = [plain(`It has no log, so it begins ${height === undefined ? 'anew' : `height ${height} anew`}.`)];
  const last = promisesOf(record, row.node).findLast(({ sent }) => sent <= at);
  const isOpen = last !== undefined && String(last.where['height']) === height && /prevote|precommit/.test(last.label);
  if (isOpen && !knows(record, row.node, last.label, at))
    more.push(
      claimed(`It has forgotten its ${spoken(record, last.label)}.`, {
        kind: 'forgot',
        node: name,
        what: last.label,
        position: at,
      }),
    );
  return { head: plain(`${name} starts again.`), more: [...more, ...held(scene)] };
}

function replayed({ record, at, row, name }: Scene): Narration {
  const votes = (memoryAt(record, row.node, at)['own votes'] ?? '-').split(', ').filter((label) => label !== '-' && label !== '');
  const earlier = votes.filter((label) => promisedOrFramed(record, row.node, label, at));
  const more =
    earlier.length === 0
      ? [plain('There was no vote of its own in it for this height.')]
      : [
          claimed(
            `It has not forgotten ${listed(earlier.map((label) => `its ${spoken(record, label)}`))}.`,
            ...earlier.map((what): Claim => ({ kind: 'forgot', node: name, what, position: at, not: true })),
          ),
        ];
  return {
    head: plain(`${name} has replayed its log.`),
    more: record.log === 'none' ? [plain('It has no log: nothing was there to replay.')] : more,
  };
}

function promisedOrFramed(record: PageRecord, node: number, label: string, at: number): boolean {
  return framesOf(record, node).some((frame) => frame.isOwn && frame.cached <= at && whatOf(frame.label) === label);
}

function appended({ record, at, row, name }: Scene): Narration {
  const label = row.words.replace(/^wal\.append\s+/, '');
  const head = plain(`${name} writes a frame: ${spoken(record, label)}.`);
  if (record.log === 'none') return { head, more: [plain('It never reads what it writes, so it has no log.')] };
  const isKnown = framesOf(record, row.node).some((frame) => frame.label === label && frame.cached === at);
  if (!isKnown) return { head, more: [] };
  return {
    head,
    more: [
      claimed('The frame is in the page cache. It is not on the disk yet.', {
        kind: 'durable',
        node: name,
        what: whatOf(label),
        written: at,
        position: at,
        not: true,
      }),
    ],
  };
}

function flushing({ record, at, row, name }: Scene): Narration {
  if (record.log === 'none')
    return { head: plain(`${name} calls fsync.`), more: [plain('It never reads what it writes, so it has no log.')] };
  const { cached } = shelvesAt(record, row.node, at);
  const words = cached.slice(-3).map(({ label }) => spoken(record, label));
  return {
    head: plain(`${name} calls fsync.`),
    more: [
      plain(
        cached.length === 0
          ? 'The page cache holds no frame of its log.'
          : `${counted(cached.length, 'frame')} ${cached.length === 1 ? 'is' : 'are'} in the page cache: ${words.join(', ')}${cached.length > words.length ? ' and others' : ''}.`,
      ),
    ],
  };
}

function said({ record, at, row, name }: Scene): Narration {
  const what = middle(row.words);
  const more: Sentence[] = [];
  if (record.log === 'file' && ownFrame(record, row.node, what, at).place === 'cached')
    more.push(
      claimed('Its frame is in the page cache. It is not on the disk yet.', {
        kind: 'durable',
        node: name,
        what,
        position: at,
        not: true,
      }),
    );
  if (heardBy(record, row.node, what, at).length === 0)
    more.push(claimed('Nobody has heard it yet.', { kind: 'heard', node: name, what, by: [], position: at, not: true }));
  return { head: plain(`${name} makes up its mind: ${spoken(record, what)}.`), more };
}

function published({ record, at, row, name }: Scene): Narration {
  const sent = promisesOf(record, row.node).find((message) => message.sent === at);
  const to = record.messages.filter((one) => one.sent === at && one.to !== row.node).map((one) => record.nodes[one.to] ?? '');
  const label = middle(row.words);
  if (sent === undefined) return { head: plain(`${name} sends ${spoken(record, label)} to ${listed(to)}.`), more: [] };
  const scene: Said = { record, at, node: row.node, label: sent.label };
  const other = promisedAt(record, row.node, at)
    .find(({ promise }) => promise === sent.promise)
    ?.values.find(({ value }) => value !== sent.value);
  if (other === undefined)
    return { head: plain(`${name} sends ${spoken(record, sent.label)} to ${listed(to)}.`), more: afterSending(scene) };
  const kind = /precommit|prevote|vote/.test(sent.label) ? 'votes' : 'speaks';
  return {
    head: plain(`${name} ${kind} again, and differently: now ${spoken(record, sent.label)}.`),
    more: [whoHeard({ ...scene, label: other.label }), plain(`Now it tells ${listed(to)} something else in the same round.`)],
  };
}

function hears({ record, at, name, row }: Scene): Narration {
  const label = middle(row.words);
  const from = / <- (\S+)$/.exec(row.words)?.[1] ?? '';
  const heard = record.messages.some(
    (one) => one.heard === at && one.to === row.node && one.promise !== '' && one.label === label,
  );
  const text = `${name} hears ${spoken(record, label)} from ${from}.`;
  if (!heard) return { head: quoted(text), more: [] };
  return { head: claimed(text, { kind: 'heard', node: from, what: label, by: [name], position: at }), more: [] };
}

function lostOnTheWay({ record, at, row, name }: Scene): Narration {
  const [, label = '', to = ''] = /^lost\s+(.*) -> (\S+)/.exec(row.words) ?? [];
  return {
    head: claimed(`A message of ${name} to ${to} is lost: ${spoken(record, label)}.`, {
      kind: 'lost',
      node: name,
      what: label,
      to,
      position: at,
    }),
    more: [],
  };
}

function locked({ record, row, name }: Scene): Narration {
  const value = / value (\S+)/.exec(row.words)?.[1];
  return {
    head: plain(`${name} locks ${value === undefined ? 'a value' : valueName(record, value)}.`),
    more: [
      plain('Prevotes with more than two thirds of the voting power are for it.'),
      plain(
        'From now on this node prevotes nothing else at this height, unless a later round shows it as many for another value.',
      ),
    ],
  };
}

/** A frame's label as claims name it. */
export const whatOf = (label: string): string => label.replace(/^own /, '');
