import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import type { SentItem } from '../../shared/mentions.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openRuntime } from '../open-runtime.ts';
import { oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';

const columns = [{ title: 'what' }, { title: 'from', min: 16 }, { title: 'tokens', align: 'right' }, { title: 'of', align: 'right' }, { title: 'left out because', min: 16 }] as const;

export function addContextCommand(program: Command, context: CliContext): void {
  program.command('context <run>')
    .description('list what the model of a task was told first, and later of instructions, part by part with tokens')
    .action(async (run: string, options: CommonOptions) => {
      const { terminal } = context;
      await using opened = await openRuntime(context, options, undefined, { quiet: true });
      const sent = await opened.runtime.sentContext(run);
      if (sent === undefined) throw new AssassinError('invalid-input', `The run ${run} told no model anything.`, { hint: 'Give the run of a task.' });
      if (options.json === true) terminal.json(sent);
      else terminal.result(...renderTable(columns, sent.items.map(row), terminal.width), `${sent.tokens} tokens, estimated${sent.budgetTokens === 0 ? '' : `; the first request might have had ${sent.budgetTokens}`}.`);
      context.exit(exitCodes.done);
    });
}

function row({ kind, source, from, to, tokens, ofTokens, problem, later }: SentItem): readonly string[] {
  return [later === true ? `${kind}, later` : kind, oneLine(`${source}${from === undefined ? '' : `:${from}-${to ?? from}`}`), String(tokens), String(ofTokens), oneLine(problem ?? '')];
}
