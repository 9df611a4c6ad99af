import { EraBook } from '../../src/mcp/era-book.ts';
import type { McpServerConfig } from '../../src/mcp/mcp-config.ts';
import { McpHub } from '../../src/mcp/mcp-hub.ts';
import { Redactor } from '../../src/policy/redact.ts';

/** Our connections without a run: no gate, no record. `eras` is what was learned of these servers before. */
export function hubWith(servers: readonly McpServerConfig[], eras = new EraBook()): McpHub {
  return new McpHub({ workspace: process.cwd(), servers, redactor: new Redactor(), version: '0.0.0', log: () => undefined, eras });
}
