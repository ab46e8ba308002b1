/** Broken nodes from public reports, brought by the test itself: a mark of what was signed last in place of the log, and signatures with a nonce. */
import { expect } from 'chai';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import type { AnyParts } from '../../scenarios/build-world.ts';
import { brokenNode, event, momentOf, type Run, runScenario, type Scenario, scenario } from '../../scenarios/index.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };

interface Place {
  readonly height: number;
  readonly round: number;
  readonly kind: number;
}

/** Nothing of the height is replayed. What was signed last is kept elsewhere, over every death, and nothing is signed at or below it. */
function markAlone(parts: AnyParts): AnyParts {
  const { definition } = parts;
  const placeOf = (message: unknown): Place => {
    const { type, voteType, height, round } = message as { type: string; voteType?: string; height: number; round: number };
    return { height, round, kind: type === 'proposal' ? 0 : voteType === 'prevote' ? 1 : 2 };
  };
  let mark: Place = { height: 0, round: 0, kind: 0 };
  const isPast = ({ height, round, kind }: Place): boolean => {
    const steps = [height - mark.height, round - mark.round, kind - mark.kind];
    return (steps.find((step) => step !== 0) ?? 0) > 0;
  };
  return {
    ...parts,
    wal: {
      ...parts.wal,
      plan: (contents, salt) => {
        const plan = parts.wal.plan(contents, salt);
        if (plan.type !== 'log') return plan;
        return { ...plan, replay: { ...plan.replay, frames: [] } };
      },
    },
    definition: {
      ...definition,
      step: (state, input) => {
        const { state: next, outputs } = definition.step(state, input);
        const allowed = outputs.filter((output) => {
          if (output.type !== 'say') return true;
          const place = placeOf(output.message);
          if (!isPast(place)) return false;
          mark = place;
          return true;
        });
        return { state: next, outputs: allowed };
      },
    },
  };
}

const alone = brokenNode('mark-alone', { parts: markAlone });

/** A signature is a nonce and what signs the nonce and the bytes: no two are the same. */
const nonces = brokenNode('nonce-signatures', {
  parts: (parts) => {
    const { signer } = parts;
    let drawn = 0;
    return {
      ...parts,
      signer: {
        ...signer,
        sign: (bytes) => {
          drawn = (drawn + 1) & 255;
          return Uint8Array.from([drawn, ...signer.sign(Uint8Array.from([drawn, ...bytes]))]);
        },
        verify: (name, bytes, signature) =>
          signer.verify(name, Uint8Array.from([signature[0] ?? 0, ...bytes]), signature.subarray(1)),
      },
    };
  },
});

describe('a mark of what was signed last, and nothing else', () => {
  let story: Scenario;
  before(async () => {
    story = await loadScenario('scenarios/library/13-a-lock-that-must-be-kept.ts');
  });

  it('keeps the node from signing twice, and not from voting against its lock', () => {
    const run = runScenario(story.data, { exhibit: alone });
    const violated = run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);
    expect(violated).to.include('lock-discipline').and.not.include('no-equivocation');
    expect(run.properties.find(({ name }) => name === 'no-equivocation')?.verdict).to.equal('held');
  });

  it('is not what the honest node has: its log brings the lock back', () => {
    const run = story.run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.properties.find(({ name }) => name === 'lock-discipline')?.verdict).to.equal('held');
  });
});

describe('signatures with a nonce', () => {
  const story = scenario('nonces', four)
    .node('B', (b) =>
      b
        .waitUntil(event('publish', { type: 'prevote', height: 3 }))
        .crash({ after: 'publish' })
        .restart({ after: '50ms' }),
    )
    .until({ time: '2s' });
  const evidence = (run: Run): number => [...run.world.trace.events()].filter((one) => momentOf(one)?.name === 'evidence').length;
  const signatures = (run: Run): readonly string[] =>
    [...run.world.trace.events()].flatMap((one) => {
      const data = one.type === 'effect' && one.effect.type === 'transmit' ? one.effect.data : undefined;
      const vote = data as
        | { type?: string; voteType?: string; height?: number; round?: number; signature?: Uint8Array }
        | undefined;
      const isIt =
        one.node === 'B' && vote?.type === 'vote' && vote.voteType === 'prevote' && vote.height === 3 && vote.round === 0;
      return isIt ? [String(vote.signature)] : [];
    });

  it('are repeated from the log: the vote that is sent again has the same bytes, and nobody takes it for a second one', () => {
    const run = runScenario(story.data, { exhibit: nonces, record: true });
    expect(run.properties.filter(({ verdict }) => verdict === 'violated')).to.deep.equal([]);
    expect(run.complaints).to.deep.equal([]);
    expect(evidence(run)).to.equal(0);
    const sent = signatures(run);
    expect(sent.length).to.be.greaterThan(1);
    expect(new Set(sent).size).to.equal(1);
  });
});

/** The application writes its state at once and by itself: after a death it is ahead of the newest block, and executes a decision a second time. */
const ahead = brokenNode('application-ahead-of-blocks', {
  parts: (parts) => {
    const { application } = parts;
    let kept = application.start();
    return {
      ...parts,
      application: {
        ...application,
        execute: (_stored, decision) => {
          kept = application.execute(kept, decision);
          return kept;
        },
      },
    };
  },
});

describe('an application that is ahead of the block store', () => {
  const story = scenario('ahead', four)
    .node('B', (b) =>
      b
        .waitUntil(event('decided', { height: 4 }))
        .crash({ before: 'store.flush' })
        .restart({ after: '100ms' }),
    )
    .until({ time: '2s' });

  it('executes a decision twice where it keeps its own state, and integrity is red', () => {
    const run = runScenario(story.data, { exhibit: ahead });
    const integrity = run.properties.find(({ name }) => name === 'integrity');
    expect(integrity?.message).to.match(/^B stored height [45] with a state that is not the fold of its blocks/);
  });

  it('cannot be where the state is part of the block', () => {
    const run = story.run();
    expect(run.complaints).to.deep.equal([]);
    expect(run.deaths.map(({ at }) => at)).to.have.length(1);
    expect(run.properties.find(({ name }) => name === 'integrity')?.verdict).to.equal('held');
  });
});
