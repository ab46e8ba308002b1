/**
 * `sound-certificate`: a certificate that a node sends has enough voting power for its claim. This property judges powers and thresholds, from the
 * data that is sent. The property `certificate` judges whether the named validators have signed.
 *
 * Not judged: round certificates in a topology where neighbours forward messages. A node cannot refuse those with too little power, because each vote in
 * them counts by itself.
 */
import type { WireData } from '../../core/effects.ts';
import type { Monitor, Property, Setting } from '../../core/events.ts';
import { type Judged, unjudged as nothingJudged, relevantOf, verdictOf, withViolation } from '../judged.ts';
import type { Statement } from './decode.ts';
import { statementsIn } from './statements.ts';

const quorums: readonly string[] = ['polkaCertificate', 'commitCertificate'];

function monitorOf(setting: Setting): Monitor<Judged> {
  return {
    watches: ['effect transmit'],
    start: nothingJudged,
    look: (memory, event, observer) => {
      if (event.type !== 'effect' || event.effect.type !== 'transmit' || observer.isFaulty(event.node)) return memory;
      const { data } = event.effect;
      const judged = wrongIn(data, setting);
      if (judged === undefined) return memory;
      const next = memory.isExercised ? memory : { ...memory, isExercised: true };
      const { height = 0 } = data as { readonly height?: number };
      return judged.reduce(
        (all, wrong) =>
          withViolation(all, { message: `${event.node} sent ${wrong}`, event: event.index, nodes: [event.node], height }),
        next,
      );
    },
    finish: (memory) => verdictOf(memory, 'no certificate was sent'),
    relevant: relevantOf,
  };
}

/** Complaints about the certificates in a message; undefined if it has none to judge. */
function wrongIn(data: WireData, setting: Setting): readonly string[] | undefined {
  const said = statementsIn(data);
  const { type, height = 0, round = 0, value = '' } = data as Partial<Statement> & WireData;
  const place = `of height ${height}, round ${round}`;
  if (quorums.includes(type)) {
    const { power, total } = powerOf(said, height, setting);
    return 3 * power > 2 * total ? [] : [`a ${type} for ${value} ${place} that carries power ${power} of ${total}`];
  }
  if (type === 'sync.response') return wrongBlocks(said, setting);
  if (type !== 'roundCertificate' || setting.links !== undefined) return undefined;
  const there = powerOf(said.filter(isAt(height, round)), height, setting);
  const before = said.filter((one) => isAt(height, round - 1)(one) && one.kind === 'precommit');
  const { power, total } = powerOf(before, height, setting);
  if (3 * there.power > total || 3 * power > 2 * total) return [];
  return [
    `a round certificate ${place} in which power ${there.power} of ${total} is in the round, and ${power} precommitted before`,
  ];
}

/** Complaints about the decisions in an answer of value sync. Each decision needs a quorum of its own. */
function wrongBlocks(said: readonly Statement[], setting: Setting): readonly string[] | undefined {
  if (said.length === 0) return undefined;
  const heights = [...new Set(said.map(({ height }) => height))];
  return heights.flatMap((height) => {
    const { power, total } = powerOf(
      said.filter((one) => one.height === height),
      height,
      setting,
    );
    return 3 * power > 2 * total ? [] : [`a decision of height ${height} to a peer that carries power ${power} of ${total}`];
  });
}

function isAt(height: number, round: number): (said: Statement) => boolean {
  return (said) => said.height === height && said.round === round;
}

function powerOf(
  said: readonly Statement[],
  height: number,
  { powers }: Setting,
): { readonly power: number; readonly total: number } {
  const at = powers(height);
  const signers = new Set(said.map(({ signer }) => signer));
  const sum = (names: Iterable<string>): number => [...names].reduce((all, name) => all + (at.get(name) ?? 0), 0);
  return { power: sum(signers), total: sum(at.keys()) };
}

export const soundCertificate: Property = {
  name: 'sound-certificate',
  says: 'a certificate that a node sends has the power that it needs: a quorum, or for a round more than a third in it',
  hint: 'thresholds are strict: more than two thirds, more than one third, of the set of that height',
  monitor: monitorOf,
};
