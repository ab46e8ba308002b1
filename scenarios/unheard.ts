/**
 * Parts of a scenario that change no run. Examples: a lie that its own teller alone receives, a link from a node to itself, a set of
 * validators without power, voting powers for a protocol that counts heads. Each would be green and prove nothing.
 */
import { type Lie, type RoleName, rolesOfExtensions, type Span } from '../actors/byzantine/index.ts';
import { liesOf } from './lies.ts';
import { castOf, type ScenarioData } from './model.ts';
import { protocolNamed } from './protocols.ts';
import { mistakesInMembers } from './raft-members.ts';
import type { Mistake } from './schema.ts';

/** Roles for nodes of any protocol. All other roles change Tendermint's messages. */
const rolesOfAnyProtocol: readonly RoleName[] = ['silent', 'late', 'old-messages'];

/** All of these in a scenario. */
export function unheardIn(data: ScenarioData): readonly Mistake[] {
  return [
    ...inCast(data),
    ...inSyncOnly(data),
    ...inLog(data),
    ...inStandbys(data),
    ...inSets(data),
    ...inSurroundings(data),
    ...inLies(data),
    ...byProtocol(data),
  ];
}

function inLog({ replayDelayMs, finalizationMs }: ScenarioData): readonly Mistake[] {
  if (finalizationMs === 0) return [{ path: ['finalization'], message: 'with a period of 0 no node waits; leave it out' }];
  return replayDelayMs === 0 ? [{ path: ['wal', 'replayDelay'], message: 'with a delay of 0 no node waits; leave it out' }] : [];
}

/** Mistakes in `syncOnly`: a node that is no full node, a name that comes twice, and nodes that would have neither consensus nor value sync. */
function inSyncOnly({ validators, syncOnly = [], standbys = {}, sync }: ScenarioData): readonly Mistake[] {
  const named = syncOnly.flatMap((name, index): readonly Mistake[] => {
    const path = ['syncOnly', index];
    if (Object.hasOwn(validators, name) || Object.hasOwn(standbys, name))
      return [{ path, message: `${name} has a key, and would never vote without consensus; only a full node can do without it` }];
    return syncOnly.indexOf(name) === index ? [] : [{ path, message: `${name} is named twice` }];
  });
  if (syncOnly.length === 0 || sync?.isOff !== true) return named;
  const message = 'value sync is off, so a node without consensus would decide nothing; leave one of the two out';
  return [...named, { path: ['syncOnly'], message, isKey: true }];
}

/** Mistakes in `standbys`: a key of no validator, a machine with the name of another node, and a machine in `proposers`. */
function inStandbys({ validators, fullNodes, standbys = {}, proposers }: ScenarioData): readonly Mistake[] {
  const wrong = Object.entries(standbys).flatMap(([name, { key }]): readonly Mistake[] => {
    const path = ['standbys', name];
    if (Object.hasOwn(validators, name) || fullNodes.includes(name))
      return [
        { path, message: `${name} is in the cast already; a machine with the key of another has a name of its own`, isKey: true },
      ];
    if (Object.hasOwn(validators, key)) return [];
    return [
      {
        path: [...path, 'key'],
        message: `'${key}' is no validator, so it has no key (validators: ${Object.keys(validators).join(', ')})`,
      },
    ];
  });
  const proposes = Object.entries(proposers).flatMap(([place, name]): readonly Mistake[] => {
    const key = Object.hasOwn(standbys, name) ? standbys[name]?.key : undefined;
    if (key === undefined) return [];
    return [{ path: ['proposers', place], message: `${name} proposes as ${key}, whose key it holds: write ${key}` }];
  });
  return [...wrong, ...proposes];
}

function inCast({ validators, fullNodes, proposers }: ScenarioData): readonly Mistake[] {
  const twice = fullNodes.flatMap((name, index) => {
    const path = ['fullNodes', index];
    if (Object.hasOwn(validators, name)) return [{ path, message: `${name} is a validator; a full node has a name of its own` }];
    return fullNodes.indexOf(name) === index ? [] : [{ path, message: `${name} is named twice` }];
  });
  const places = Object.entries(proposers).flatMap(([place, name]): readonly Mistake[] => {
    const path = ['proposers', place];
    if (fullNodes.includes(name)) return [{ path, message: `${name} is a full node: it has no key and proposes nothing` }];
    return Number(place.split('.')[0]) >= 1 ? [] : [{ path, message: 'heights begin at 1', isKey: true }];
  });
  return [...twice, ...places];
}

function inSets({ validatorSets }: ScenarioData): readonly Mistake[] {
  return validatorSets.flatMap(({ from, powers }, index): readonly Mistake[] => {
    const path = ['validatorSets', index, 'from'];
    const first = validatorSets.findIndex((other) => other.from === from);
    if (from < 2)
      return [{ path, message: `the set of height 1 is \`validators\`; another begins at 2 or later, not at ${from}` }];
    if (first !== index) return [{ path, message: `two sets begin at height ${from}; leave one of them out` }];
    if (Object.values(powers).some((power) => power > 0)) return [];
    return [
      { path: ['validatorSets', index, 'powers'], message: 'nobody has voting power; give at least one node a power above 0' },
    ];
  });
}

function inSurroundings({ network, timings = [], application = [] }: ScenarioData): readonly Mistake[] {
  const links = Object.keys(network.links ?? {}).flatMap((link): readonly Mistake[] => {
    const [from, to] = link.split('->');
    return from === to && to !== undefined
      ? [{ path: ['network', 'links', link], message: `${from} sends nothing to itself`, isKey: true }]
      : [];
  });
  const ofNobody = [...timings.entries()].flatMap(([index, { nodes }]) => nobody(nodes, ['timeouts', index, 'nodes']));
  const rules = [...application.entries()].flatMap(([index, rule]): readonly Mistake[] => {
    const path = ['application', index];
    const spans = (['heights', 'rounds', 'lives'] as const).flatMap((field) =>
      isEmpty(rule[field]) ? [{ path: [...path, field], message: `its ${field} end before they begin` }] : [],
    );
    return [...nobody(rule.nodes, [...path, 'nodes']), ...spans];
  });
  return [...links, ...ofNobody, ...rules];
}

function nobody(nodes: readonly string[] | undefined, path: readonly PropertyKey[]): readonly Mistake[] {
  return nodes?.length === 0 ? [{ path, message: 'no node is named; leave `nodes` out to mean all' }] : [];
}

function isEmpty(span: Span | undefined): boolean {
  return Array.isArray(span) && (span[0] as number) > (span[1] as number);
}

/** Each lie with its place: a single one is in a file without a list. */
function liesIn({
  byzantine,
}: ScenarioData): readonly { readonly node: string; readonly lie: Lie; readonly path: PropertyKey[] }[] {
  return Object.entries(byzantine).flatMap(([node, lies]) =>
    liesOf(lies).map((lie, index, all) => ({ node, lie, path: ['byzantine', node, ...(all.length > 1 ? [index] : [])] })),
  );
}

function inLies(data: ScenarioData): readonly Mistake[] {
  return [...ofExtensions(data), ...toNobody(data)];
}

/** Lies and slow requests about extensions, where votes have none. */
function ofExtensions(data: ScenarioData): readonly Mistake[] {
  if (data.voteExtensions !== undefined) return [];
  const message = 'votes are not extended in this scenario, so this changes nothing; write `voteExtensions: {}`';
  const lies = liesIn(data).filter(({ lie }) => rolesOfExtensions.includes(lie.role));
  const slow = [...(data.application ?? []).entries()].filter(
    ([, { of = [] }]) => of.length > 0 && of.every((request) => request === 'extend' || request === 'verify'),
  );
  return [
    ...lies.map(({ path }) => ({ path, message })),
    ...slow.map(([index]) => ({ path: ['application', index, 'of'], message })),
  ];
}

function toNobody(data: ScenarioData): readonly Mistake[] {
  return liesIn(data).flatMap(({ node, lie, path }) =>
    lie.to?.every((peer) => peer === node) === true && lie.to.length > 0
      ? [{ path: [...path, 'to'], message: `${node} sends nothing to itself: no node would receive this lie` }]
      : [],
  );
}

/** Words that the protocol does not have. */
function byProtocol(data: ScenarioData): readonly Mistake[] {
  const { name, hasTimeouts = false, membersAreEqual = false } = protocolNamed(data.protocol);
  const mistakes: Mistake[] = [];
  if (data.raft !== undefined && name !== 'raft')
    mistakes.push({
      path: ['raft'],
      message: `nodes of ${name} have no options of Raft; write \`protocol: raft\` too`,
      isKey: true,
    });
  else if (data.raft !== undefined) mistakes.push(...mistakesInMembers(data.raft, castOf(data), ['raft']));
  for (const [index, { raft }] of data.variants.entries()) {
    const path = ['variants', index, 'raft'];
    if (raft !== undefined && name !== 'raft')
      mistakes.push({ path, message: `nodes of ${name} have no options of Raft`, isKey: true });
    else if (raft !== undefined) mistakes.push(...mistakesInMembers(raft, castOf(data), path));
  }
  if (hasTimeouts) return mistakes;
  if (data.standbys !== undefined)
    mistakes.push({ path: ['standbys'], message: `nodes of ${name} have no keys that a second machine could hold` });
  if (data.syncOnly !== undefined)
    mistakes.push({ path: ['syncOnly'], message: `nodes of ${name} have no value sync that a node could follow by alone` });
  if (data.replayDelayMs !== undefined)
    mistakes.push({ path: ['wal', 'replayDelay'], message: `nodes of ${name} have no value sync that could go first` });
  if (data.finalizationMs !== undefined)
    mistakes.push({ path: ['finalization'], message: `nodes of ${name} have no heights that a wait could end later` });
  if (data.blockTime !== undefined) mistakes.push({ path: ['blockTime'], message: `values of ${name} name no time` });
  if (data.voteExtensions !== undefined)
    mistakes.push({ path: ['voteExtensions'], message: `nodes of ${name} send no precommits that could be extended` });
  if (data.signers !== undefined)
    mistakes.push({
      path: ['signers'],
      message: `nodes of ${name} sign nothing that could conflict: no signer keeps a file of it`,
    });
  if (Object.keys(data.proposers).length > 0)
    mistakes.push({ path: ['proposers'], message: `${name} chooses who proposes by itself, and takes no notice of these` });
  for (const { lie, path } of liesIn(data))
    if (!rolesOfAnyProtocol.includes(lie.role))
      mistakes.push({
        path,
        message: `'${lie.role}' changes Tendermint's messages; nodes of ${name} can be ${rolesOfAnyProtocol.join(', ')}`,
      });
  if (!membersAreEqual) return mistakes;
  for (const [index, { does }] of (data.application ?? []).entries())
    if (does === 'restarts-height')
      mistakes.push({ path: ['application', index, 'does'], message: `nodes of ${name} have no heights that could begin anew` });
  if (data.ownStore !== undefined)
    mistakes.push({ path: ['app', 'store'], message: `nodes of ${name} store no blocks that an application could be behind` });
  for (const [index, { app }] of data.variants.entries())
    if (app?.store === 'own')
      mistakes.push({
        path: ['variants', index, 'app', 'store'],
        message: `nodes of ${name} store no blocks that an application could be behind`,
      });
  for (const [node, power] of Object.entries(data.validators))
    if (power !== 1)
      mistakes.push({ path: ['validators', node], message: `each member of ${name} has one vote; write \`${node}: 1\`` });
  if (data.validatorSets.length > 0)
    mistakes.push({ path: ['validatorSets'], message: `the members of ${name} are the same for good here` });
  if (data.fullNodes.length > 0)
    mistakes.push({ path: ['fullNodes'], message: `each node of ${name} is a member; name it among the validators` });
  if (castOf(data).length < 2)
    mistakes.push({ path: ['validators'], message: `one member alone replicates nothing; give ${name} at least two` });
  return mistakes;
}
