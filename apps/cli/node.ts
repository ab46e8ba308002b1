/** `node`: one real node, over files and sockets. */
import type { Command } from 'commander';
import { initNode, readNodeConfig, runNode } from '../../runtime/index.ts';
import { ScenarioError } from '../../scenarios/index.ts';

interface Flags {
  readonly init?: boolean;
  readonly config?: string;
}

const defaultFile = 'lazurite-node.json';

/** The command, for others that are found under it. */
export function nodeCommand(program: Command, print: (text: string) => void): Command {
  return program
    .command('node')
    .description('a real node: the actors of the simulations over files and TCP; ends cleanly on SIGTERM')
    .option('--init', `make what is missing: the file, the key, and the log (a node that has run is left alone)`)
    .option('--config <file>', `the node's file (default: ${defaultFile})`)
    .action(async (_flags: Flags, command: Command) => {
      // The flag of the same name that all commands have may have taken it.
      const { init, config = defaultFile } = command.optsWithGlobals<Flags>();
      if (init === true) {
        for (const line of initNode(config)) print(line);
        return;
      }
      try {
        process.exitCode = await runNode(readNodeConfig(config));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'EADDRINUSE' || code === 'EACCES')
          throw new ScenarioError(`${config}: ${message}; give another port, or end who has it`);
        if (code === 'FOLDER_LOCKED') throw new ScenarioError(message);
        throw error;
      }
    });
}
