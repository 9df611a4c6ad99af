import type { Command } from 'commander';
import { findBrowser } from '../../browser/discovery.ts';
import { denyAll } from '../../policy/gate.ts';
import { toErrorInfo } from '../../shared/errors.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Check } from '../doctor/check.ts';
import { browserCheck, dataDirectoryCheck, eventLoopCheck, nodeCheck } from '../doctor/machine-checks.ts';
import { leftoversChecks, mcpChecks, sandboxCheck } from '../doctor/runtime-checks.ts';
import { exitCodes } from '../exit-codes.ts';
import { dataDirectoryOf, openRuntime } from '../open-runtime.ts';
import { oneLine, pad, wrap } from '../text.ts';

export function addDoctorCommand(program: Command, context: CliContext): void {
  program.command('doctor').description('look whether everything is here that runs need').action(async (options: CommonOptions) => {
    const { terminal } = context;
    const checks: Check[] = [];
    for await (const check of examine(context, options)) {
      checks.push(check);
      if (!options.json) terminal.result(...renderCheck(check, context));
    }
    const failed = checks.filter((check) => check.status === 'fail').length;
    if (options.json) terminal.json({ ok: failed === 0, version: context.version, checks });
    else terminal.result('', failed === 0 ? 'Ready.' : `${failed} ${failed === 1 ? 'thing needs' : 'things need'} to be put right.`);
    context.exit(failed === 0 ? exitCodes.done : exitCodes.environment);
  });
}

async function* examine(context: CliContext, options: CommonOptions): AsyncGenerator<Check> {
  yield await nodeCheck();
  yield await browserCheck(() => findBrowser(undefined));
  let opened;
  try {
    opened = await openRuntime(context, options, denyAll, { quiet: true });
  } catch (error) {
    const { message, hint } = toErrorInfo(error);
    yield { name: 'Data directory', status: 'fail', detail: message, fix: hint ?? 'Give another folder with --data-dir.' };
    return;
  }
  await using runtime = opened;
  yield dataDirectoryCheck(dataDirectoryOf(context, options));
  yield* leftoversChecks(runtime.runtime);
  yield* mcpChecks(runtime.runtime.mcp.servers().length, runtime.mcpProblems);
  let sandbox: Check | undefined;
  const loop = await eventLoopCheck(async () => (sandbox = await sandboxCheck(runtime.runtime)));
  if (sandbox) yield sandbox;
  yield loop;
}

const nameWidth = 18;
const marks: Readonly<Record<Check['status'], string>> = { ok: 'ok', warn: 'warn', fail: 'FAIL' };

function renderCheck({ name, status, detail, fix }: Check, { terminal: { style, width } }: CliContext): readonly string[] {
  const colour = { ok: style.good, warn: style.warn, fail: style.bad }[status];
  const indent = ' '.repeat(nameWidth + 6);
  const [first = '', ...rest] = wrap(oneLine(detail), width - indent.length);
  const advice = status === 'ok' || fix === undefined ? [] : wrap(`-> ${oneLine(fix)}`, width - indent.length);
  return [`${colour(pad(marks[status], 5))} ${pad(name, nameWidth)}${first}`, ...[...rest, ...advice].map((line) => indent + line)];
}
