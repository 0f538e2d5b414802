import { InvalidArgumentError, Option, type Command } from 'commander';
import type { LaneTestOptions } from './lane-test/run-lane-test.js';

/** Adds `lanes test` to the commands of lanes. It needs no service and no network. Its modules are loaded only when it runs. */
export function addLanesCommand(program: Command, environment: NodeJS.ProcessEnv): void {
  const lanes = program.commands.find((command) => command.name() === 'lanes') ?? program.command('lanes');
  lanes
    .command('test')
    .description(
      'print the request that a lane would send, and what each id becomes with a sample of an answer',
    )
    .argument('[file]', 'the lanes file (LANES_FILE)')
    .option('--lane <name>', 'the lane; the default is the only one of the file, else default')
    .option('--ids <list>', 'the ids to send, with commas between them', '1,2,3')
    .option(
      '--answer <file>',
      'the answer: a body, or a whole response as curl -i prints it; - is standard input',
    )
    .addOption(
      new Option('--status <status>', 'the status of an answer that is a body alone')
        .default(200)
        .argParser(toStatus),
    )
    .action(async (file: string | undefined, options: LaneTestOptions) => {
      const { Logger } = await import('@nestjs/common');
      const { runLaneTest } = await import('./lane-test/run-lane-test.js');
      Logger.overrideLogger(false); // what the scheduler logs is in the output
      const { exitCode, out, error } = await runLaneTest(file, options, environment);
      process.stdout.write(out);
      if (error !== null) {
        process.stderr.write(`error: ${error}\n`);
      }
      process.exitCode = exitCode;
    });
}

function toStatus(text: string): number {
  if (!/^[1-5]\d\d$/.test(text)) {
    throw new InvalidArgumentError('a status has three digits');
  }
  return Number(text);
}
