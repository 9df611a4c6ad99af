import type { Command } from 'commander';
import type { ModelInfo } from '../../models/model-client.ts';
import { denyAll } from '../../policy/approver.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { openRuntime } from '../open-runtime.ts';
import { oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';

interface ModelsOptions extends CommonOptions {
  readonly endpoint?: string;
}

const columns = [{ title: 'model', whole: true }, { title: 'reads', align: 'right' }, { title: 'tools' }, { title: 'pictures' }, { title: 'thinks' }, { title: 'for a million tokens' }] as const;

export function addModelsCommand(program: Command, context: CliContext): void {
  program.command('models')
    .description('list the models that tasks can use, what each can do and what it costs')
    .option('--endpoint <url>', 'an OpenAI-compatible server; its models are called endpoint/MODEL')
    .action(async (options: ModelsOptions) => context.exit(await listModels(context, options)));
}

/** With no model at all it fails with the three quickest ways to one. */
async function listModels(context: CliContext, options: ModelsOptions): Promise<ExitCode> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options, denyAll, { quiet: true });
  const { models: registry } = opened.runtime;
  const models = await registry.list();
  if (models.length === 0) await registry.first();
  const { problems } = registry;
  if (options.json === true) {
    terminal.json({ models, problems });
    return exitCodes.done;
  }
  for (const { provider, error } of problems) terminal.note(`warning: ${oneLine(`${provider}: ${error.message}`)}`);
  terminal.result(...renderTable(columns, models.map(row), terminal.width));
  return exitCodes.done;
}

function row({ id, contextTokens, tools, images, reasoning, rate }: ModelInfo): readonly string[] {
  const can = (value: boolean | undefined) => (value === undefined ? '?' : value ? 'yes' : 'no');
  const price = rate === undefined ? 'unpriced' : rate.input + rate.output === 0 ? 'no cost' : `$${shown(rate.input)} in, $${shown(rate.output)} out`;
  return [oneLine(id), contextTokens === undefined ? '?' : String(contextTokens), can(tools), can(images), can(reasoning), price];
}

function shown(usd: number): string {
  return Number(usd.toPrecision(4)).toString();
}
