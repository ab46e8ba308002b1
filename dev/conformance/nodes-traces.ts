/** Family `nodes`: whole nodes; only external inputs are fed, and what each node signs and decides is compared as a set, to its decision. */
import type { ValidatorPower } from '../../actors/tendermint/index.ts';
import { inputOf, PlayedNode } from './played-node.ts';
import { type CaseResult, notOk, type Row } from './verdict.ts';

interface RecordedVote {
  readonly t: string;
  readonly src: string;
  readonly h: number;
  readonly r: number;
  readonly v: string | null;
}

interface NodesStep {
  readonly i: number;
  readonly a: string;
  readonly n: string;
  readonly in?: Row;
  readonly out?: Row;
  readonly decided?: unknown;
}

export interface NodesTrace {
  readonly nodes: readonly string[];
  readonly validators: readonly ValidatorPower[];
  readonly height: number;
  readonly steps: readonly NodesStep[];
}

interface RecordedNode {
  readonly node: PlayedNode;
  readonly wanted: Set<string>;
  readonly got: Set<string>;
  isOver: boolean;
}

/** The specification's proposer of round r is number r + 1 of the sorted names, at each height. */
export function judgeNodes({ nodes, validators, height, steps }: NodesTrace): CaseResult {
  const names = validators.map(([name]) => name).sort();
  const table: Record<string, string> = {};
  for (let round = 0; round < 40; round += 1)
    for (let at = height; at < height + 5; at += 1) table[`${at}.${round}`] = names[(round + 1) % names.length] ?? '';
  const recordedNodes = new Map(
    nodes.map((name): [string, RecordedNode] => [
      name,
      { node: new PlayedNode(name, { rule: 'rotate', table }), wanted: new Set(), got: new Set(), isOver: false },
    ]),
  );
  let differs: string | undefined;
  for (const step of steps) {
    const recorded = recordedNodes.get(step.n);
    if (step.a !== 'step' || recorded === undefined || recorded.isOver || step.in === undefined) continue;
    const external = externalInput(step.in, recorded.node.state.h);
    const played =
      step.in[0] === 'StartDInput'
        ? recorded.node.start(height, validators)
        : external === undefined
          ? undefined
          : inputs(external, recorded);
    for (const row of played?.out ?? [])
      if (row[0] !== 'GetValue') recorded.got.add(JSON.stringify(row[0] === 'Decide' ? ['Decide', row[2]] : row));
    const wanted = signedBy(step.out);
    if (wanted !== undefined) recorded.wanted.add(wanted);
    if (step.out?.[0] === 'DecidedOutput' || [...recorded.got].some((row) => row.startsWith('["Decide"'))) recorded.isOver = true;
    if (step.out?.[0] === 'ErrorOutput') differs = 'an input that the machine rejects';
  }
  for (const [name, { wanted, got, isOver }] of recordedNodes) {
    // A node that has not rested may still owe what its next pending input brings.
    const missing = [...wanted].filter((row) => !got.has(row));
    if (missing.length > 0 && !(isOver && missing.every((row) => row.startsWith('["Decide"'))))
      return notOk(steps.length, { [name]: missing }, [...got]);
  }
  return differs === undefined ? { type: 'ok' } : { type: 'ok', differs };
}

function inputs(rows: readonly Row[], { node }: RecordedNode): { readonly out: readonly Row[] } {
  const out: Row[] = [];
  for (const row of rows) {
    const input = inputOf(
      row.map((part) => (part === 'present' ? node.state.r : part)),
      node.state.h,
    );
    if (input !== undefined) out.push(...node.feed(input).out);
  }
  return { out };
}

function externalInput([tag, ...args]: Row, height: number): readonly Row[] | undefined {
  const vote = ({ t, src, r, v, h }: RecordedVote): Row => [t, src, r, v, h];
  switch (tag) {
    case 'ProposalDInput': {
      const { src, h, r, v, vr } = args[0] as { src: string; h: number; r: number; v: string; vr: number };
      return [['Proposal', src, r, v, vr, v !== 'invalid', h]];
    }
    case 'VoteDInput':
      return [vote(args[0] as RecordedVote)];
    case 'CertificateDInput':
      return certificate(args[0] as readonly RecordedVote[]);
    case 'TimeoutDInput': {
      const kind = String(args[0]).replace('Timeout', '');
      return [['Timeout', kind, 'present', height]];
    }
    case 'ProposeValueDInput':
      return [['ProposeValue', 'present', args[0]]];
    default:
      return undefined;
  }
}

/** The votes of a certificate are a quorum for one value: it counts as such, whatever single votes came before. */
function certificate(votes: readonly RecordedVote[]): readonly Row[] {
  const [first] = votes;
  if (first === undefined || first.v === null) return [];
  const tag = first.t === 'Prevote' ? 'PolkaCertificate' : 'CommitCertificate';
  return [[tag, first.r, first.v, votes.map(({ src }) => src), first.h]];
}

function signedBy(out: Row | undefined): string | undefined {
  const [tag, ...args] = out ?? [];
  const [first] = args as [RecordedVote & { readonly vr: number }];
  if (tag === 'VoteOutput') return JSON.stringify([first.t, first.r, first.v]);
  if (tag === 'ProposalOutput') return JSON.stringify(['Propose', first.r, first.v, first.vr]);
  return tag === 'DecidedOutput' ? JSON.stringify(['Decide', args[1]]) : undefined;
}
