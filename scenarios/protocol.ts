/** What a scenario must know of a protocol, beside its definition. */

import type { Application, NodeDefinition, Verify } from '../actors/node/index.ts';
import type { WireData } from '../core/effects.ts';
import type { Property } from '../core/events.ts';
import type { ScenarioData } from './model.ts';

/** What of a scenario decides which properties are judged. */
export type PropertyChoice = Pick<
  ScenarioData,
  'protocol' | 'raft' | 'standbys' | 'voteExtensions' | 'finalizationMs' | 'blockTime'
>;

export interface ProtocolOf<Config, State, Input, Said, AppState> {
  readonly name: string;
  definition(config: Config): NodeDefinition<Config, State, Input, Said>;
  configuration(data: ScenarioData, self: string): Config;
  /** `verify` checks the signatures of all nodes. */
  application(data: ScenarioData, verify: Verify): Application<AppState, Input>;
  /** The application of one node that computes another state; undefined: its scenarios cannot have one. */
  executingOtherwise?(application: Application<AppState, Input>, node: string): Application<AppState, Input>;
  readonly properties: readonly Property[];
  /** Further properties, which say something only of a scenario like this. */
  propertiesFor?(data: PropertyChoice): readonly Property[];
  /** The events that its definition reports; default: any name may be one. */
  readonly reports?: readonly string[];
  /** Whether what is on the wire was signed by this node: what it owes to its log. */
  isOwnMessage(data: WireData, node: string): boolean;
  /** What a node works at, counted from 1, where that is not its height: the next entry of a replicated log. */
  progress?(state: State): number;
  /** Whether the node has a part in the protocol, as it knows; default: it has. A node without one owes nothing. */
  isMember?(state: State): boolean;
  /** Whether its timeouts and its value sync can be set. */
  readonly hasTimeouts?: boolean;
  /** Each node is a member with one vote, from the beginning to the end: no powers, no full nodes, no other sets. */
  readonly membersAreEqual?: boolean;
  /** Why its nodes cannot follow without voting (`onCorrupt: 'abstain'`); default: they can. */
  readonly cannotAbstain?: string;
  /** `byzantine`: safety is owed while less than a third lies or forgets. `crash`: nobody may, and a majority comes back. `restarts`: all do. */
  readonly tolerates: 'byzantine' | 'crash' | 'restarts';
}

export type Protocol = ProtocolOf<unknown, unknown, unknown, unknown, unknown>;
