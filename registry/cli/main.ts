/** The command `minigate` as it is packed: what talks to a registry, and nothing of the gateway. */
import { createSay } from './language.ts';
import { CommandError } from './output.ts';
import { runProgram } from './program.ts';

const refuse = (): never => {
  throw new CommandError({ code: 'NEEDS_GATEWAY', message: createSay(process.env)('needsGateway') }, 2);
};

await runProgram((program, supergraph) => {
  for (const command of [supergraph.command('compose'), program.command('dev'), program.command('access')])
    command
      .description('in the gateway’s repository only')
      .allowUnknownOption()
      .allowExcessArguments()
      .action(refuse);
});
