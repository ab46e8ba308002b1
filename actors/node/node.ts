/**
 * A node of any protocol: five actors, one a file, put together. Each part can be replaced by one that wraps it, so that a
 * broken node is made of the honest one without a branch in it.
 */
import type { Position } from '../../core/events.ts';
import type { ActorSpec, NodeSpec } from '../scheduler/index.ts';
import { consensusActor } from './consensus.ts';
import type { Application, NodeDefinition } from './definition.ts';
import type { SigningGuard } from './guard.ts';
import { hostActor } from './host.ts';
import { networkActor } from './network.ts';
import type { ApplicationState, ProtocolConfig, ProtocolInput, ProtocolMessage, ProtocolState } from './protocol-types.ts';
import type { Signer } from './signing.ts';
import { supervisorActor } from './supervisor.ts';
import { walActor } from './wal.ts';
import type { WalSetup } from './wal-state.ts';
import type { WriteAheadState } from './write-ahead.ts';

export interface NodeParts<Config, State, Input, Said, AppState> {
  readonly name: string;
  readonly definition: NodeDefinition<Config, State, Input, Said>;
  readonly config: Config;
  readonly application: Application<AppState, Input>;
  readonly signer: Signer;
  /** Its signer keeps a file of what it signed last, and asks this before it signs. */
  readonly guard?: SigningGuard;
  readonly peers: readonly string[];
  readonly wal: WalSetup;
  /** Milliseconds between two statuses. */
  readonly statusMs: number;
  /** Another interval from a height on, in the order of the heights. */
  readonly statusLater?: readonly { readonly from: number; readonly ms: number }[];
  /** A status also whenever a height is stored. */
  readonly statusOnDecision?: boolean;
  /** It sends no status and serves no blocks. */
  readonly servesNobody?: boolean;
  /** At most this many bytes of decisions in one answer to a peer that lags, and one decision at least. */
  readonly servedBytes?: number;
  /** Peers are neighbours only: what is new is passed on to the others. */
  readonly relays: boolean;
  /** Blocks kept in memory for peers that lag. */
  readonly keepBlocks: number;
}

type ErasedParts = NodeParts<ProtocolConfig, ProtocolState, ProtocolInput, ProtocolMessage, ApplicationState>;

/** The actors in the order in which `position` expects them. */
export function createNode<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
): NodeSpec {
  // From here on the protocol's types are opaque: its own functions get back what they gave.
  const erased = parts as unknown as ErasedParts;
  const actors: readonly ActorSpec[] = [
    supervisorActor,
    walActor(parts.wal),
    consensusActor(erased),
    hostActor(erased),
    networkActor(erased),
  ];
  return { name: parts.name, actors, position: positionOf };
}

const consensusIndex = 2;

function positionOf(states: readonly unknown[]): Position | undefined {
  return (states[consensusIndex] as WriteAheadState | undefined)?.position;
}
