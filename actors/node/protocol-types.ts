/**
 * The types of a protocol as the actors of a node see them. The actors pass these values on and never look into them, so the types have no fields;
 * `createNode` is the one place where a protocol's own types become these.
 */
import type { Application, NodeDefinition, Output } from './definition.ts';

declare const brand: unique symbol;

export interface ProtocolConfig {
  readonly [brand]: 'config';
}
export interface ProtocolState {
  readonly [brand]: 'state';
}
export interface ProtocolInput {
  readonly [brand]: 'input';
}
/** An own message before it is signed. */
export interface ProtocolMessage {
  readonly [brand]: 'message';
}
export interface ApplicationState {
  readonly [brand]: 'application';
}

export type ProtocolDefinition = NodeDefinition<ProtocolConfig, ProtocolState, ProtocolInput, ProtocolMessage>;
export type ProtocolOutput = Output<ProtocolInput, ProtocolMessage>;
export type ProtocolApplication = Application<ApplicationState, ProtocolInput>;
