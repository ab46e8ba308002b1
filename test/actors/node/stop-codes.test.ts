/** A node that stops says why by a code: in its `stop` effect, in the event `stopped`, and in the moment that scripts wait for. */
import { expect } from 'chai';
import { rowsOf } from '../../../campaigns/museum/recovery-rows.ts';
import { scenes } from '../../../campaigns/museum/scenes.ts';
import type { RunEvent } from '../../../core/events.ts';
import { event, type Fault, runScenario, type Scenario, type ScenarioData, scenario } from '../../../scenarios/index.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };
const voted = { ...event('publish', { type: 'precommit', height: 4 }), node: 'B' } as const;

function struck(fault: Fault): ScenarioData {
  return scenario('B is struck', four).fault(voted, fault).until({ time: '6s' }).data;
}

type Stopped = RunEvent & { readonly type: 'stopped' };

function stopsIn(data: ScenarioData, exhibit?: string): readonly Stopped[] {
  const { world } = runScenario(data, { record: true, ...(exhibit === undefined ? {} : { exhibit }) });
  return [...world.trace.events()].filter((one) => one.type === 'stopped');
}

const disk = { node: 'B', code: 'EIO', written: 0, restartMs: 20 } as const;
const faults: readonly (readonly [string, Fault])[] = [
  ['CORRUPT', { type: 'bit-flip', node: 'B', frame: 'middle' }],
  ['CORRUPT', { type: 'bit-flip', node: 'B', frame: 'middle', part: 'length' }],
  ['GONE', { type: 'missing', node: 'B', file: 'blocks' }],
  ['GONE', { type: 'missing', node: 'B', file: 'wal' }],
  ['FOREIGN', { type: 'downgrade', node: 'B' }],
  ['NOT_INITIALIZED', { type: 'wipe', node: 'B' }],
  ['LOG_FAILED', { type: 'write-fails', ...disk, file: 'wal' }],
  ['STORE_FAILED', { type: 'write-fails', ...disk, file: 'blocks' }],
  ['LOG_FAILED', { type: 'fsync-fails', node: 'B', fileSystem: 'ext4', file: 'wal', restartMs: 20 }],
  ['STORE_FAILED', { type: 'fsync-fails', node: 'B', fileSystem: 'ext4', file: 'blocks', restartMs: 20 }],
];

describe('the code of a stop', () => {
  for (const [code, fault] of faults)
    it(`is ${code} after ${fault.type}${'file' in fault ? ` of the ${fault.file}` : ''}`, () => {
      const stops = stopsIn(struck(fault));
      expect(stops.map((one) => one.code)).to.include(code);
      expect(stops.every((one) => one.code !== undefined)).to.equal(true);
    });

  it('is REPLAY_DIVERGENCE where the log holds what replay does not derive', () => {
    const stops = stopsIn((scenes['crc-unchecked'] as Scenario).data, 'crc-unchecked');
    expect(stops.map((one) => one.code)).to.deep.equal(['REPLAY_DIVERGENCE']);
  });

  it('is what a script can wait for', () => {
    const run = scenario('B waits for its own stop', four)
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { height: 3 }))
          .crash()
          .wipe()
          .restart({ after: '10ms' })
          .expect(event('stopped', { code: 'NOT_INITIALIZED' })),
      )
      .run();
    expect(run.complaints).to.deep.equal([]);
  });

  it('decides the row of the recovery tables, whatever the reason says', () => {
    const [stop] = stopsIn(struck({ type: 'bit-flip', node: 'B', frame: 'middle' })) as [Stopped];
    expect(rowsOf([{ ...stop, reason: 'words that nobody looks at' }], false)).to.deep.equal(['corrupt']);
    const { code: _none, ...wordsOnly } = { ...stop, reason: 'wal/: the folder holds no log' };
    expect(rowsOf([wordsOnly], false)).to.deep.equal([]);
  });
});
