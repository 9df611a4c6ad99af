import { join } from 'node:path';
import { EraBook } from './mcp/era-book.ts';
import { McpHub } from './mcp/mcp-hub.ts';
import type { ModelRegistry } from './models/model-registry.ts';
import type { Redactor } from './policy/redact.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { mcpSampling } from './tools/mcp-sampling.ts';

export interface RuntimeMcpOptions {
  readonly options: RuntimeOptions;
  readonly redactor: Redactor;
  readonly models: ModelRegistry;
}

/** The hub of MCP servers with everything that servers can ask of us. */
export function runtimeMcp({ options, redactor, models }: RuntimeMcpOptions): McpHub {
  const { workspace, settings, version, log, dataDirectory, mcpInput, mcpPerson, secret } = options;
  return new McpHub({
    workspace, servers: settings.mcpServers, redactor, version, log, eras: new EraBook(join(dataDirectory, 'mcp-eras.json')), sample: mcpSampling(models),
    ...(mcpInput === undefined ? {} : { input: mcpInput }), ...(secret === undefined ? {} : { secret }), ...(mcpPerson === undefined ? {} : { person: mcpPerson }),
  });
}
