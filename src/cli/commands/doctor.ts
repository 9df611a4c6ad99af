import { join } from 'node:path';
import type { Command } from 'commander';
import type { Check } from '../../doctor/check.ts';
import { examine, type Patient } from '../../doctor/examine.ts';
import { configFilesOf } from '../../doctor/typed-secret-checks.ts';
import { denyAll } from '../../policy/approver.ts';
import type { Infrastructure } from '../../shared/infrastructure.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { dataDirectoryOf, openRuntime, workspaceOf } from '../open-runtime.ts';
import { oneLine, pad, wrap } from '../text.ts';
import { userSettingsFile } from '../user-settings.ts';

export function addDoctorCommand(program: Command, context: CliContext): void {
  program.command('doctor').description('look whether everything is here that runs need').action(async (options: CommonOptions) => {
    const { terminal } = context;
    const checks: Check[] = [];
    let infrastructure: Infrastructure | undefined;
    const patient: Patient = {
      configFiles: [{ path: join(dataDirectoryOf(context, options), userSettingsFile), shown: userSettingsFile, form: 'settings' }, ...configFilesOf(workspaceOf(context, options))],
      program: { kind: 'terminal', version: context.version }, onInfrastructure: (found) => (infrastructure = found),
      ripgrep: [], openFix: 'Give another folder with --data-dir.',
      withRuntime: async (work) => {
        await using opened = await openRuntime(context, options, denyAll, { quiet: true });
        return await work(opened.runtime, opened.mcpProblems);
      },
    };
    for await (const check of examine(patient)) {
      checks.push(check);
      if (!options.json) terminal.result(...renderCheck(check, context));
    }
    const failed = checks.filter((check) => check.status === 'fail').length;
    if (options.json) terminal.json({ ok: failed === 0, version: context.version, checks, ...(infrastructure === undefined ? {} : { infrastructure }) });
    else terminal.result('', failed === 0 ? 'Ready.' : `${failed} ${failed === 1 ? 'thing needs' : 'things need'} to be put right.`);
    context.exit(failed === 0 ? exitCodes.done : exitCodes.environment);
  });
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
