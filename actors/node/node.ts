/**
 * Builds a node of any protocol from five actors: supervisor, log, consensus, host and network. To build a broken node, wrap one of its parts and pass the
 * wrapper. So honest code needs no branch for broken nodes.
 */
import type { Position } from '../../core/events.ts';
import type { ActorSpec, NodeSpec } from '../scheduler/index.ts';
import { consensusActor } from './consensus.ts';
import type { Application, NodeDefinition } from './definition.ts';
import type { SigningGuard } from './guard.ts';
import { hostActor } from './host.ts';
import type { OwnStoreSetup } from './host-state.ts';
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
  /** Only for a signer that keeps its last signature in a file: the node asks the guard before each signature. */
  readonly guard?: SigningGuard;
  readonly peers: readonly string[];
  readonly wal: WalSetup;
  /** Milliseconds between two status messages, which say the node's height to its peers. */
  readonly statusMs: number;
  /** Intervals that replace `statusMs` from the given height on; heights are ascending. */
  readonly statusLater?: readonly { readonly from: number; readonly ms: number }[];
  /** The node also sends a status each time it has stored a decided block. */
  readonly statusOnDecision?: boolean;
  /** The node sends no status and serves no blocks. */
  readonly servesNobody?: boolean;
  /** The most bytes of decisions in one answer to a peer that lags. An answer has at least one decision. */
  readonly servedBytes?: number;
  /** Consensus is switched off at this node: it follows by value sync alone. */
  readonly isSyncOnly?: boolean;
  /** Peers whose consensus is switched off. They get no messages of consensus. */
  readonly syncOnlyPeers?: readonly string[];
  /** The node forwards new messages to its peers, because not all nodes are connected directly. */
  readonly relays: boolean;
  /** How many blocks are kept in memory for peers that lag. */
  readonly keepBlocks: number;
  /** The application has a store of its own (default: its state is part of each block). */
  readonly ownStore?: OwnStoreSetup;
}

type ErasedParts = NodeParts<ProtocolConfig, ProtocolState, ProtocolInput, ProtocolMessage, ApplicationState>;

/** Returns the node with its actors. `positionOf` relies on their order. */
export function createNode<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
): NodeSpec {
  // This cast is safe: the functions of a protocol receive only values that the same protocol made.
  const erased = parts as unknown as ErasedParts;
  const actors: readonly ActorSpec[] = [
    supervisorActor,
    walActor(parts.definition.resume === undefined ? parts.wal : { ...parts.wal, resumes: true }),
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
