/** What is owed to and by a node that abstains: enough honest peers say for how long, and votes of its key that others hold may still be passed on. */
import { expect } from 'chai';
import type { NodeSpec } from '../../actors/scheduler/index.ts';
import type { Effect } from '../../core/effects.ts';
import { event, runScenario, scenario } from '../../scenarios/index.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };

/** Peers drop the question: nobody says how far it is. */
function silent(spec: NodeSpec): NodeSpec {
  const actors = spec.actors.map((actor) => {
    if (actor.name !== 'network') return actor;
    const receive = actor.receive as (
      state: unknown,
      message: unknown,
      from: string,
    ) => { state: unknown; effects: readonly Effect[] };
    const deaf: typeof receive = (state, message, from) => {
      const step = receive(state, message, from);
      const effects = step.effects.filter((effect) => effect.type !== 'tell' || effect.message.type !== 'tell.height');
      return { state: step.state, effects };
    };
    return { ...actor, receive: deaf as typeof actor.receive };
  });
  return { ...spec, actors };
}

describe('abstention', () => {
  const lost = scenario('a lost disk', four)
    .wal({ onCorrupt: 'abstain' })
    .fault({ ...event('vote.cast', { type: 'precommit', height: 3 }), node: 'B' }, { type: 'wipe', node: 'B' });

  it('ends: a run with a safety phase waits until enough peers have answered, and the node votes again', () => {
    const run = runScenario(lost.safetyPhase('600ms').data);
    expect(run.verdict).to.equal('held');
    expect(run.marks['wal.votes-again']).to.equal(1);
  });

  it('is red where nobody answers, though more than two thirds could', () => {
    const run = runScenario(lost.until({ time: '6s' }).data, { wrap: silent });
    const termination = run.properties.find(({ name }) => name === 'termination');
    expect(termination?.verdict).to.equal('violated');
    expect(termination?.message).to.contain('B abstains still at height');
  });

  it('lets a certificate go on that came before its height: the vote in it was said in a life that is forgotten', () => {
    const { data } = scenario('a certificate that came early', four)
      .seed(231)
      .fullNodes('Y')
      .topology({ degree: 3 })
      .timeouts({ status: '10m' })
      .timeouts({ status: 400 }, { from: 2 })
      .wal({ onCorrupt: 'abstain' })
      .fault({ time: 12 }, { type: 'slow-fsync', node: 'D', byMs: 20, forMs: 92 })
      .fault({ time: 389 }, { type: 'bit-flip', node: 'A', frame: 'last', file: 'blocks' })
      .fault({ time: 192 }, { type: 'timer', node: 'B' })
      .fault({ time: 0 }, { type: 'drift', node: 'B', perMille: 447 })
      .fault({ time: 157 }, { type: 'fsync-fails', node: 'C', fileSystem: 'ext4', file: 'blocks', restartMs: 90 })
      .fault({ time: 200 }, { type: 'fsync-fails', node: 'C', fileSystem: 'ext4', file: 'wal', restartMs: 281 })
      .until({ time: 1600 });
    const published: string[] = [];
    const run = runScenario(data, {
      listener: (seen) => {
        if (seen.type !== 'effect' || seen.node !== 'A' || seen.life === 0 || seen.effect.type !== 'transmit') return;
        if (seen.effect.site === 'publish') published.push(seen.effect.data.type);
      },
    });
    expect(published).to.include('roundCertificate');
    expect(run.properties.find(({ name }) => name === 'write-ahead')?.verdict).to.equal('held');
  });
});
