/** `driver`: the Tendermint definition alone, no signatures, no log: the workload of the recorded engine's own figures (inputs per second). */
import {
  type ProposerRule,
  type TendermintConfig,
  type TendermintInput,
  tendermint,
  type ValidatorPower,
} from '../../actors/tendermint/index.ts';

const none = new Uint8Array(0);

export function measureDriver(validators: number, heights: number): number {
  const names = Array.from({ length: validators }, (_, index) => `v${String(index).padStart(3, '0')}`);
  const set: readonly ValidatorPower[] = names.map((name) => [name, 1]);
  const proposers: ProposerRule = { rule: 'rotate', table: {} };
  const self = names[0] as string;
  const definition = tendermint({} as TendermintConfig);
  const timeouts = { propose: 1, prevote: 1, precommit: 1, perRound: 0 };
  let state = definition.start({ self, hasKey: true, validatorSets: [], proposers, timeouts, rebroadcastMs: 1, scheme: 'none' });
  let inputs = 0;
  let decided = 0;
  const feed = (input: TendermintInput): void => {
    inputs += 1;
    const next = definition.step(state, input);
    state = next.state;
    for (const output of next.outputs) {
      if (output.type === 'say') feed({ ...output.message, signature: none } as TendermintInput);
      else if (output.type === 'finish') decided += 1;
    }
  };
  const started = performance.now();
  for (let height = 1; height <= heights; height += 1) {
    const value = String(height);
    const proposer = names[(height - 1) % validators] as string;
    feed({ type: 'start', height, validators: set, rules: '' });
    if (proposer === self) feed({ type: 'value', height, round: 0, value, data: none });
    else feed({ type: 'proposal', height, round: 0, value, data: none, polRound: -1, proposer, signature: none, validity: true });
    for (const voteType of ['prevote', 'precommit'] as const)
      for (let index = 1; index < validators; index += 1)
        feed({ type: 'vote', voteType, height, round: 0, value, validator: names[index] as string, signature: none });
  }
  const seconds = (performance.now() - started) / 1000;
  if (decided !== heights) throw new Error(`decided ${decided} of ${heights} heights`);
  return inputs / seconds;
}
