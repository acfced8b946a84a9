/** Puts the commands of `minigate` together and runs one. Exit 0 ok, 1 a check did not pass, 2 usage, settings or network. */
import { Command, CommanderError } from 'commander';
import { addCompareCommand } from './compare-command.ts';
import { addOperationCommands } from './operation-commands.ts';
import { CommandError, printFailure } from './output.ts';
import { addSubgraphCommands } from './subgraph-commands.ts';
import { addSupergraphCommands } from './supergraph-commands.ts';
import { addTokenCommands } from './token-commands.ts';

/** @param addOthers commands that the package does not hold, for `supergraph` and for the top */
export async function runProgram(addOthers?: (program: Command, supergraph: Command) => void): Promise<void> {
  const program = new Command('minigate')
    .description('Check and publish the subgraphs and operations of a Minigate graph.')
    .addHelpText(
      'after',
      `
Settings, each also an option:
  MINIGATE_REGISTRY     where the registry answers; default http://127.0.0.1:4010
  MINIGATE_ENVIRONMENT  dev, trial or release; default dev
  MINIGATE_TOKEN        the token; never an option, which others on the machine could read`,
    )
    .showHelpAfterError()
    .exitOverride();
  addSubgraphCommands(program);
  const supergraph = addSupergraphCommands(program);
  addOperationCommands(program);
  addTokenCommands(program);
  addCompareCommand(program);
  addOthers?.(program, supergraph);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = toExitCode(error, process.argv.includes('--json'));
  }
}

function toExitCode(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (json && error.exitCode !== 0) printFailure({ code: 'USAGE', message: error.message }, true);
    return error.exitCode === 0 ? 0 : 2;
  }
  if (!(error instanceof CommandError)) throw error;
  printFailure(error.failure, json);
  return error.exitCode;
}
