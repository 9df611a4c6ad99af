import type { Command } from 'commander';
import { definitionDiff, reviewId, titleOf } from '../../mcp/trust/definition-diff.ts';
import { reviewServer } from '../../mcp/trust/review-server.ts';
import type { Withheld } from '../../mcp/trust/server-trust.ts';
import { AssassinError } from '../../shared/errors.ts';
import { collect } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openRuntime } from '../open-runtime.ts';
import { oneLine, safeLines } from '../text.ts';

interface ReviewOptions extends CommonOptions {
  readonly approve: readonly string[];
  readonly forget?: boolean;
}

export function addReviewCommand(mcp: Command, context: CliContext): void {
  mcp.command('review <server>').description('what a server has changed since it was approved, or has that needs a look; exit code 3 while something waits')
    .option('--approve <id>', 'approve exactly what was shown under this id (repeatable)', collect, [])
    .option('--forget', 'forget what was approved of this server: the next start counts as the first')
    .action((server: string, options: ReviewOptions) => review(context, server, options));
}

async function review(context: CliContext, server: string, options: ReviewOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const { mcp, mcpTrust } = opened.runtime;
  if (options.forget === true) {
    mcpTrust.forget(server);
    if (options.json) terminal.json({ server, forgotten: true });
    else terminal.note(`What was approved of ${server} is forgotten.`);
    return;
  }
  const waiting = await reviewServer(mcp, mcpTrust, server);
  const approved = options.approve.map((id) => named(waiting, id, server));
  mcpTrust.approve(server, approved);
  const left = waiting.filter((each) => !approved.includes(each));
  if (left.length > 0) context.exit(exitCodes.denied);
  if (options.json) {
    const shown = await Promise.all(left.map(async (each) => ({ id: reviewId(each.now), what: titleOf(each.now), why: each.why, reason: each.reason, findings: each.findings, diff: await definitionDiff(each) })));
    terminal.json({ server, waiting: shown, approved: approved.map(({ now }) => titleOf(now)) });
    return;
  }
  for (const { now } of approved) terminal.note(`Approved: ${oneLine(titleOf(now))}.`);
  for (const each of left) {
    terminal.result(`${oneLine(titleOf(each.now))} (${each.why})`, `  ${oneLine(each.reason)}`);
    for (const { text, serious } of each.findings) if (!serious) terminal.result(`  Note: ${oneLine(text)}.`);
    terminal.result(...(await definitionDiff(each)).map((line) => `  ${safeLines(line)}`), each.why === 'twice' ? '  It cannot be approved.' : `  approve with --approve ${reviewId(each.now)}`, '');
  }
  if (left.length === 0) terminal.note(`Nothing of ${server} waits for approval.`);
}

function named(waiting: readonly Withheld[], id: string, server: string): Withheld {
  const found = waiting.find(({ now, why }) => why !== 'twice' && reviewId(now) === id);
  if (found !== undefined) return found;
  throw new AssassinError('invalid-input', `Nothing of ${server} waits under the id ${id}.`, { hint: `The server may say something else by now: look again with "mcp review ${server}".`, data: { server, id } });
}
