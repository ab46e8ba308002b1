/** Faults of a process and its clock: deaths, pauses, drifting clocks, timers that elapse early. */
import { expect } from 'chai';
import { decides, event, type Fault, type Run, scenario, type Trigger } from '../../scenarios/index.ts';
import {
  beforeFlush,
  describeKinds,
  type Expectations,
  expectSurvived,
  fileOf,
  first,
  four,
  milliseconds,
  powerFails,
  type Seen,
  seen,
  struck,
} from './faults-seen.ts';

/** The frames that a node's dead life had appended at a height, by sequence, and the last one that it knew to be durable. */
function loggedBefore(run: Run, death: Seen): { readonly appended: readonly number[]; readonly acknowledged: number } {
  const ofLife = { node: death.node, life: death.life };
  const begin = seen(run, 'height.start', ofLife).findLast(({ index }) => index < death.index);
  const frames = seen(run, 'disk', { ...ofLife, site: 'wal.append' });
  // The first frame of a height says under which configuration it began, and is appended before the height is announced.
  const from = frames.findLast(({ index }) => index < (begin?.index ?? 0))?.index ?? 0;
  const flushed = seen(run, 'arrived', { ...ofLife, actor: 'consensus', type: 'flushed' });
  const acknowledged = flushed.map(({ detail }) => (detail['message'] as { readonly sequence: number }).sequence);
  return {
    appended: frames.filter(({ index }) => index >= from).map(({ detail }) => Number(detail['frame'])),
    acknowledged: Math.max(...acknowledged),
  };
}

/** What a life said at a height, in order, each thing once. */
function saidAt(run: Run, node: string, life: number, height: number): readonly string[] {
  const said = seen(run, 'publish', { node, life, height }).filter(
    ({ detail }) => !String(detail['type']).includes('Certificate'),
  );
  return [...new Set(said.map(({ detail: { type, round, value } }) => `${type} ${round} ${value}`))];
}

/** A death at height 3: of what was appended `count` frames are replayed, and what was said is said again. */
function expectReplayed(run: Run, death: Seen, isRestored: (frame: number, acknowledged: number) => boolean): void {
  const { node, life } = death;
  const { appended, acknowledged } = loggedBefore(run, death);
  expect(Math.max(...appended), 'something was not acknowledged').to.be.above(acknowledged);
  const restored = appended.filter((frame) => isRestored(frame, acknowledged));
  const back = first(run, 'recovered', { node, life: life + 1 });
  expect(back.detail).to.deep.equal({ row: 'replay', height: 3, frames: restored.length });
  const before = saidAt(run, node, life, 3);
  expect(before).to.have.lengthOf.at.least(2);
  expect(saidAt(run, node, life + 1, 3).slice(0, before.length)).to.deep.equal(before);
}

/** Timers that elapsed: what was asked for, and what it took, in milliseconds. */
function elapsed(run: Run, node: string, from = 0): readonly { readonly asked: number; readonly took: number }[] {
  const set = new Map(seen(run, 'timer.set', { node }).map((timer) => [timer.index, timer]));
  return seen(run, 'arrived', { node, from: 'timer' }).flatMap((rung) => {
    const timer = set.get(rung.cause);
    return timer === undefined || timer.index < from
      ? []
      : [{ asked: Number(timer.detail['delay']), took: milliseconds(timer, rung) }];
  });
}

const drift = (node: string, perMille: number): Fault => ({ type: 'drift', node, perMille });

function expectDrifted(perMille: number): void {
  const run = scenario('drifting', four).fault({ time: 0 }, drift('B', perMille)).until({ time: '3s' }).run();
  expect(run.complaints).to.deep.equal([]);
  const late = elapsed(run, 'B');
  expect(late).to.have.lengthOf.at.least(4);
  for (const { asked, took } of late) expect(took).to.equal((asked * (1000 + perMille)) / 1000);
  for (const { asked, took } of elapsed(run, 'A')) expect(took).to.equal(asked);
  expectSurvived(run);
}

const isAcknowledged = (frame: number, acknowledged: number): boolean => frame <= acknowledged;
const everything: Fault = { type: 'crash', nodes: ['A', 'B', 'C', 'D'], image: 'all', restartMs: 300 };
const killed: Fault = { type: 'kill', nodes: ['B'], restartMs: 200 };
const whenItsTurnBegins: Trigger = { ...event('height.start', { height: 4 }), node: 'B' };

const expectations: Expectations['process'] = {
  crash: [
    {
      it: 'replay restores what was acknowledged, and no more where nothing else is left; the node votes the same again',
      holds: () => {
        const run = struck(powerFails);
        const death = first(run, 'crash', { node: 'B' });
        expect(death.detail['lostBytes']).to.be.above(0);
        expectReplayed(run, death, isAcknowledged);
        expectSurvived(run);
      },
    },
    {
      it: 'at all nodes at once, and all that was pending is left: replay restores every frame, and nobody contradicts himself',
      holds: () => {
        const run = struck(everything);
        const deaths = seen(run, 'crash');
        expect(deaths.map(({ node, time, detail }) => [node, time, detail['lostBytes']])).to.deep.equal(
          ['A', 'B', 'C', 'D'].map((node) => [node, deaths[0]?.time, 0]),
        );
        for (const death of deaths) if (death.node === 'B') expectReplayed(run, death, () => true);
        for (const { node } of deaths) expect(seen(run, 'recovered', { node, life: 1 })).to.have.lengthOf(1);
        expectSurvived(run);
      },
    },
    {
      it: 'strikes at a crash point by its name, and at the n-th effect of a site',
      holds: () => {
        const named = struck(powerFails, { when: { point: 'B@3.0/wal.flush~1:before' } });
        expect(first(named, 'crash').detail['at']).to.equal('B@3.0/wal.flush~1:before');
        const counted = struck(powerFails, { when: { node: 'B', site: 'publish', phase: 'after', nth: 4 } });
        expect(seen(counted, 'publish', { node: 'B', life: 0 })).to.have.lengthOf(4);
        for (const run of [named, counted]) expectSurvived(run);
      },
    },
    {
      it: 'strikes all its nodes at the crash point of one, and they come back together',
      holds: () => {
        const both = { type: 'crash', nodes: ['B', 'C'], restartMs: 100 } as const;
        for (const when of [
          { point: 'B@3.0/wal.flush~1:before' },
          { node: 'B', site: 'publish', phase: 'after', nth: 4 } as const,
        ]) {
          const run = struck(both, { when });
          const deaths = seen(run, 'crash');
          expect(deaths.map(({ node, time }) => [node, time])).to.deep.equal(['B', 'C'].map((node) => [node, deaths[0]?.time]));
          const returns = seen(run, 'restart');
          expect(returns.map(({ node, time }) => [node, time])).to.deep.equal(['B', 'C'].map((node) => [node, returns[0]?.time]));
          expectSurvived(run);
        }
      },
    },
  ],
  kill: [
    {
      it: 'replay restores every frame that was written, durable before it is relied upon; the node votes the same again',
      holds: () => {
        const run = struck(killed);
        const death = first(run, 'kill', { node: 'B' });
        expectReplayed(run, death, () => true);
        const old = fileOf(first(run, 'disk', { node: 'B', life: 1, site: 'boot.read' }));
        const fresh = fileOf(first(run, 'disk', { node: 'B', life: 1, site: 'replay.frame' }));
        const isDurable = (at: number, file: string): boolean => {
          const { observer } = run.at(at);
          return observer.isDurable('B', file, 0, observer.fileLength('B', file));
        };
        expect(isDurable(death.index, old), 'before').to.equal(false);
        expect(isDurable(first(run, 'replay.begin', { node: 'B', life: 1 }).index, fresh), 'written anew').to.equal(true);
        expectSurvived(run);
      },
    },
    {
      it: 'strikes where a flush is asked for: what waits for it has not left, and the next life says it',
      holds: () => {
        const run = struck(killed, { when: beforeFlush });
        expect(saidAt(run, 'B', 0, 3)).to.deep.equal([]);
        expect(saidAt(run, 'B', 1, 3)[0]).to.equal(
          `prevote 0 ${first(run, 'vote.cast', { node: 'B', life: 0, height: 3 }).detail['value']}`,
        );
      },
    },
  ],
  pause: [
    {
      it: 'nothing happens at the node until it goes on where it was; peers go on without it',
      holds: () => {
        const run = struck({ type: 'pause', node: 'B', forMs: 400 });
        const paused = first(run, 'fault', { node: 'B', kind: 'paused' });
        const resumed = first(run, 'fault', { node: 'B', kind: 'resumed' });
        expect(milliseconds(paused, resumed)).to.equal(400);
        const between = [...run.world.trace.events()].slice(paused.index + 1, resumed.index);
        expect(between.filter(({ node }) => node === 'B')).to.deep.equal([]);
        const decided = between.filter(({ type, node }) => type === 'effect' && node === 'A').length;
        expect(decided, 'what A did meanwhile').to.be.above(0);
        const alone = seen(run, 'decide', { node: 'A' }).filter(({ index }) => index > paused.index && index < resumed.index);
        expect(alone.map(({ detail }) => detail['height'])).to.include(4);
        expect(resumed.detail['messages']).to.be.above(0);
        const frames = seen(run, 'disk', { node: 'B', site: 'wal.append' });
        const [last, next] = [
          frames.findLast(({ index }) => index < paused.index),
          frames.find(({ index }) => index > paused.index),
        ];
        expect(next?.detail['frame']).to.equal(Number(last?.detail['frame']) + 1);
        expect(seen(run, 'restart')).to.deep.equal([]);
        expectSurvived(run);
      },
    },
  ],
  drift: [
    { it: 'a slow clock: its timers elapse later by that share, and nobody else is touched', holds: () => expectDrifted(400) },
    { it: 'a fast clock: its timers elapse earlier by that share, and nobody else is touched', holds: () => expectDrifted(-400) },
    {
      it: 'all clocks run ten times too fast, and a message takes longer than a timeout: rounds are lost until timeouts have grown',
      holds: () => {
        let story = scenario('all too fast', four)
          .network({ delay: '40ms' })
          .expect(decides(3, { within: '60s' }));
        for (const node of ['A', 'B', 'C', 'D'] as const) story = story.fault({ time: 0 }, drift(node, -900));
        const run = story.run();
        expect(run.complaints).to.deep.equal([]);
        expect(seen(run, 'timeout', { node: 'B', step: 'propose', height: 1 })).to.have.lengthOf.at.least(2);
        expect(first(run, 'decided', { node: 'B', height: 1 }).detail['round']).to.be.above(1);
        expectSurvived(run);
      },
    },
  ],
  timer: [
    {
      it: 'the timer that is named elapses at once, its timeout is logged, and a life that died behind it votes nil again; one round is lost at most',
      holds: () => {
        const died: Trigger = { ...event('publish', { type: 'prevote', height: 4 }), node: 'B' };
        const when = whenItsTurnBegins;
        const run = struck({ type: 'timer', node: 'B', timer: 'propose' }, { when, and: [[died, powerFails]] });
        const strike = first(run, 'fault', { node: 'B', kind: 'timer' });
        expect(strike.detail['timer']).to.equal('propose/0');
        const rung = first(run, 'timeout', { node: 'B', height: 4, step: 'propose' });
        expect(rung.time).to.equal(strike.time);
        const framed = seen(run, 'disk', { node: 'B', site: 'wal.append' }).filter(({ cause }) => cause === rung.cause);
        expect(framed, 'the timeout and the vote').to.have.lengthOf(2);
        expect(saidAt(run, 'B', 0, 4)).to.deep.equal(['prevote 0 null']);
        expect(saidAt(run, 'B', 1, 4)[0]).to.equal('prevote 0 null');
        expect(first(run, 'decided', { node: 'A', height: 4 }).detail['round']).to.be.at.most(1);
        expectSurvived(run);
      },
    },
    {
      it: 'left out which: the one that is due next',
      holds: () => {
        const run = struck({ type: 'timer', node: 'B' });
        const strike = first(run, 'fault', { node: 'B', kind: 'timer' });
        const before = run.at(strike.index - 1);
        const armed = ['consensus', 'network'].flatMap((actor) => [...before.timers('B', actor)]);
        const [next] = armed.sort(([, a], [, b]) => a - b);
        expect(strike.detail['timer']).to.equal(next?.[0]);
        expect(next?.[1], 'when it was due').to.be.above(strike.time);
        const rung = seen(run, 'arrived', { node: 'B', from: 'timer' }).find(({ cause }) => cause === strike.index);
        expect(rung?.time).to.equal(strike.time);
        expectSurvived(run);
      },
    },
  ],
};

describeKinds('faults of a process', expectations);
