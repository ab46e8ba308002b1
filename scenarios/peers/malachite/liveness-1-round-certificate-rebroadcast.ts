import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

const names = ['A', 'B', 'C'] as const;
const story = scenario('malachite liveness: round_certificate_rebroadcast', { A: 1, B: 1, C: 1 })
  .describe(
    "A's application calls what is proposed in rounds 0 to 2 invalid: three rounds end in nil, and each node shows the others why it went on.",
  )
  .proposer(1, 0, 'B')
  .proposer(1, 1, 'C')
  .proposer(1, 2, 'B')
  .application('calls-invalid', { nodes: ['A'], heights: 1, rounds: [0, 2] });

export default names
  .reduce(
    (before, name) =>
      before.node(name, (node) =>
        node
          .expect(event('publish', { type: 'roundCertificate', height: 1, round: 1 }), { within: '5s' })
          .expect(event('publish', { type: 'roundCertificate', height: 1, round: 2 }), { within: '5s' })
          .expect(event('publish', { type: 'roundCertificate', height: 1, round: 3 }), { within: '5s' })
          .waitUntil(event('height.start', { height: 3 })),
      ),
    story,
  )
  .mustReach('tendermint.third-round', 'tendermint.round-certificate')
  .expect(agreement(), noEquivocation(), decides(3, { within: '30s' }));
