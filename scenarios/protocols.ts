/**
 * Protocols by their names: a scenario is data, so it holds the name only. Tendermint, which scenarios take unless they say otherwise,
 * Raft, and those that a scenario file brings along.
 */
import { commandSource, isOwnMessage as isOwnInRaft, membersOf, raft } from '../actors/raft/index.ts';
import {
  chainApplication,
  executingOtherwise,
  extendedChain,
  isQuorum,
  type TendermintConfig,
  tendermint,
  timedChain,
} from '../actors/tendermint/index.ts';
import { raftMemberProperties, raftProperties } from '../checker/raft/index.ts';
import {
  blockTimes,
  boundedLog,
  finalization,
  isOwnMessage,
  tendermintProperties,
  voteExtension,
} from '../checker/tendermint/index.ts';
import { ScenarioError } from './error.ts';
import { castOf, type ScenarioData, signerOf } from './model.ts';
import type { Protocol, ProtocolOf } from './protocol.ts';
import { isSyncOnly } from './sync-only.ts';
import { timingsOf, usualRebroadcastMs, usualTimeouts } from './timing.ts';
import { raftEvents, tendermintEvents } from './vocabulary.ts';

function configuration(data: ScenarioData, self: string): TendermintConfig {
  const [first, ...later] = timingsOf(data.timings, self);
  return {
    self: signerOf(data, self),
    hasKey: !data.fullNodes.includes(self),
    ...(isSyncOnly(data, self) ? { isSyncOnly: true } : {}),
    validatorSets: setsOf(data).map(({ from, powers }) => ({ from, validators: [...powers] })),
    proposers: { rule: 'weighted', table: data.proposers, ...changesOf(data) },
    timeouts: first?.timeouts ?? usualTimeouts,
    rebroadcastMs: first?.rebroadcastMs ?? usualRebroadcastMs,
    ...(later.length === 0 ? {} : { later }),
    ...(data.sync === undefined ? {} : { sync: data.sync }),
    ...(data.finalizationMs === undefined ? {} : { finalizationMs: data.finalizationMs }),
    ...(data.voteExtensions === undefined ? {} : { voteExtensionsFrom: data.voteExtensions.from }),
    scheme: 'keyed-hash',
  };
}

/** Whether nodes hold more than two thirds of all power at a height. */
function quorumIn(data: ScenarioData): (names: readonly string[], height: number) => boolean {
  const sets = setsOf(data);
  return (names, height) => {
    const powers = [...(sets.findLast(({ from }) => from <= height)?.powers ?? [])];
    const sum = (some: typeof powers): number => some.reduce((total, [, power]) => total + power, 0);
    return isQuorum(sum(powers.filter(([name]) => names.includes(name))), sum(powers));
  };
}

/** The heights from which other validator sets hold, if there are some. */
function changesOf(data: ScenarioData): { readonly changes?: readonly number[] } {
  const changes = setsOf(data).map(({ from }) => from);
  return changes.length === 1 ? {} : { changes };
}

/** The validator sets, each from a height on; a node without power is not in them. */
export function setsOf({
  validators,
  validatorSets,
}: ScenarioData): readonly { readonly from: number; readonly powers: ReadonlyMap<string, number> }[] {
  const sets = [{ from: 1, powers: validators }, ...validatorSets];
  return sets.map(({ from, powers }) => ({ from, powers: new Map(Object.entries(powers).filter(([, power]) => power > 0)) }));
}

const ofTendermint = erased({
  name: 'tendermint',
  definition: tendermint,
  configuration,
  application: (data, verify) => {
    const { valueBytes, application = [], voteExtensions, blockTime } = data;
    const untimed = chainApplication(
      valueBytes,
      application.some(({ does }) => does === 'executes-otherwise'),
    );
    const chain = blockTime === undefined ? untimed : timedChain(untimed);
    return voteExtensions === undefined ? chain : extendedChain(chain, { ...voteExtensions, verify, isQuorum: quorumIn(data) });
  },
  executingOtherwise,
  properties: [boundedLog, ...tendermintProperties],
  propertiesFor: ({ voteExtensions, finalizationMs, blockTime }) => [
    ...(voteExtensions === undefined ? [] : [voteExtension]),
    ...(finalizationMs === undefined ? [] : [finalization]),
    ...(blockTime === undefined ? [] : [blockTimes]),
  ],
  reports: tendermintEvents,
  isOwnMessage,
  hasTimeouts: true,
  tolerates: 'byzantine',
});

const ofRaft = erased({
  name: 'raft',
  definition: () => raft,
  configuration: (data, self) => ({ self, members: castOf(data), ...data.raft }),
  application: () => commandSource,
  properties: raftProperties,
  propertiesFor: ({ raft: options }) => (options?.changes === undefined ? [] : raftMemberProperties),
  reports: raftEvents,
  isOwnMessage: isOwnInRaft,
  progress: ({ commit }) => commit + 1,
  isMember: (state) => membersOf(state).includes(state.config.self),
  membersAreEqual: true,
  cannotAbstain: 'Raft has no stored heights that a node could ask its peers for, so it would abstain for ever',
  tolerates: 'crash',
});

const known = new Map([ofTendermint, ofRaft].map((protocol) => [protocol.name, protocol]));

/** Makes a protocol known under its name. The same name again replaces it: a scenario file may be loaded twice. */
export function register<Config, State, Input, Said, AppState>(protocol: ProtocolOf<Config, State, Input, Said, AppState>): void {
  known.set(protocol.name, erased(protocol));
}

/** Those that ship; a file in YAML can name only these. */
export const shippedProtocols: readonly string[] = [...known.keys()];

/** Whether a protocol of this name ships, or was registered by code. */
export function isKnownProtocol(name = 'tendermint'): boolean {
  return known.has(name);
}

/** Throws `ScenarioError` for a name under which none is known. */
export function protocolNamed(name = 'tendermint'): Protocol {
  const protocol = known.get(name);
  if (protocol !== undefined) return protocol;
  throw new ScenarioError(unknownProtocol(name));
}

export function unknownProtocol(name: string): string {
  return `no protocol is called '${name}'; known are ${[...known.keys()].join(', ')} (one of your own is known once the scenario file that brings it was loaded: name that file with --in FILE)`;
}

/** A protocol whose types nobody asks for any more: its own functions get back what they gave. */
function erased<Config, State, Input, Said, AppState>(protocol: ProtocolOf<Config, State, Input, Said, AppState>): Protocol {
  return protocol as unknown as Protocol;
}
