/**
 * `integrity`: a node decides each height once and the same, stores heights in order, its application's state is the fold of what it
 * stored, a life builds on what the store still holds, and no frame of its log is applied twice within one life.
 *
 * Reads stored blocks by their layout on disk (docs/formats/wal.md) and folds them anew.
 */
import { Decoder } from 'cbor-x';
import { type Chain, chainApplication } from '../../actors/tendermint/chain.ts';
import { decodeDecision } from '../../actors/tendermint/codec.ts';
import { bytesDigest, digestOfAll } from '../../core/digest.ts';
import type { Monitor, Observer, Property, RunEvent, Watched } from '../../core/events.ts';
import { ForkingMap } from '../../core/forking-map.ts';
import { decisionIn, Judge, whereDecided } from './signed.ts';

const frameHeader = 32;
const segmentHeader = 48;
const cbor = new Decoder({ useRecords: false });
const application = chainApplication(0);

/** Heights of which the application's state is remembered. */
const remembered = 64;

class Integrity extends Judge {
  get watches(): readonly Watched[] {
    return ['deliver consensus', 'disk append', ...whereDecided, 'death', 'stopped', 'restart'];
  }
  readonly unexercised = 'nobody decided';
  #values = new ForkingMap<string, string>();
  #last = new ForkingMap<string, number>();
  /** By node: the highest height it has stored. */
  #stored = new ForkingMap<string, number>();
  /** By node and height, of the newest heights: the state of the application behind it, folded by this monitor. */
  #states = new ForkingMap<string, Chain>();
  /** By node and height, of the newest heights: a digest of the block as it was appended. */
  #blocks = new ForkingMap<string, number>();
  /** Nodes that have come back and stored nothing since. */
  #returned = new ForkingMap<string, true>();
  /** By node: the last frame that was replayed in this life. */
  #replayed = new ForkingMap<string, number>();

  observe(event: RunEvent, observer: Observer): void {
    if (event.type === 'restart') this.#returned.set(event.node, true);
    else if (event.type === 'death' || event.type === 'stopped') {
      this.#last.delete(event.node);
      this.#replayed.delete(event.node);
    } else if (event.type === 'deliver') this.#replay(event);
    else if (event.type === 'effect' && event.effect.type === 'disk') this.#store(event, observer);
    else this.#decide(event);
  }

  #decide(event: RunEvent): void {
    const seen = decisionIn(event);
    if (seen === undefined) return;
    this.exercised += 1;
    const { height, value } = seen.decision;
    const key = `${seen.node} ${height}`;
    const before = this.#values.get(key);
    if (before !== undefined && before !== value)
      this.#complain(event, height, `decided ${before} at height ${height}, and later ${value}`);
    const last = this.#last.get(seen.node);
    if (last !== undefined && height !== last + 1)
      this.#complain(event, height, `decided height ${height} after height ${last} within one life`);
    this.#values.set(key, value);
    if (this.#values.size > 1024) this.#values.delete(this.#values.keys().next().value ?? '');
    this.#last.set(seen.node, height);
  }

  /** A block is appended to the store: the next height, and the state is the fold. */
  #store(event: RunEvent, observer: Observer): void {
    if (event.type !== 'effect' || event.effect.type !== 'disk' || event.effect.site !== 'store.append') return;
    const { operation } = event.effect;
    if (operation.type !== 'append') return;
    const payload = operation.bytes.subarray(frameHeader);
    const [, height, decision, digest] = cbor.decode(payload) as [number, number, Uint8Array, number];
    const { node } = event;
    const stored = this.#stored.get(node) ?? 0;
    if (height > stored + 1) {
      this.#complain(event, height, `stored height ${height} after height ${stored}`);
      return;
    }
    this.#blocks.set(`${node} ${height}`, bytesDigest(payload));
    this.#blocks.delete(`${node} ${height - remembered}`);
    if (this.#returned.has(node)) this.#buildsOnLast(event, height, observer);
    this.#returned.delete(node);
    // What was appended and lost is stored again; what a wiped disk has lost is stored from the beginning.
    const before = height === 1 ? application.start() : this.#states.get(`${node} ${height - 1}`);
    if (before === undefined) return;
    const after = application.execute(before, decodeDecision(decision));
    if (application.digest(after) !== digest)
      this.#complain(event, height, `stored height ${height} with a state that is not the fold of its blocks`);
    this.#states.set(`${node} ${height}`, after);
    this.#states.delete(`${node} ${height - remembered}`);
    this.#stored.set(node, Math.max(height, stored));
  }

  /** The first block of a life: what was damaged or lost meanwhile is no reason to leave the one before out. */
  #buildsOnLast(event: RunEvent, height: number, observer: Observer): void {
    const { node } = event;
    const before = this.#blocks.get(`${node} ${height - 1}`);
    if (before === undefined) return;
    for (const name of observer.fileNames(node, 'blocks')) {
      const bytes = observer.fileBytes(node, `blocks/${name}`);
      if (bytes !== undefined && payloadDigests(bytes).includes(before)) return;
    }
    this.#complain(event, height, `stored height ${height}, and height ${height - 1} is not in its store any more`);
  }

  #replay(event: RunEvent): void {
    if (event.type !== 'deliver' || event.actor !== 'consensus' || event.message.type !== 'replay.frame') return;
    const { sequence } = event.message as unknown as { readonly sequence: number };
    const last = this.#replayed.get(event.node) ?? 0;
    if (sequence <= last) this.#complain(event, 0, `applied frame ${sequence} after frame ${last} in one replay`);
    this.#replayed.set(event.node, sequence);
  }

  #complain({ node, index }: RunEvent, height: number, what: string): void {
    this.violated({ message: `${node} ${what}`, event: index, nodes: [node], height });
  }

  fork(): Monitor {
    const copy = this.copyInto(new Integrity());
    copy.#values = this.#values.fork();
    copy.#last = this.#last.fork();
    copy.#stored = this.#stored.fork();
    copy.#states = this.#states.fork();
    copy.#blocks = this.#blocks.fork();
    copy.#returned = this.#returned.fork();
    copy.#replayed = this.#replayed.fork();
    return copy;
  }
  digest(): number {
    const { words } = this;
    return digestOfAll(words, this.#last, this.#values, this.#stored, this.#states, this.#blocks, this.#returned, this.#replayed);
  }
}

/** Of each frame of a file as far as its lengths lead, whole or not. */
function payloadDigests(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const digests: number[] = [];
  for (let at = segmentHeader; at + frameHeader <= bytes.length; ) {
    const end = at + frameHeader + view.getUint32(at);
    digests.push(bytesDigest(bytes.subarray(at + frameHeader, end)));
    at = end;
  }
  return digests;
}

export const integrity: Property = {
  name: 'integrity',
  says: 'heights are decided once and stored in order, each on the one before it; the stored state is the fold of the blocks; no frame is applied twice',
  hint: 'execute a decision once, store it in order, and replay each frame once',
  monitor: () => new Integrity(),
};
