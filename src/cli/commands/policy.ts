import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Explanation } from '../../policy/explain.ts';
import { AssassinError } from '../../shared/errors.ts';
import { collect } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { dataDirectoryOf, workspaceOf } from '../open-runtime.ts';
import { readPolicyCases } from '../policy-cases.ts';
import { PolicyContext } from '../policy-context.ts';
import { oneLine, wrap } from '../text.ts';

interface ExplainOptions extends CommonOptions {
  readonly chain?: string;
  readonly allow: readonly string[];
  readonly afterReading: readonly string[];
}

export function addPolicyCommands(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('what a run may do, and why: explain, test, decisions, revoke');
  policy.command('explain <action>')
    .description('what the gate would decide, for example "fs.write reports/x.md", "net https://a.example", "mcp fs:write_file", "exec npm test"')
    .option('--chain <name>', 'with the grants of this chain')
    .option('--allow <grant>', 'with one grant more; repeatable', collect, [])
    .option('--after-reading <source>', 'as in a run that has read text of strangers from this address or MCP server; repeatable', collect, [])
    .action((action: string, options: ExplainOptions) => explain(context, action, options));
  policy.command('test <file>')
    .description('compare decisions with a list of { action, expect, chain?, allow? }; for pipelines')
    .action((file: string, options: CommonOptions) => test(context, file, options));
  policy.command('decisions')
    .description('what you have allowed for good in this workspace when asked')
    .action((options: CommonOptions) => decisions(context, options));
  policy.command('revoke <id>')
    .description('take one of these decisions back; from the next run on it is asked again')
    .action((id: string, options: CommonOptions) => revoke(context, id, options));
}

async function explain(context: CliContext, action: string, { chain, allow, afterReading, ...options }: ExplainOptions): Promise<void> {
  const { terminal } = context;
  const policy = await open(context, options);
  const explanation = await policy.explain({ action, allow, afterReading, ...(chain === undefined ? {} : { chain }) });
  if (options.json) terminal.json(explanation);
  else terminal.result(...render(explanation, context));
}

function open(context: CliContext, options: CommonOptions): Promise<PolicyContext> {
  return PolicyContext.open(workspaceOf(context, options), dataDirectoryOf(context, options), context.env);
}

async function decisions(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  const list = (await open(context, options)).decisions.list();
  if (options.json) return terminal.json({ decisions: list });
  if (list.length === 0) return terminal.note('Nothing is allowed for good in this workspace.');
  terminal.result(...list.map(({ id, grant, at, action }) => `${id}  ${oneLine(grant)}  (${new Date(at).toISOString().slice(0, 10)}, asked for ${oneLine(action)})`));
}

async function revoke(context: CliContext, id: string, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  if (!(await open(context, options)).decisions.revoke(id)) throw new AssassinError('invalid-input', `There is no decision ${id} for this workspace.`, { hint: 'See "policy decisions".' });
  if (options.json) terminal.json({ revoked: id });
  else terminal.note(`Revoked ${id}. From the next run on it is asked again.`);
}

async function test(context: CliContext, file: string, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  const cases = await readPolicyCases(resolve(context.cwd, file), file);
  const policy = await open(context, options);
  const results = [];
  for (const { expect, line, ...question } of cases) {
    const explanation = await policy.explain(question);
    results.push({ ...explanation, expect, ok: explanation.effect === expect, line });
  }
  const failed = results.filter((result) => !result.ok);
  if (options.json) terminal.json({ ok: failed.length === 0, passed: results.length - failed.length, failed: failed.length, cases: results });
  else {
    for (const { expect, line, ...explanation } of failed) {
      terminal.result(`${oneLine(file)}:${line}: expected ${expect}, but:`, ...render(explanation, context).map((text) => `  ${text}`));
    }
    terminal.note(`${results.length - failed.length} as expected, ${failed.length} not.`);
  }
  context.exit(failed.length === 0 ? exitCodes.done : exitCodes.failed);
}

function render({ action, effect, reason, remedy }: Explanation, { terminal: { style, width } }: CliContext): readonly string[] {
  const colour = { allow: style.good, ask: style.warn, deny: style.bad }[effect];
  return [`${colour(effect)}  ${oneLine(action)}`, ...[reason, ...(remedy === undefined ? [] : [remedy])].flatMap((text) => wrap(oneLine(text), width - 2))];
}
