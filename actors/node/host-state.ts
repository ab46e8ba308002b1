/** What the host keeps, and what it is made of. */

import type { Effect } from '../../core/effects.ts';
import type { ApplicationFile, LogWriter } from '../../wal/index.ts';
import type { Block } from './block.ts';
import type { Handshake } from './handshake-rules.ts';
import type { AskMessage, JudgeMessage, StoredMessage } from './messages.ts';
import type { NewestBlocks } from './newest-blocks.ts';
import type { ApplicationState, ProtocolApplication, ProtocolDefinition } from './protocol-types.ts';
import type { Planned } from './wal-state.ts';

export interface HostState {
  readonly life: number;
  readonly app: ApplicationState;
  readonly storedHeight: number;
  readonly store: LogWriter | undefined;
  readonly blocks: NewestBlocks;
  /** Appended and not yet durable. */
  readonly pending: { readonly block: Block; readonly app: ApplicationState } | undefined;
  readonly questions: number;
  /** Requests that came before the stored blocks were read, where the answers depend on them. */
  readonly waiting?: readonly (AskMessage | JudgeMessage)[];
  /** The application's own store; undefined: its state is part of each block. */
  readonly own: OwnStore | undefined;
}

/** The application's own store in this life. */
export interface OwnStore {
  readonly file: ApplicationFile;
  /** Disk operations of the commit under way. */
  readonly todo: readonly Planned[];
  /** Blocks that the application has yet to execute again, oldest first: the height does not begin before. */
  readonly missing: readonly Block[];
}

/** An application with a store of its own. */
export interface OwnStoreSetup {
  /** A commit is made durable at each of the heights that are a multiple of this. */
  readonly flushEvery: number;
  readonly handshake: Handshake;
}

export interface HostSetup {
  readonly name: string;
  readonly definition: ProtocolDefinition;
  readonly application: ProtocolApplication;
  /** The number of newest blocks that are kept to serve peers. */
  readonly keepBlocks: number;
  /** At most this many bytes of decisions in one answer to a peer, and one decision at least. */
  readonly servedBytes?: number;
  /** The application has a store of its own (default: its state is part of each block). */
  readonly ownStore?: OwnStoreSetup;
}

export function tellStored(height: number): readonly Effect[] {
  const message: StoredMessage = { type: 'stored', height };
  return [
    { type: 'tell', to: 'consensus', message },
    { type: 'tell', to: 'network', message },
  ];
}
