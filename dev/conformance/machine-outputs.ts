/** Outputs of the round state machine as rows, those of the record and those of the driver under test. */
import type { DriverOutput } from '../../actors/tendermint/index.ts';
import type { Row } from './verdict.ts';

/** A recorded output as rows: a request for a value starts a timer too. */
export function outputRows([tag, ...args]: Row): readonly Row[] {
  switch (tag) {
    case 'VoteOutput': {
      const { t, src, h, r, v } = args[0] as { t: string; src: string; h: number; r: number; v: string | null };
      return [[t, src, h, r, v]];
    }
    case 'ProposalOutput': {
      const { src, h, r, v, vr } = args[0] as { src: string; h: number; r: number; v: string; vr: number };
      return [['Propose', src, h, r, v, vr]];
    }
    case 'TimeoutOutput':
      return [['Timer', timerOf(args[1]), args[0]]];
    case 'GetValueAndScheduleTimeoutOutput':
      return [
        ['GetValue', args[0], args[1]],
        ['Timer', timerOf(args[2]), args[1]],
      ];
    case 'DecidedOutput':
      return [['Decide', args[0], args[1]]];
    case 'SkipRoundOutput':
      return [['Skip', args[0]]];
    default:
      return [];
  }
}

function timerOf(name: unknown): string {
  return String(name).replace('Timeout', '').toLowerCase();
}

/** The same of an output of the driver. */
export function driverRows(output: DriverOutput): readonly Row[] {
  switch (output.type) {
    case 'say': {
      const { message } = output;
      const { height, round, value } = message;
      if (message.type === 'proposal') return [['Propose', message.proposer, height, round, value, message.polRound]];
      return [[message.voteType === 'prevote' ? 'Prevote' : 'Precommit', message.validator, height, round, value]];
    }
    case 'startTimer':
      return [['Timer', output.kind, output.round]];
    case 'ask':
      return [['GetValue', output.height, output.round]];
    case 'decide':
      return [['Decide', output.decision.round, output.decision.value]];
    case 'report':
      return output.event === 'round.start' ? [['Skip', output.detail['round']]] : [];
    default:
      return [];
  }
}
