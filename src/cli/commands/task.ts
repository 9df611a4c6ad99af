import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';

export function addTaskCommand(program: Command): void {
  program.command('task <text...>')
    .description('ask an agent for something (not part of this version)')
    .action(() => {
      throw new AssassinError('no-model', 'A task needs an agent with a model, and this version has none.', {
        hint: 'Write the work as a chain in .assassin/chains and start it with "run"; a chain needs no model.',
      });
    });
}
