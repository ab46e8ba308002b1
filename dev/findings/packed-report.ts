/** A report as one line between processes, without the bytes of the states. */

import type { StatesReport } from '../../programs/crash-states/judge.ts';
import type { PersonalityName } from '../../programs/index.ts';
import type { DriveReport, Question } from './judge-drive.ts';

export interface PackedFinding {
  readonly complaint: string;
  readonly fileSystems: readonly PersonalityName[];
  readonly losses: readonly string[];
  readonly token: string;
}

export interface PackedAnswer {
  readonly verdict: StatesReport['verdict'];
  readonly reasons: readonly string[];
  readonly failing: readonly PersonalityName[];
  readonly states: number;
  readonly isComplete: boolean;
  readonly findings: readonly PackedFinding[];
}

export type PackedReport = Readonly<Record<Question, PackedAnswer>>;

export function packedReport({ kept, whole }: DriveReport): PackedReport {
  return { kept: packed(kept), whole: packed(whole) };
}

function packed({ verdict, reasons, fileSystems, states, findings }: StatesReport): PackedAnswer {
  return {
    verdict,
    reasons,
    failing: fileSystems.filter(({ failing }) => failing > 0).map(({ fileSystem }) => fileSystem),
    states,
    isComplete: fileSystems.length > 0 && fileSystems.every(({ bound }) => bound === 'every'),
    findings: findings.map(({ complaint, fileSystems: on, losses, token }) => ({ complaint, fileSystems: on, losses, token })),
  };
}
