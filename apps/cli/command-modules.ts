/**
 * The modules that define the commands, in the order of the help. A module is loaded only for its own commands, because loading all of them takes
 * several times as long as a short run.
 */
import type { Command } from 'commander';
import type { Paint, Print } from './terminal.ts';

interface CommandModule {
  /** The names of the commands that it defines. */
  readonly names: readonly string[];
  /** Loads the module and adds its commands to the program. */
  readonly define: (program: Command, print: Print, paint: Paint) => Promise<void>;
}

export const commandModules: readonly CommandModule[] = [
  { names: ['run'], define: async (...all) => (await import('./run.ts')).runCommand(...all) },
  { names: ['list'], define: async (...all) => (await import('./list.ts')).listCommand(...all) },
  { names: ['crashpoints'], define: async (...all) => (await import('./crashpoints.ts')).crashpointsCommand(...all) },
  { names: ['fuzz'], define: async (...all) => (await import('./fuzz.ts')).fuzzCommand(...all) },
  { names: ['explore'], define: async (...all) => (await import('./explore.ts')).exploreCommand(...all) },
  { names: ['replay'], define: async (...all) => (await import('./replay.ts')).replayCommand(...all) },
  { names: ['why', 'diff'], define: async (...all) => (await import('./causes.ts')).whyCommands(...all) },
  { names: ['museum'], define: async (...all) => (await import('./museum.ts')).museumCommand(...all) },
  {
    names: ['check', 'schema', 'fmt'],
    define: async (...all) => (await import('./check-fmt-schema.ts')).writtenCommands(...all),
  },
  { names: ['init'], define: async (program, print) => (await import('./init.ts')).initCommand(program, print) },
  { names: ['view'], define: async (program, print) => (await import('./view.ts')).viewCommand(program, print) },
  { names: ['export'], define: async (program, print) => (await import('./view.ts')).exportCommand(program, print) },
  { names: ['campaign'], define: async (...all) => (await import('./campaign.ts')).campaignCommand(...all) },
  { names: ['cluster'], define: async (...all) => (await import('./cluster.ts')).clusterCommand(...all) },
  {
    names: ['completion'],
    define: async (program, print) => (await import('./completion.ts')).completionCommand(program, print),
  },
  { names: ['doctor'], define: async (...all) => (await import('./doctor.ts')).doctorCommand(...all) },
  { names: ['explain'], define: async (...all) => (await import('./explain.ts')).explainCommand(...all) },
  { names: ['learn'], define: async (...all) => (await import('./learn.ts')).learnCommand(...all) },
  { names: ['course'], define: async (...all) => (await import('./course.ts')).courseCommand(...all) },
  {
    names: ['node'],
    define: async (program, print, paint) => {
      const { nodeCommand } = await import('./node.ts');
      const { nodeProgramCommands } = await import('./node-programs.ts');
      nodeProgramCommands(nodeCommand(program, print), print, paint);
    },
  },
  { names: ['parity'], define: async (...all) => (await import('./parity.ts')).parityCommand(...all) },
  { names: ['lab'], define: async (program, print) => (await import('./lab.ts')).labCommand(program, print) },
  {
    names: ['recovery-table'],
    define: async (program, print) => (await import('./recovery-table.ts')).recoveryTableCommand(program, print),
  },
  { names: ['wal'], define: async (program, print) => (await import('./wal-files.ts')).walCommands(program, print) },
  {
    names: ['record', 'crashstates', 'necessity'],
    define: async (...all) => (await import('./programs.ts')).programCommands(...all),
  },
];

/** The modules that a command line needs: that of its command, or all of them if the first word is no command, or `needsAll`. */
export function neededModules(firstWord: string | undefined, needsAll: boolean): readonly CommandModule[] {
  if (firstWord === '--version') return [];
  const own = commandModules.filter(({ names }) => names.some((name) => name === firstWord));
  // Completion lists all commands with their flags.
  return needsAll || own.length === 0 || firstWord === 'completion' ? commandModules : own;
}
