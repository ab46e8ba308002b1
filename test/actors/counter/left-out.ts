/**
 * Logs of the counter that lack one rule, for rules without an exhibit in the museum. To turn red, they need a disk or an order of events
 * that Tendermint's scenes do not bring about.
 */

import type { Planner } from '../../../actors/node/index.ts';
import type { ActorSpec } from '../../../actors/scheduler/index.ts';
import type { Effect, Message } from '../../../core/effects.ts';
import { withPlanner } from '../../../museum/planner.ts';
import { type Receive, withoutDisk, wrapActor } from '../../../museum/wrap.ts';
import type { Alteration } from '../../../scenarios/build-world.ts';
import { encodeFrame, encodeSegmentHeader, frameSeed, segmentHeaderBytes } from '../../../wal/format.ts';
import { findFrame, Window } from '../../../wal/frames.ts';
import {
  type ByteSource,
  fileNamed,
  type JudgedFile,
  judgeFile,
  type LogWriter,
  RecoveryError,
  sourceOf,
} from '../../../wal/index.ts';

/** An acknowledgement does not say what it acknowledges: all that the gate holds leaves when it comes. */
export const acknowledgementsUnnamed: Alteration = {
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const { writer } = state as { readonly writer?: LogWriter };
      if (message.type !== 'flushed' || writer === undefined) return receive(state, message, from);
      return receive(state, { ...message, life: writer.life, sequence: writer.sequence } as Message, from);
    }),
};

/** Each height counts its frames from one. */
export const sequencesRestart: Alteration = {
  spec: (spec) =>
    wrapActor(spec, 'wal', (receive) => (state, message, from) => {
      if (message.type !== 'advance') return receive(state, message, from);
      const { writer } = message as Message & { readonly writer: LogWriter };
      return receive(state, { ...message, writer: { ...writer, sequence: 0 } } as Message, from);
    }),
};

/**
 * No rule is missing: an acknowledgement comes again when the next flush begins, as where two are under way and the older one ends last.
 */
export const acknowledgementsLate: Alteration = {
  spec: (spec) => ({
    ...spec,
    actors: spec.actors.map((actor): ActorSpec => (actor.name === 'wal' ? repeatingAcknowledgements(actor) : actor)),
  }),
};

interface Repeating {
  readonly inner: unknown;
  readonly last: Message | undefined;
}

function repeatingAcknowledgements(actor: ActorSpec): ActorSpec {
  const receive = actor.receive as Receive;
  return {
    name: actor.name,
    start: (life): Repeating => ({ inner: actor.start(life), last: undefined }),
    receive: ({ inner, last }: Repeating, message: Message, from: string) => {
      const { state, effects } = receive(inner, message, from);
      const told = effects.findLast((effect) => effect.type === 'tell' && effect.message.type === 'flushed');
      const again: readonly Effect[] =
        message.type === 'flush' && last !== undefined ? [{ type: 'tell', to: 'consensus', message: last }] : [];
      const next: Repeating = { inner: state, last: told?.type === 'tell' ? told.message : last };
      return { state: next, effects: [...effects, ...again] };
    },
  };
}

/** A file is born when its `opened` is whole, with any damage to the copies before it. The copies up to the first damaged one count. */
export const bornByOpenedAlone: Alteration = {
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => plan(shortened(contents), salt)),
};

function shortened(contents: ReadonlyMap<string, ByteSource>): ReadonlyMap<string, ByteSource> {
  return new Map(
    [...contents].map(([file, source]) => {
      const judged = judgedSegment(file, source);
      if (judged?.finding !== 'unborn' || judged.header === undefined) return [file, source];
      const { header, frames, endOffset, life } = judged;
      const { baseSequence, copied, salt } = header;
      const isOpened = (frame: { readonly sequence: number }): boolean => frame.sequence === baseSequence + copied + 1;
      const opened = findFrame(new Window(source), endOffset, frameSeed(salt, life), isOpened);
      if (opened === undefined || opened === 'too many') return [file, source];
      const whole = frames.length;
      const again = encodeFrame(
        'opened',
        baseSequence + whole + 1,
        baseSequence,
        source.read(opened.offset, opened.length),
        frameSeed(salt, life),
      );
      const pieces = [
        encodeSegmentHeader({ ...header, copied: whole }),
        source.read(segmentHeaderBytes, endOffset - segmentHeaderBytes),
        again,
      ];
      return [file, sourceOf(Uint8Array.from(pieces.flatMap((piece) => [...piece])))];
    }),
  );
}

/** The removal of the old segment is not made durable: at a height's end, or at boot. */
export function removalUnsynced(when: "at a height's end" | 'at boot'): Alteration {
  return {
    spec: (spec) =>
      withoutDisk(spec, 'wal', ({ site, operation }, state) => {
        const isBoot = (state as { readonly goal?: { readonly type: string } }).goal?.type === 'booted';
        return site === 'segment.prune' && operation.type === 'syncDirectory' && isBoot === (when === 'at boot');
      }),
  };
}

/** What everybody knows in place of a salt that is fresh for each life. */
const knownSalt = 7;
export const saltKnown: Alteration = { parts: (parts) => ({ ...parts, wal: { ...parts.wal, salt: () => knownSalt } }) };

/** A value that contains a frame, made for a log of that salt in its first life: a late one, which says that all before it was durable. */
export function noteWithFrame(): string {
  const frame = encodeFrame('input', 99, 98, new Uint8Array(), frameSeed(knownSalt, 1));
  return `${'-'.repeat(900)}${String.fromCharCode(...frame)}${'-'.repeat(200)}`;
}

/** A whole frame after bad bytes is a reason to call them damage, with any content. */
export const anyFrameBehindCounts: Alteration = {
  parts: (parts) =>
    withPlanner(
      parts,
      (plan): Planner =>
        (contents, salt) => {
          for (const [file, source] of contents) {
            const judged = judgedSegment(file, source);
            if (judged?.finding !== 'torn' || judged.header === undefined) continue;
            const { header, lastSequence, endOffset: offset } = judged;
            const behind = findFrame(
              new Window(source),
              offset,
              frameSeed(header.salt, header.life),
              ({ sequence }) => sequence > lastSequence + 1,
            );
            if (behind !== undefined)
              throw new RecoveryError(
                'CORRUPT',
                { file, offset, sequence: lastSequence + 1 },
                'bytes are damaged',
                'Restore it.',
              );
          }
          return plan(contents, salt);
        },
    ),
};

function judgedSegment(file: string, source: ByteSource): JudgedFile | undefined {
  const named = fileNamed(file);
  return named?.type === 'segment' ? judgeFile(file, named, source) : undefined;
}
