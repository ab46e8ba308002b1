/**
 * The application of the simulations where votes are extended. Its extensions are made anew at each request, so that two of them differ, and others are
 * refused by their form. The proposer of a height gets the extensions of the commit before. Its value contains them, and its id a digest of them.
 *
 * The bytes of such a value are: the length of the list (four bytes), the list of extensions, and the bytes of a plain value with this id.
 */
import { bufferCopy } from '../../core/buffer-pool.ts';
import { Encoder, refuseHostile } from '../../core/cbor.ts';
import { bytesDigest } from '../../core/digest.ts';
import type { Application, Verify } from '../node/definition.ts';
import type { Chain } from './chain.ts';
import type { CommitCertificate, Decision, ProposedValue, SignatureOf, TendermintInput, VoteExtension } from './types.ts';
import { extensionBytes } from './vote-extensions.ts';

/** What the application knows of the validators: it checks what a proposer has put into its value. */
export interface ExtensionRules {
  /** The first height whose votes are extended. */
  readonly from: number;
  readonly verify: Verify;
  readonly isQuorum: (names: readonly string[], height: number) => boolean;
}

/** The extensions of the commit before, with the round in which they were signed. */
interface Carried {
  readonly round: number;
  readonly extensions: readonly (readonly [validator: string, ...VoteExtension])[];
}

type Request = { readonly height: number; readonly round: number; readonly extend?: string };

const cbor = new Encoder({ useRecords: false, tagUint8Array: false });
const lengthBytes = 4;

export function extendedChain(
  chain: Application<Chain, TendermintInput>,
  rules: ExtensionRules,
): Application<Chain, TendermintInput> {
  return {
    ...chain,
    answersFromState: true,
    answer: (state, request, nonce, newest, clock) => {
      const { height, round, extend } = request as Request;
      if (extend !== undefined)
        return { type: 'extension', height, round, value: extend, bytes: asBytes(`x${height}.${round}-${nonce}`) };
      const value = chain.answer(state, request, nonce, newest, clock) as ProposedValue;
      return withExtensions(value, height > rules.from ? (newest?.() as Decision | undefined) : undefined);
    },
    judge: (state, input) => judged(chain, rules, state, input),
  };
}

function judged(
  chain: Application<Chain, TendermintInput>,
  rules: ExtensionRules,
  state: Chain,
  input: TendermintInput,
): TendermintInput | undefined {
  switch (input.type) {
    case 'vote':
      return isAccepted(input.height, input.round, input.extension) ? input : undefined;
    case 'roundCertificate':
      return input.votes.every(({ height, round, extension }) => isAccepted(height, round, extension)) ? input : undefined;
    case 'proposal': {
      const { data, value, height } = input;
      const parts = partsOf(value, data);
      const plain = parts === undefined ? undefined : chain.judge(state, { ...input, data: parts.plain });
      const isValid = plain?.type === 'proposal' && plain.validity === true && parts !== undefined;
      return { ...input, validity: isValid && isOfCommit(parts.list, height - 1, rules) };
    }
    case 'commitCertificate':
      return isWhole(input) ? withoutFalseData(chain, state, input) : undefined;
    case 'synced':
      return {
        ...input,
        decisions: input.decisions.filter(isWhole).map((decision) => withoutFalseData(chain, state, decision)),
      };
    default:
      return chain.judge(state, input);
  }
}

/** `VerifyVoteExtension`: an extension of this application names its place. */
function isAccepted(height: number, round: number, extension: VoteExtension | undefined): boolean {
  return extension === undefined || asText(extension[0]).startsWith(`x${height}.${round}-`);
}

function isWhole({ height, round, votes }: CommitCertificate): boolean {
  return votes.every(([, , extension]) => isAccepted(height, round, extension));
}

/** Drops the bytes if they do not belong to the certified id. */
function withoutFalseData(chain: Application<Chain, TendermintInput>, state: Chain, input: CommitCertificate): CommitCertificate {
  const { data, ...certified } = input;
  const parts = data === undefined ? undefined : partsOf(input.value, data);
  if (parts === undefined) return certified;
  const plain = chain.judge(state, { ...certified, data: parts.plain });
  return (plain as CommitCertificate).data === undefined ? certified : input;
}

/** The value with the extensions of the decision before it; at the first extended height it has none. */
function withExtensions({ value, data, ...place }: ProposedValue, before: Decision | undefined): ProposedValue {
  const list = before === undefined ? new Uint8Array() : encoded(before);
  const id = withDigest(value, list);
  const plain = new Uint8Array(Math.max(data.length, id.length));
  for (let at = 0; at < plain.length; at += 1) plain[at] = id.charCodeAt(at % id.length);
  const bytes = new Uint8Array(lengthBytes + list.length + plain.length);
  new DataView(bytes.buffer).setUint32(0, list.length);
  bytes.set(list, lengthBytes);
  bytes.set(plain, lengthBytes + list.length);
  return { ...place, value: id, data: bytes };
}

function encoded({ round, votes }: Decision): Uint8Array {
  const extensions = votes.flatMap(([validator, , extension]: SignatureOf) =>
    extension === undefined ? [] : [[validator, ...extension]],
  );
  return bufferCopy(cbor.encode([round, extensions]));
}

/** The digest comes before the state that a value may carry (`~`). */
function withDigest(value: string, list: Uint8Array): string {
  const [name, ...state] = value.split('~');
  return [`${name}^${digestText(list)}`, ...state].join('~');
}

function digestText(list: Uint8Array): string {
  return bytesDigest(list).toString(16).padStart(8, '0');
}

/** Undefined if the bytes are not of this form, or the id does not name the list. */
function partsOf(value: string, data: Uint8Array): { readonly list: Uint8Array; readonly plain: Uint8Array } | undefined {
  if (data.length < lengthBytes) return undefined;
  const end = lengthBytes + new DataView(data.buffer, data.byteOffset).getUint32(0);
  if (end > data.length) return undefined;
  const list = data.subarray(lengthBytes, end);
  const [, digest] = /\^([0-9a-f]{8})(?:~|$)/.exec(value) ?? [];
  return digest === digestText(list) ? { list, plain: data.subarray(end) } : undefined;
}

/** Whether a proposer has taken these extensions from a commit of this height: a quorum signed them, and each is right. */
function isOfCommit(list: Uint8Array, height: number, { from, verify, isQuorum }: ExtensionRules): boolean {
  if (height < from) return list.length === 0;
  const carried = decoded(list);
  if (carried === undefined) return false;
  const { round, extensions } = carried;
  const names = extensions.map(([validator]) => validator);
  return (
    new Set(names).size === names.length &&
    isQuorum(names, height) &&
    extensions.every(
      ([validator, bytes, signature]) =>
        isAccepted(height, round, [bytes, signature]) && verify(validator, extensionBytes(height, round, bytes), signature),
    )
  );
}

function decoded(list: Uint8Array): Carried | undefined {
  try {
    refuseHostile(list);
    const [round, extensions] = cbor.decode(list) as [unknown, unknown];
    if (typeof round !== 'number' || !Array.isArray(extensions)) return undefined;
    const isRight = (one: unknown): boolean =>
      Array.isArray(one) && typeof one[0] === 'string' && one[1] instanceof Uint8Array && one[2] instanceof Uint8Array;
    return extensions.every(isRight) ? { round, extensions: extensions as Carried['extensions'] } : undefined;
  } catch {
    return undefined;
  }
}

function asBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function asText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
