import { Option, type Command } from 'commander';
import { executorNames, type ExecutorName } from '../../agent/executors/executor.ts';
import type { CliContext } from '../cli-context.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

interface TaskOptions extends RunOptions {
  readonly model?: string;
  readonly endpoint?: string;
  readonly executor: ExecutorName;
}

export function addTaskCommand(program: Command, context: CliContext): void {
  withRunFlags(program.command('task <text...>'))
    .description('ask an agent for something; it needs a model and a budget of tokens')
    .option('--model <id>', 'provider/model, for example ollama/qwen3:8b (default: the first that is found)')
    .option('--endpoint <url>', 'an OpenAI-compatible server; its models are called endpoint/MODEL')
    .addOption(new Option('--executor <name>', 'how it works: code-act writes code, react calls tools, basic only answers').choices(executorNames).default('code-act'))
    .action(async (text: readonly string[], options: TaskOptions) => {
      const model = options.model === undefined || options.endpoint === undefined || options.model.startsWith('endpoint/') ? options.model : `endpoint/${options.model}`;
      context.exit(await runInContext(context, options, (runtime, start) => runtime.startTask(text.join(' '), { ...start, executor: options.executor, ...(model === undefined ? {} : { model }) })));
    });
}
