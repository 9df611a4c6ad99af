import { serveOnHttp, type HttpService } from '../serve/serve-http.ts';
import type { UseRuntime } from '../serve/served-tool.ts';
import { ServedTools } from '../serve/served-tools.ts';
import type { Services } from './services.ts';

/** What the chat of the editor has as tools of its own, with questions that show what will be done: nothing is offered to it twice. */
const toolsOfChat = ['run_code', 'open_page', 'search_tools', 'search_servers'];

/** Serves on a free port of this computer. Each call uses the runtime that the window has then: settings may make another. */
export async function startMcpService({ holder, log, context }: Services): Promise<HttpService> {
  const use: UseRuntime = (work) => holder.use(work);
  const tools = new ServedTools(use, toolsOfChat);
  const version = String((context.extension.packageJSON as { readonly version: unknown }).version);
  const service = await serveOnHttp({ use, tools, version, start: {}, port: 0, onError: ({ message }) => log.warn(`MCP server: ${message}`) });
  return { ...service, [Symbol.asyncDispose]: async () => {
    tools[Symbol.dispose]();
    await service[Symbol.asyncDispose]();
  } };
}
