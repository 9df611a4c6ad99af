import { findBrowser } from '../browser/discovery.ts';
import type { ConfigProblem } from '../mcp/mcp-config.ts';
import type { Runtime } from '../runtime.ts';
import { toErrorInfo } from '../shared/errors.ts';
import type { Infrastructure } from '../shared/infrastructure.ts';
import { browserCheck, leakCheck } from './browser-checks.ts';
import { budgetChecks } from './budget-checks.ts';
import type { Check } from './check.ts';
import { infrastructureChecks } from './infrastructure-checks.ts';
import { infrastructureOf } from './infrastructure.ts';
import { LoopWatch } from './loop-watch.ts';
import { dataDirectoryCheck, eventLoopCheck, nodeCheck } from './machine-checks.ts';
import { leftoversChecks, mcpChecks, openTasksChecks, sandboxCheck } from './runtime-checks.ts';
import { searchCheck } from './search-check.ts';
import { typedSecretChecks, type ConfigFile } from './typed-secret-checks.ts';

export interface Patient {
  /** The browser that a person has set, if any. */
  readonly browserPath?: string;
  /** Does `work` with the runtime, however the door gets it; throws what opening throws. */
  readonly withRuntime: <T>(work: (runtime: Runtime, mcpProblems: readonly ConfigProblem[]) => Promise<T>) => Promise<T>;
  /** Full paths at which a ripgrep of this door may lie. */
  readonly ripgrep: readonly string[];
  /** The files of configuration that this door reads. */
  readonly configFiles: readonly ConfigFile[];
  /** Which program asks, and its version. */
  readonly program: Pick<Infrastructure['program'], 'kind' | 'version'>;
  /** Hears what the program holds, once the runtime is open. */
  readonly onInfrastructure?: (infrastructure: Infrastructure) => void;
  /** What to do where the runtime does not open and the error gives no advice. */
  readonly openFix: string;
}

/** Looks whether everything is here that runs need, one check after the other. */
export async function* examine({ browserPath, withRuntime, ripgrep, configFiles, openFix, program, onInfrastructure = () => undefined }: Patient): AsyncGenerator<Check> {
  yield await nodeCheck();
  yield* await typedSecretChecks(configFiles);
  try {
    yield* await withRuntime(async (runtime, problems) => [...(await examineRuntime(runtime, problems, program, onInfrastructure)), await searchCheck(ripgrep, runtime.workspace)]);
  } catch (error) {
    yield await browserCheck(() => findBrowser(browserPath));
    const { message, hint } = toErrorInfo(error);
    yield { name: 'Data directory', status: 'fail', detail: message, fix: hint ?? openFix };
  }
}

async function examineRuntime(runtime: Runtime, mcpProblems: readonly ConfigProblem[], program: Patient['program'], onInfrastructure: (infrastructure: Infrastructure) => void): Promise<readonly Check[]> {
  using watch = new LoopWatch();
  watch.read();
  let sandbox: Check | undefined;
  const loop = await eventLoopCheck(async () => (sandbox = await sandboxCheck(runtime)));
  const infrastructure = infrastructureOf(runtime, { ...program, loop: watch.read() });
  onInfrastructure(infrastructure);
  return [
    await browserCheck(() => runtime.browsers.find()), ...(await leakCheck(runtime.browserPrograms)), dataDirectoryCheck(runtime.store.directory), ...leftoversChecks(runtime), ...(await openTasksChecks(runtime.mcp)), ...budgetChecks(runtime.runs.pool), ...mcpChecks(runtime.mcp.servers().length, mcpProblems),
    ...(sandbox ? [sandbox] : []), loop, ...infrastructureChecks(infrastructure),
  ];
}
