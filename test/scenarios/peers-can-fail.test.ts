/** A port that nothing turns red shows nothing: for each subject of the original there is a broken node by which the script itself fails. */
import { expect } from 'chai';
import type { NodeDefinition } from '../../actors/node/index.ts';
import type { TendermintConfig, TendermintInput, TendermintState } from '../../actors/tendermint/index.ts';
import { loadScenario } from '../../apps/cli/load-scenario.ts';
import { runScenario, type Variant } from '../../scenarios/index.ts';
import { brokenNode } from '../../scenarios/own-exhibit.ts';

type Definition = NodeDefinition<TendermintConfig, TendermintState, TendermintInput, unknown>;

/** A Tendermint node with some functions of its definition replaced. */
function redefined(name: string, change: (honest: Definition) => Partial<Definition>) {
  return brokenNode(name, {
    parts: (parts) => {
      const honest = parts.definition as unknown as Definition;
      return { ...parts, definition: { ...honest, ...change(honest) } as never };
    },
  });
}

/** A node to which some inputs mean nothing. */
function deaf(name: string, ignores: (input: TendermintInput, state: TendermintState) => boolean) {
  return redefined(name, (honest) => ({
    admit: (state, input) => (ignores(input, state) ? 'drop' : honest.admit(state, input)),
  }));
}

const impatient = redefined('impatient', (honest) => ({
  step: (state, input) => {
    const { state: next, outputs } = honest.step(state, input);
    return { state: next, outputs: outputs.map((output) => (output.type === 'setTimer' ? { ...output, delay: 20 } : output)) };
  },
}));

const table = Object.fromEntries(['1.0', '1.1', '1.2', '1.3', '1.4', '1.5', '2.0'].map((place) => [place, 'A']));
const oneProposer = brokenNode('one-proposer', {
  parts: (parts) => {
    const config = parts.config as TendermintConfig;
    return { ...parts, config: { ...config, proposers: { ...config.proposers, table } } };
  },
});

const forgetsRounds = deaf(
  'forgets-rounds',
  (input, { core }) =>
    (input.type === 'vote' || input.type === 'proposal') && input.height === core.height && input.round < core.round,
);
const deafAfterItsPrecommit = deaf(
  'deaf-after-its-precommit',
  (input, { core }) =>
    core.step === 'precommit' && (input.type === 'proposal' || (input.type === 'vote' && input.voteType === 'prevote')),
);
const deafToNil = deaf('deaf-to-nil', (input) => input.type === 'vote' && input.value === null);

const broken: readonly (readonly [node: NonNullable<Variant['break']>, scenarios: readonly string[]])[] = [
  [
    'lock-ignored',
    [
      'state-01-lock-relock',
      'state-11-lock-without-polka',
      'state-12-unlock-asked-by-nil',
      'state-13-unlock-asked-by-unknown-block',
      'state-14-lock-safety-1',
      'state-15-lock-safety-2',
      'state-16-propose-valid-block',
    ],
  ],
  ['validity-unchecked', ['state-07-bad-proposal']],
  ['broadcast-before-flush', ['state-31-selective-fsync']],
  ['no-wal', ['state-28-sign-same-vote-twice']],
  ['divergence-unnoticed', ['replay-4-wrong-application-hash']],
  [
    impatient,
    [
      'state-05-propose-without-key',
      'state-10-full-round-2',
      'state-20-timeout-on-nil-precommits',
      'state-21-timeout-propose-on-new-round',
      'state-23-timeout-propose-on-nil-polka',
      'state-27-timeout-precommit-reset',
    ],
  ],
  [oneProposer, ['state-03-proposer-selection-0', 'state-04-proposer-selection-2']],
  [forgetsRounds, ['state-02-halt', 'state-25-commit-from-previous-round', 'state-26-next-height-after-timeout']],
  [deafAfterItsPrecommit, ['state-17-valid-block-on-delayed-prevote', 'state-18-valid-block-on-delayed-proposal']],
  [deafToNil, ['state-22-round-skip-on-nil-precommits', 'state-29-finalize-block', 'state-30-process-proposal']],
];

describe('the ports of CometBFT can fail', () => {
  for (const [node, scenarios] of broken)
    for (const name of scenarios)
      it(`${name}: a step of its script fails with ${node}`, async () => {
        const { data } = await loadScenario(`scenarios/peers/cometbft/${name}.ts`);
        const variants = [{ name: node, break: node }];
        const run = runScenario({ ...data, until: { timeMs: 3000 }, variants }, { variant: node });
        const steps = Object.keys(data.scripts).map((script) => new RegExp(`^${script}(: | never reached step)`));
        const ofSteps = run.complaints.filter((complaint) => steps.some((step) => step.test(complaint)));
        const ofAbsences = run.complaints.filter((complaint) => /^(nobody|none of .*) reports /.test(complaint));
        expect([...ofSteps, ...ofAbsences]).to.not.be.empty;
      });
});
