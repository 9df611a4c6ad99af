import type { Approver } from '../../../src/policy/approver.ts';
import type { RuntimeSettings } from '../../../src/runtime-options.ts';
import { serveOnHttp, type HttpService } from '../../../src/serve/serve-http.ts';
import type { StartOptions } from '../../../src/serve/served-tool.ts';
import { ServedTools } from '../../../src/serve/served-tools.ts';
import type { TaskLimits } from '../../../src/serve/tasks/served-tasks.ts';
import { chainTest, type ChainTest } from '../../helpers/chains.ts';
import type { SandboxFiles } from '../../helpers/sandbox.ts';

export interface Serving extends AsyncDisposable {
  readonly test: ChainTest;
  readonly service: HttpService;
}

interface ServingOptions {
  readonly start?: StartOptions;
  readonly approver?: Approver;
  readonly settings?: Partial<RuntimeSettings>;
  readonly limits?: TaskLimits;
}

/** The published server on HTTP, over a workspace of its own with these files. */
export async function serving(sandbox: SandboxFiles, files: Readonly<Record<string, string>>, { start = {}, limits = {}, ...runtime }: ServingOptions = {}): Promise<Serving> {
  const test = await chainTest(sandbox, files, runtime);
  const tools = new ServedTools((work) => work(test.runtime));
  const service = await serveOnHttp({ use: (work) => work(test.runtime), tools, version: '0.0.0', start, port: 0, onError: () => undefined, limits });
  return { test, service, [Symbol.asyncDispose]: async () => {
    await service[Symbol.asyncDispose]();
    tools[Symbol.dispose]();
    await test[Symbol.asyncDispose]();
  } };
}
