import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { openRuntime } from '../open-runtime.ts';
import { oneLine } from '../text.ts';

interface TagOptions extends CommonOptions {
  readonly remove?: readonly string[];
}

export function addTagCommand(runs: Command, context: CliContext): void {
  runs.command('tag <id> [tags...]').description('put tags on a run, by which "runs search --tag" finds it; without any, print those that it has')
    .option('--remove <tag...>', 'take these off')
    .action((id: string, tags: readonly string[], options: TagOptions) => tag(context, id, tags, options));
}

async function tag(context: CliContext, id: string, add: readonly string[], { remove = [], ...options }: TagOptions): Promise<void> {
  const both = add.find((word) => remove.includes(word));
  if (both !== undefined) throw new AssassinError('invalid-input', `"${both}" is to be put on and taken off.`, { hint: 'Give it once.' });
  await using opened = await openRuntime(context, options);
  const { runs, store } = opened.runtime;
  store.run(id);
  const tags = add.length + remove.length === 0 ? store.traces.tags(id) : runs.tag(id, { add, remove });
  if (options.json) context.terminal.json({ run: id, tags });
  else if (tags.length === 0) context.terminal.note('It has no tags.');
  else context.terminal.result(...tags.map(oneLine));
}
