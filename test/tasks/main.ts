// The seeded tasks from the command line, with recorded answers or a model of your own. See docs/agent.md.
import { parseArgs } from 'node:util';
import { buildSandboxFiles } from '../helpers/sandbox.ts';
import { seededTasks } from './all.ts';
import { attempt, type LiveModel } from './attempt.ts';
import { endpointProblem } from './endpoint-problem.ts';
import { reportLine, reportOf, summary, tableHead, type TaskReport } from './report.ts';

const usage = 'Usage: npm run tasks [-- --endpoint URL --model NAME [--key-env VAR]] [--only ID,...] [--json]';

class UsageError extends Error {}

function options() {
  const { values } = parseArgs({
    options: { endpoint: { type: 'string' }, model: { type: 'string' }, 'key-env': { type: 'string' }, only: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const ids = values.only?.split(',');
  const unknown = (ids ?? []).filter((id) => !seededTasks.some((task) => task.id === id));
  if (unknown.length > 0) throw new UsageError(`There is no task ${unknown.join(', ')}. There are: ${seededTasks.map(({ id }) => id).join(', ')}.`);
  return { json: values.json, tasks: seededTasks.filter(({ id }) => ids?.includes(id) ?? true), live: liveModel(values.endpoint, values.model, values['key-env']) };
}

function liveModel(endpoint: string | undefined, model: string | undefined, keyEnv: string | undefined): LiveModel | undefined {
  if (endpoint === undefined && model === undefined) return undefined;
  if (endpoint === undefined || model === undefined) throw new UsageError('--endpoint and --model go together.');
  if (!URL.canParse(endpoint)) throw new UsageError(`"${endpoint}" is not a URL. Give the base URL of an OpenAI-compatible server, for example http://127.0.0.1:11434/v1.`);
  const key = keyEnv === undefined ? undefined : process.env[keyEnv];
  if (keyEnv !== undefined && !key) throw new UsageError(`The environment variable ${keyEnv} is empty; it should hold the key of ${endpoint}.`);
  return { endpoint, model, ...(key ? { key } : {}) };
}

async function main(): Promise<number> {
  const { json, tasks, live } = options();
  const problem = live && (await endpointProblem(live));
  if (problem !== undefined) throw new UsageError(problem);
  using sandbox = await buildSandboxFiles();
  const reports: TaskReport[] = [];
  if (!json) console.log(tableHead(live));
  for (const task of tasks) {
    const report = reportOf(task, await attempt(task, { sandbox, ...(live ? { live } : {}) }));
    reports.push(report);
    if (!json) console.log(reportLine(report));
  }
  console.log(json ? JSON.stringify(reports, null, 2) : summary(reports));
  return reports.every(({ pass }) => pass) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const wrongFlag = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!(error instanceof UsageError) && !wrongFlag) throw error;
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
