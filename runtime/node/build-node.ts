/** Builds a real node from its configuration: the unchanged actors of the simulations, with Ed25519 signatures. */
import { createNode, type NodeParts, plannerOf, type Signer } from '../../actors/node/index.ts';
import type { NodeSpec } from '../../actors/scheduler/index.ts';
import {
  type Chain,
  chainApplication,
  type TendermintConfig,
  type TendermintInput,
  type TendermintMessage,
  type TendermintState,
  tendermint,
} from '../../actors/tendermint/index.ts';
import { mix, textDigest } from '../../core/digest.ts';
import { ed25519Signer, type KeyFile, privateKey, publicKey } from './keys.ts';
import type { NodeConfig } from './node-config.ts';

export type RealParts = NodeParts<TendermintConfig, TendermintState, TendermintInput, TendermintMessage, Chain>;

/** A broken node in place of the honest one. */
export interface RealAlteration {
  readonly parts?: (parts: RealParts) => RealParts;
  readonly spec?: (spec: NodeSpec) => NodeSpec;
}

const keepBlocks = 1000;
const statusMs = 400;
const rebroadcastMs = 500;
const valueBytes = 64;

export function tendermintConfigOf({ name, validators, timeouts }: NodeConfig): TendermintConfig {
  return {
    self: name,
    hasKey: true,
    validatorSets: [{ from: 1, validators: validators.map((validator) => [validator.name, validator.power]) }],
    proposers: { rule: 'weighted', table: {} },
    timeouts,
    rebroadcastMs,
    scheme: 'ed25519',
  };
}

export function signerOf({ validators }: NodeConfig, key: KeyFile): Signer {
  return ed25519Signer(privateKey(key), new Map(validators.map((validator) => [validator.name, publicKey(validator.key)])));
}

/** `salt`: fresh for this process. */
export function buildNode(config: NodeConfig, key: KeyFile, salt: number, alteration?: RealAlteration): NodeSpec {
  const { name, validators, attest, onCorrupt } = config;
  const tendermintConfig = tendermintConfigOf(config);
  const definition = tendermint(tendermintConfig);
  const application = chainApplication(valueBytes);
  const honest: RealParts = {
    name,
    definition,
    config: tendermintConfig,
    application,
    signer: signerOf(config, key),
    peers: validators.map((validator) => validator.name).filter((other) => other !== name),
    relays: false,
    wal: {
      plan: plannerOf({ definition, application, attest, onCorrupt, hasLog: true, keepBlocks }),
      salt: (life, height) => mix(mix(salt, textDigest(name)), life * 1_000_003 + height),
      attest,
    },
    statusMs,
    keepBlocks,
  };
  const spec = createNode(alteration?.parts?.(honest) ?? honest);
  return alteration?.spec?.(spec) ?? spec;
}
