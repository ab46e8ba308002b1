import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

const honest = { A: 7, B: 7, C: 7, D: 7, E: 7 } as const;
const liars = { F: 1, G: 1, H: 1, I: 1, J: 1, K: 1, L: 1, M: 1, N: 1, O: 1, P: 1, Q: 1, R: 1, S: 1, T: 1, U: 1 } as const;

export default scenario('ways to attack', { ...honest, ...liars })
  .describe(
    'Sixteen liars, with less than a third of the power together: false certificates of five kinds, real ones with false bytes, values that are invalid or look like frames, rounds that had no polka, votes for rounds that nobody is in, proposals out of turn, answers that nobody asked for. A loses power among them, comes back from its log and says the same again.',
  )
  .byzantine('F', 'two-stories')
  .byzantine('G', 'one-peer-late')
  .byzantine('H', 'forged-certificates')
  .byzantine('I', 'small-certificates')
  .byzantine('J', 'repeated-signers')
  .byzantine('K', 'foreign-signers')
  .byzantine('L', 'certificates-of-elsewhere')
  .byzantine('M', 'invalid-values', { heights: [2, 4] })
  .byzantine('N', 'false-polka-round')
  .byzantine('O', 'older-polka')
  .byzantine('P', 'votes-ahead')
  .byzantine('Q', 'values-like-frames')
  .byzantine('R', 'one-peer-locked')
  .byzantine('S', 'out-of-turn')
  .byzantine('T', 'false-heights')
  .byzantine('U', 'false-bytes')
  .proposer(2, 0, 'F')
  .proposer(3, 0, 'M')
  .proposer(4, 0, 'N')
  .node('A', (a) =>
    a
      .waitUntil(event('vote.cast', { type: 'prevote', height: 3 }), { as: 'the vote' })
      .crash({ after: 'wal.flush' })
      .restart({ after: '500ms' })
      .expect(event('publish', { type: 'prevote', height: 3 }), { sameAs: 'the vote', within: '20ms' }),
  )
  .until({ height: 6 })
  .expect(agreement(), noEquivocation(), decides(5, { within: '30s', nodes: ['A', 'B', 'C', 'D', 'E'] }));
