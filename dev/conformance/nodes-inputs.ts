/** Steps of the specification's nodes: what comes from outside, and what goes out. */
import type { RecordedVote, VotedRound } from './keeper-cases.ts';
import { UnknownForm } from './recorded-inputs.ts';
import type { RecordedState, Row } from './verdict.ts';

export interface RecordedProposal {
  readonly src: string;
  readonly h: number;
  readonly r: number;
  readonly v: string;
  readonly vr: number;
}

export interface NodesStep {
  readonly i: number;
  readonly a: string;
  readonly n: string;
  readonly in: Row;
  readonly out: Row;
  readonly exec?: readonly Row[];
  readonly post: RecordedState;
  readonly preload?: { readonly votes: readonly RecordedVote[]; readonly certs: readonly (readonly RecordedVote[])[] };
  /** The step was entered here: a `StepChangeDInput` follows. */
  readonly stepChange?: string;
  /** Inputs put aside: a `PendingDInput` follows. */
  readonly pending?: readonly Row[];
  readonly decided?: RecordedProposal;
  readonly commit?: readonly RecordedVote[];
  readonly proposals?: number;
  readonly vk?: Row;
  readonly tally?: VotedRound;
  readonly evidence?: number;
}

/** The first step of a height: it has what the node had swallowed before. */
export function beginsHeight({ preload, in: [tag] }: NodesStep): boolean {
  return preload !== undefined || tag === 'StartDInput';
}

/** The inputs of a step in the form of the `driver` family; internal ones have none. `round`: the node's present one. */
export function externalInput([tag, first]: Row, round: number, height: number): Row | undefined {
  switch (tag) {
    case 'ProposalDInput': {
      const { src, h, r, v, vr } = first as RecordedProposal;
      return ['Proposal', src, r, v, vr, v !== 'invalid', h];
    }
    case 'VoteDInput':
      return voteInput(first as RecordedVote);
    case 'CertificateDInput':
      return certificateInput(first as readonly RecordedVote[]);
    case 'TimeoutDInput':
      return ['Timeout', String(first).replace('Timeout', ''), round];
    case 'ProposeValueDInput':
      return ['ProposeValue', round, first, height];
    case 'StartDInput':
    case 'StepChangeDInput':
    case 'PendingDInput':
    case 'NoDInput':
      return undefined;
    default:
      throw new UnknownForm(tag);
  }
}

export function voteInput({ t, src, r, v, h }: RecordedVote): Row {
  return [t, src, r, v, h];
}

/** The votes of a certificate are a quorum for one value: it counts as such, with any single votes before it. */
export function certificateInput(votes: readonly RecordedVote[]): Row | undefined {
  const [first] = votes;
  if (first === undefined || first.v === null) return undefined;
  const tag = first.t === 'Prevote' ? 'PolkaCertificate' : 'CommitCertificate';
  return [tag, first.r, first.v, votes.map(({ src }) => src), first.h];
}

/** What a step signs or decides; timers and requests are compared apart. */
export function signedRows([tag, first, second]: Row): readonly Row[] {
  if (tag === 'VoteOutput') {
    const { t, r, v } = first as RecordedVote;
    return [[t, r, v]];
  }
  if (tag === 'ProposalOutput') {
    const { r, v, vr } = first as RecordedProposal;
    return [['Propose', r, v, vr]];
  }
  return tag === 'DecidedOutput' ? [['Decide', first, second]] : [];
}

/** `[kind, round]` of the timer that a step starts. */
export function timerRows([tag, ...args]: Row): readonly Row[] {
  if (tag === 'TimeoutOutput') return [[String(args[1]).replace('Timeout', ''), args[0]]];
  if (tag === 'GetValueAndScheduleTimeoutOutput') return [[String(args[2]).replace('Timeout', ''), args[1]]];
  return [];
}
