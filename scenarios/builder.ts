/**
 * The typed builder of scenarios. Steps in an impossible order do not compile: a node that is down cannot wait for an event, and a node that is up cannot
 * restart.
 */

import type { RoleName } from '../actors/byzantine/index.ts';
import type { NodeDefinition } from '../actors/node/index.ts';
import type { RaftOptions } from '../actors/raft/index.ts';
import type { Schedule } from '../actors/scheduler/index.ts';
import { own } from '../core/own.ts';
import type { Topology } from '../network-sim/index.ts';
import type { LostSectors } from '../wal/index.ts';
import type { Conduct } from './application.ts';
import { type ApplicationScope, applicationRule } from './application-rule.ts';
import { blockTimeOf, type WrittenClock } from './block-time.ts';
import { type Duration, milliseconds } from './duration.ts';
import { ScenarioError } from './error.ts';
import type { ExpectedCheck } from './expectations.ts';
import { wrongFault } from './fault-fields.ts';
import { type Fault, nodesOf, type Trigger } from './faults.ts';
import { type LieScope, withLie, wrongLie } from './lies.ts';
import type { LinkModel } from './links.ts';
import { castOf, type ScenarioData, type Variant } from './model.ts';
import type { Moment } from './moments.ts';
import { notePlaces, refuse, refuseAtOnce } from './noted-mistakes.ts';
import { onlyKnown } from './options.ts';
import { formerProperties, refuseIncomplete, type Surroundings } from './own-protocol.ts';
import { ownStoreOf, type WrittenStore, wrongStore } from './own-store.ts';
import { protocolNamed, register } from './protocols.ts';
import { type Run, runScenario } from './runner.ts';
import { type AtFirst, type Done, type Down, newScript, stepsOf, type Up } from './script.ts';
import { type Refusal, signerRule } from './signers.ts';
import { withSyncOnly } from './sync-only.ts';
import { timingRule, type WrittenTiming, wrongTiming } from './timing.ts';
import { refuseMistakes } from './validate.ts';

/** An immutable scenario; each method returns a new one. */
export class Scenario<Names extends string = string> {
  readonly data: ScenarioData;

  constructor(data: ScenarioData) {
    this.data = data;
  }

  get name(): string {
    return this.data.name;
  }

  #with(change: Partial<ScenarioData>): Scenario<Names> {
    notePlaces(this.data, change);
    return new Scenario({ ...this.data, ...change });
  }

  /** Throws `ScenarioError` for a node that is not in the cast. */
  #known(node: string): void {
    const cast = castOf(this.data);
    if (!cast.includes(node))
      refuseAtOnce(`scenario '${this.data.name}': no node is called '${node}'; the cast is ${cast.join(', ')}`);
  }

  describe(description: string): Scenario<Names> {
    return this.#with({ description });
  }
  seed(seed: number): Scenario<Names> {
    return this.#with({ seed });
  }
  /** `delay` and shares of loss, duplication and reordering, for all links or by `A->B`. */
  network(network: LinkModel & { readonly links?: Readonly<Record<string, LinkModel>> }): Scenario<Names> {
    return this.#with({ network });
  }
  /**
   * Another protocol: by its name (`raft`, or one that was registered before), or your own, by its definition and its surroundings.
   */
  protocol(name: string): Scenario<Names>;
  protocol<Config, State, Input, Said, AppState>(
    definition: NodeDefinition<Config, State, Input, Said>,
    surroundings: Surroundings<Config, State, Input, AppState>,
  ): Scenario<Names>;
  protocol<Config, State, Input, Said, AppState>(
    of: string | NodeDefinition<Config, State, Input, Said>,
    surroundings?: Surroundings<Config, State, Input, AppState>,
  ): Scenario<Names> {
    if (typeof of === 'string') return this.#with({ protocol: protocolNamed(of).name });
    if (surroundings === undefined) throw new ScenarioError(`protocol '${of.name}': say what its host and configuration are`);
    refuseIncomplete(of, surroundings);
    const { host, configuration, ...others } = surroundings;
    register({
      name: of.name,
      definition: () => of,
      configuration: (data, self) => configuration(self, castOf(data)),
      application: () => host,
      properties: formerProperties(of),
      tolerates: 'crash',
      ...others,
    });
    return this.#with({ protocol: of.name });
  }
  /**
   * Nodes of Raft. `snapshotEvery`: each takes a snapshot after this many applied entries, and drops them from its log (default: never). `preVote`: each asks
   * whether the others would vote for it before it begins a term (default: false). `members`: those at the start (default: all nodes). `changes`: each adds or
   * removes a member, one at a time: `{ after: 10, add: 'D' }` when the log of the leader has ten entries (default: none).
   */
  raft(options: RaftOptions = {}): Scenario<Names> {
    return this.#with({
      protocol: 'raft',
      raft: onlyKnown('raft()', options, ['snapshotEvery', 'preVote', 'members', 'changes']),
    });
  }
  /** The links between nodes: `mesh` (default), `ring`, or a random regular graph of a degree. Neighbours forward messages. */
  topology(topology: Topology): Scenario<Names> {
    return this.#with({ topology });
  }
  /** From `time` on no message is lost, and every delay is at most `bound`. */
  gst(time: Duration, bound: Duration): Scenario<Names> {
    return this.#with({ gst: { timeMs: milliseconds(time), boundMs: milliseconds(bound) } });
  }
  /** Sets the proposer of one height and round. All others are those of the weighted rotation. */
  proposer(atHeight: number, atRound: number, node: Names): Scenario<Names> {
    return this.#with({ proposers: { ...this.data.proposers, [`${atHeight}.${atRound}`]: node } });
  }
  /** `lostSectors: 'stale'`: a sector that a loss of power took shows what its block held before, such as frames of an older segment. */
  disk(disk: { readonly lostSectors: LostSectors }): Scenario<Names> {
    return this.#with(onlyKnown('disk()', disk, ['lostSectors']));
  }
  /**
   * `keepBlocks`: the number of newest blocks that each node serves to peers that lag (default 1000); older ones are pruned. `store: 'own'`: the application
   * keeps its state in a store of its own, which may lack the last blocks, and is made durable each `flushEvery` heights (default 1).
   */
  app(application: WrittenStore & { readonly valueBytes?: number; readonly keepBlocks?: number }): Scenario<Names> {
    const {
      valueBytes = this.data.valueBytes,
      keepBlocks,
      ...written
    } = onlyKnown('app()', application, ['valueBytes', 'keepBlocks', 'store', 'flushEvery']);
    const wrong = wrongStore(written, keepBlocks ?? this.data.keepBlocks);
    if (wrong !== undefined) refuse(`scenario '${this.data.name}': app(): ${wrong}`);
    const ownStore = ownStoreOf(written);
    if (keepBlocks !== undefined && (!Number.isSafeInteger(keepBlocks) || keepBlocks < 1))
      refuseAtOnce(`scenario '${this.data.name}': keepBlocks must be a whole number from 1 on, not ${String(keepBlocks)}`);
    return this.#with({
      valueBytes,
      ...(keepBlocks === undefined ? {} : { keepBlocks }),
      ...(ownStore === undefined ? {} : { ownStore }),
    });
  }
  /**
   * How long a node waits after a decision before it ends the height. Precommits that come in this time join its certificate, and evidence of equivocation is
   * reported at its end (`finalized`). A decision by value sync is final at once.
   */
  finalization(period: Duration): Scenario<Names> {
    return this.#with({ finalizationMs: milliseconds(period) });
  }
  /**
   * Each precommit for a value carries an extension that the validator's application makes, and makes anew when it is asked again. The application of each
   * receiver checks it. The proposer of the next height puts the extensions of the commit into its value. `from`: the first height with extensions (default 1).
   */
  voteExtensions(rule: { readonly from?: number } = {}): Scenario<Names> {
    const { from = 1 } = onlyKnown('voteExtensions()', rule, ['from']);
    if (!Number.isSafeInteger(from) || from < 1)
      refuseAtOnce(`scenario '${this.data.name}': voteExtensions(): from must be a height from 1 on, not ${String(from)}`);
    return this.#with({ voteExtensions: { from } });
  }
  /**
   * Sets timeouts and their growth, the interval of re-broadcasts, and the interval of status messages (`statusOnDecision`: also one whenever a height is
   * stored). It applies to all nodes or to some, from a height on. Fields that are not given stay as they are.
   */
  timeouts(timing: WrittenTiming, scope: { readonly nodes?: readonly Names[]; readonly from?: number } = {}): Scenario<Names> {
    const { nodes, from } = onlyKnown('timeouts()', scope, ['nodes', 'from']);
    for (const name of nodes ?? []) this.#known(name);
    const rule = timingRule(timing, { ...(nodes === undefined ? {} : { nodes }), ...(from === undefined ? {} : { from }) });
    const wrong = wrongTiming(rule);
    if (wrong !== undefined) throw new ScenarioError(`scenario '${this.data.name}': timeouts(): ${wrong.message}`);
    return this.#with({ timings: [...(this.data.timings ?? []), rule] });
  }
  /**
   * How a node that lags asks its peers for decisions: `batch` of them in one request (default 8, at most 16), `parallel` requests at once
   * (default 1), at most `maxBytes` in one answer. `off`: nodes ask no peer, send no status, and serve no blocks.
   */
  sync(how: 'off' | { readonly batch?: number; readonly parallel?: number; readonly maxBytes?: number }): Scenario<Names> {
    return this.#with({ sync: how === 'off' ? { isOff: true } : onlyKnown('sync()', how, ['batch', 'parallel', 'maxBytes']) });
  }
  /**
   * Makes applications faulty. They are slow (`by`, and `of` which requests), propose nothing, reject values, fail while they execute a decision (so that the
   * node stops), or compute another state. The scope names nodes, heights, rounds and lives (life 0 ends with the first death). The first rule that applies is
   * used.
   */
  application(does: Conduct, scope: ApplicationScope & { readonly nodes?: readonly Names[] } = {}): Scenario<Names> {
    for (const node of scope.nodes ?? []) this.#known(node);
    return this.#with({ application: [...(this.data.application ?? []), applicationRule(does, scope)] });
  }
  /**
   * From one of its lives on (default: the first after a death) the node has another set of validators in its configuration, as after a change while it was
   * down. Its log began with another set, so it must stop. It counts as faulty, so properties do not judge it; its script says what must happen.
   */
  reconfigured(
    node: Names,
    change: { readonly life?: number; readonly validators: Readonly<Partial<Record<Names, number>>> },
  ): Scenario<Names> {
    this.#known(node);
    const { life = 1, validators } = onlyKnown('reconfigured()', change, ['life', 'validators']);
    for (const name of Object.keys(validators)) this.#known(name);
    const powers = validators as Readonly<Record<string, number>>;
    return this.#with({ reconfigured: { ...this.data.reconfigured, [node]: { life, validators: powers } } });
  }
  /**
   * Each value names the time at which it was made, by the wall clock of its proposer's machine. A value whose time is not later than that of the block before is
   * invalid. `clocks`: machines whose clock is wrong by some time from a life on (default: from the first start).
   */
  blockTime(options: { readonly clocks?: Readonly<Partial<Record<Names, WrittenClock>>> } = {}): Scenario<Names> {
    const { clocks = {} } = onlyKnown('blockTime()', options, ['clocks']);
    for (const name of Object.keys(clocks)) this.#known(name);
    return this.#with({ blockTime: blockTimeOf(clocks as Readonly<Record<string, WrittenClock>>) });
  }
  node(name: Names, script: (node: AtFirst) => Up | Down | Done): Scenario<Names> {
    this.#known(name);
    if (own(this.data.scripts, name) !== undefined)
      refuse(`${name} has a script already; write all its steps in one .node('${name}', ...)`);
    return this.#with({ scripts: { ...this.data.scripts, [name]: stepsOf(script(newScript())) } });
  }
  /** All of these nodes lose power at the same instant. */
  power(
    nodes: readonly Names[],
    at: Moment | { readonly time: Duration },
    options: { readonly restart?: Duration } = {},
  ): Scenario<Names> {
    const { restart = '1s' } = onlyKnown('power()', options, ['restart']);
    return this.fault(at, { type: 'crash', nodes, restartMs: milliseconds(restart) });
  }
  /** Cuts messages between groups. `oneWay`: only those that the first group sends. `flap`: the partition is on and off in turns of this length. */
  partition(
    groups: readonly (readonly Names[])[],
    options: {
      readonly at?: Moment | { readonly time: Duration };
      readonly for?: Duration;
      readonly oneWay?: boolean;
      readonly flap?: Duration;
    } = {},
  ): Scenario<Names> {
    const {
      at = { time: 0 },
      for: length,
      oneWay = false,
      flap,
    } = onlyKnown('partition()', options, ['at', 'for', 'oneWay', 'flap']);
    const forMs = length === undefined ? {} : { forMs: milliseconds(length) };
    const flapMs = flap === undefined ? {} : { flapMs: milliseconds(flap) };
    return this.fault(at, { type: 'partition', groups, oneWay, ...forMs, ...flapMs });
  }
  /** A fault of any kind, at a time, a moment, or (deaths) a crash point. */
  fault(trigger: Trigger | { readonly time: Duration }, fault: Fault): Scenario<Names> {
    const when: Trigger = 'time' in trigger ? { timeMs: milliseconds(trigger.time) } : trigger;
    const wrong = wrongFault(fault);
    if (wrong !== undefined) refuseAtOnce(`scenario '${this.data.name}': ${wrong}`);
    else {
      for (const node of nodesOf(fault)) this.#known(node);
      if ('node' in when && when.node !== undefined) this.#known(when.node);
      if (fault.type === 'partition') for (const node of fault.groups.flat()) this.#known(node);
    }
    return this.#with({ faults: [...this.data.faults, { trigger: when, fault }] });
  }
  /** The node's process is paused for a while; messages to it arrive when it is resumed. */
  pause(node: Names, at: Trigger | { readonly time: Duration }, options: { readonly for: Duration }): Scenario<Names> {
    return this.fault(at, { type: 'pause', node, forMs: milliseconds(onlyKnown('pause()', options, ['for']).for) });
  }
  /** Makes the timers of a node elapse later by this share (0.1 is ten per cent), or earlier if it is below 0. */
  drift(node: Names, share: number): Scenario<Names> {
    return this.fault({ timeMs: 0 }, { type: 'drift', node, perMille: Math.round(share * 1000) });
  }
  /**
   * Makes a node lie: always, or only at some heights and rounds, about some kinds of messages, or to some peers (`to`; the others receive the truth). A second
   * call adds another lie. For each message the first lie that applies is used. The node counts as faulty for the whole run.
   */
  byzantine(node: Names, role: RoleName, scope: LieScope & { readonly to?: readonly Names[] } = {}): Scenario<Names> {
    for (const peer of scope.to ?? []) this.#known(peer);
    const wrong = wrongLie({ role, ...scope });
    if (wrong !== undefined) refuseAtOnce(`scenario '${this.data.name}': byzantine ${node}: ${wrong.message}`);
    return this.#with({ byzantine: { ...this.data.byzantine, [node]: withLie(own(this.data.byzantine, node), role, scope) } });
  }
  /**
   * `attest: 'strict'`: each flush is recorded in a second file, which costs a second fsync. `onCorrupt: 'abstain'`: a node that lost its log follows without voting.
   * `replayDelay`: how long a node that comes back waits for value sync before it replays its log.
   */
  wal(log: {
    readonly attest?: 'next' | 'strict';
    readonly onCorrupt?: 'halt' | 'abstain';
    readonly replayDelay?: Duration;
  }): Scenario<Names> {
    const {
      attest = this.data.attest,
      onCorrupt = this.data.onCorrupt,
      replayDelay,
    } = onlyKnown('wal()', log, ['attest', 'onCorrupt', 'replayDelay']);
    return this.#with({
      attest,
      onCorrupt,
      ...(replayDelay === undefined ? {} : { replayDelayMs: milliseconds(replayDelay) }),
    });
  }
  /** Another set of validators from a height on. All of them must be nodes of the scenario. A node that is missing, or has power 0, is not in the set. */
  validators(fromHeight: number, powers: Partial<Readonly<Record<Names, number>>>): Scenario<Names> {
    for (const name of Object.keys(powers)) {
      if (name in this.data.validators) continue;
      const cast = Object.keys(this.data.validators).join(', ');
      refuseAtOnce(`scenario '${this.data.name}': '${name}' has no key; give it power 0 in the cast (validators: ${cast})`);
    }
    const later = { from: fromHeight, powers: powers as Readonly<Record<string, number>> };
    const validatorSets = [...this.data.validatorSets, later].sort((a, b) => a.from - b.from);
    return this.#with({ validatorSets });
  }
  /** Nodes without a key: they follow the chain, store blocks, serve their peers, and do not vote. */
  fullNodes<More extends string>(...names: readonly More[]): Scenario<Names | More> {
    return new Scenario({ ...this.data, fullNodes: [...this.data.fullNodes, ...names] });
  }
  /**
   * Full nodes whose consensus is switched off. They hear and send no votes, proposals or certificates, enter no round, and take every decision from value
   * sync. They need not be named as full nodes too.
   */
  syncOnly<More extends string>(...names: readonly More[]): Scenario<Names | More> {
    const syncOnly = [...(this.data.syncOnly ?? []), ...names];
    const fullNodes = withSyncOnly(this.data.fullNodes, syncOnly, Object.keys(this.data.validators));
    return new Scenario({ ...this.data, fullNodes, syncOnly });
  }
  /**
   * A further machine that holds the key of a validator. It has its own log and store, and signs in the validator's name. Properties of votes judge keys, so two
   * machines that vote with one key can violate them together.
   */
  standby<More extends string>(name: More, holds: { readonly key: Names }): Scenario<Names | More> {
    const { key } = onlyKnown('standby()', holds, ['key']);
    this.#known(key);
    return new Scenario({ ...this.data, standbys: { ...this.data.standbys, [name]: { key } } });
  }
  /**
   * The node's signer keeps a file of its last signature, in a separate folder. It signs nothing that conflicts with it, and a log that has lost its end is
   * detected. `refuses`: the messages that it does not sign at all.
   */
  signer(node: Names, how: { readonly refuses?: Refusal } = {}): Scenario<Names> {
    this.#known(node);
    const rule = signerRule(onlyKnown('signer()', how, ['refuses']));
    return this.#with({ signers: { ...this.data.signers, [node]: rule } });
  }
  variants(...variants: readonly Variant[]): Scenario<Names> {
    const twice = variants.find(({ name }, index) => variants.findIndex((other) => other.name === name) !== index);
    if (twice !== undefined)
      refuseAtOnce(`scenario '${this.data.name}': two variants are called '${twice.name}'; give each a name of its own`);
    return this.#with({ variants });
  }
  /** Marks that every variant must reach. A scenario whose case never occurred has shown nothing. */
  mustReach(...marks: readonly string[]): Scenario<Names> {
    return this.#with({ mustReach: marks });
  }
  expect(...checks: readonly ExpectedCheck[]): Scenario<Names> {
    const isCheck = (check: unknown): boolean =>
      typeof check === 'object' && check !== null && ('decides' in check || 'absence' in check || 'property' in check);
    const known = checks.filter(isCheck);
    for (const check of checks as readonly unknown[])
      if (!isCheck(check))
        refuse(
          `scenario '${this.data.name}': expect() takes what \`decides(...)\`, \`agreement()\` and their like give, and found ${typeof check === 'function' ? 'a function: call it' : Array.isArray(check) ? 'a list: leave its brackets out' : typeof check === 'object' && check !== null ? `an object with ${Object.keys(check).join(', ')}` : String(check)}`,
        );
    const found = known.flatMap((check) => ('decides' in check ? [check.decides] : []));
    const absent = known.flatMap((check) => ('absence' in check ? [check.absence] : []));
    for (const name of [...found, ...absent].flatMap(({ nodes = [] }) => nodes)) this.#known(name);
    const absences = [...(this.data.absences ?? []), ...absent];
    const named = known.flatMap((check) => ('property' in check ? [check.property] : []));
    const about = [...new Set([...(this.data.about ?? []), ...named])];
    return this.#with({
      decides: [...this.data.decides, ...found],
      ...(absences.length === 0 ? {} : { absences }),
      ...(about.length === 0 ? {} : { about }),
    });
  }
  /** Until this time faults strike. Then all faults that can end do end, and every correct node must decide three more heights. */
  safetyPhase(length: Duration): Scenario<Names> {
    return this.#with({ safetyMs: milliseconds(length) });
  }
  /** Ends at a time, or when every node that is up has reached a height (and round). */
  until(end: { readonly time: Duration } | { readonly height: number; readonly round?: number }): Scenario<Names> {
    if (typeof end !== 'object' || end === null || 'time' in end === 'height' in end) {
      refuse(`scenario '${this.data.name}': until() takes { time } or { height }, one of the two`);
      return this;
    }
    if ('time' in end) return this.#with({ until: { timeMs: milliseconds(end.time) } });
    return this.#with({ until: { height: end.height, round: end.round ?? 0 } });
  }
  /**
   * Messages are delivered first in, first out, except at these departures (the 0-based index of a decision, to the index of the choice
   * taken). The run ends when every node has decided `heights` heights, or needs a later round. `explore` finds such orders; they are not written by hand.
   */
  schedule(schedule: Schedule): Scenario<Names> {
    this.#known(schedule.victim);
    return this.#with({ schedule });
  }
  /** Runs one variant (default: the first). */
  run(options: { readonly seed?: number; readonly variant?: string; readonly record?: boolean } = {}): Run {
    refuseMistakes(this.data);
    return runScenario(this.data, { record: true, ...onlyKnown('run()', options, ['seed', 'variant', 'record']) });
  }
}

/** A new scenario with these validators and their voting powers. A validator with power 0 has a key, but is not in the set at first. */
export function scenario<const Powers extends Record<string, number>>(
  name: string,
  validators: Powers,
): Scenario<keyof Powers & string> {
  for (const [node, power] of Object.entries(validators)) {
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(node)) refuseAtOnce(`scenario '${name}': '${node}' is no name; use letters and digits`);
    if (!Number.isSafeInteger(power) || power < 0)
      refuseAtOnce(`scenario '${name}': the voting power of ${node} must be a whole number from 0 on, not ${String(power)}`);
  }
  if (Object.values(validators).every((power) => power === 0))
    refuseAtOnce(`scenario '${name}': nobody has voting power; give at least one node a power above 0`);
  const data: ScenarioData = {
    name,
    description: '',
    validators,
    validatorSets: [],
    fullNodes: [],
    proposers: {},
    seed: 42,
    network: {},
    topology: 'mesh',
    valueBytes: 16,
    attest: 'next',
    onCorrupt: 'halt',
    scripts: {},
    faults: [],
    byzantine: {},
    variants: [],
    decides: [],
    mustReach: [],
  };
  notePlaces({}, { name });
  return new Scenario(data);
}
