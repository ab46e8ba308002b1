import { expect } from 'chai';
import type { WriteAheadState } from '../../actors/node/index.ts';
import { allProperties, buildWorld, cluster, height, ownEvent, scenario } from '../../scenarios/index.ts';

describe('the step-by-step cluster', () => {
  it('crashes a node before its flush, brings it back, and all decide on', () => {
    const c = cluster({ A: 1, B: 1, C: 1, D: 1 }, { seed: 7 });
    expect(c.runUntil(height(2))).to.equal(true);
    c.node('B').crash({ before: 'wal.flush' });
    c.run('1s');
    expect(c.node('B').isUp).to.equal(false);
    c.node('B').restart();
    expect(c.runUntil(height(20))).to.equal(true);
    expect(c.node('B').isUp).to.equal(true);
    expect(c.judge().filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
  });

  it('says where a node is, and refuses what never comes', () => {
    const c = cluster({ A: 1, B: 1, C: 1, D: 1 });
    c.runUntil(height(3));
    expect([c.node('B').height, c.node('B').round]).to.deep.equal([3, 0]);
    expect(() => c.runUntil(ownEvent('round.strat'))).to.throw("no event is called 'round.strat'; did you mean 'round.start'?");
    expect(() => c.runUntil(ownEvent('restart', { height: 3 }))).to.throw(
      "no field of restart is called 'height'; there are life",
    );
    expect(() => c.node('B').crash({ before: 'wal.fluch' as 'wal.flush' })).to.throw("no site is called 'wal.fluch'");
  });

  it('goes on twice from a fork: alike when left alone, apart when one is hurt', () => {
    const c = cluster({ A: 1, B: 1, C: 1, D: 1 });
    c.run('200ms');
    const [left, right] = [c.fork(), c.fork()];
    for (const fork of [left, right]) fork.run('300ms');
    expect(left.hash).to.equal(right.hash);
    left.node('A').kill();
    for (const fork of [left, right]) fork.run('300ms');
    expect(left.hash).to.not.equal(right.hash);
  });
});

describe('a gate that always answers "durable"', () => {
  it('turns write-ahead red', () => {
    const { data } = scenario('no gate', { A: 1, B: 1, C: 1, D: 1 });
    const open = {
      spec: (spec: Parameters<NonNullable<Parameters<typeof buildWorld>[1]['alteration'] & object>['spec'] & object>[0]) => ({
        ...spec,
        actors: spec.actors.map((actor) =>
          actor.name !== 'consensus'
            ? actor
            : {
                ...actor,
                receive: (state: never, message: never, from: string) => {
                  const shell = state as WriteAheadState;
                  const gate = { ...shell.gate, durable: Number.MAX_SAFE_INTEGER };
                  return actor.receive({ ...shell, gate } as never, message, from);
                },
              },
        ),
      }),
    };
    const world = buildWorld(data, { seed: 1, keeps: 'hash', properties: allProperties, alteration: open });
    world.run({ time: 300_000 });
    const verdicts = world.verdicts();
    const red = allProperties.filter((_, index) => verdicts[index]?.verdict === 'violated');
    expect(red.map(({ name }) => name)).to.include('write-ahead');
  });
});
