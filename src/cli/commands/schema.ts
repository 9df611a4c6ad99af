import type { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';

export function addSchemaCommand(program: Command, context: CliContext): void {
  program.command('schema')
    .description('print the JSON Schema of the lines that commands write with --json --events')
    .action(async () => {
      const [{ toJSONSchema }, { outputLine }] = await Promise.all([import('zod/mini'), import('../../shared/event-schema.ts')]);
      context.terminal.json(toJSONSchema(outputLine, { reused: 'ref' }));
      context.exit(exitCodes.done);
    });
}
