// An MCP server with the definitions of a file, working on a World. Arguments: file of definitions, name of the server, file for its effects.
import { appendFileSync, readFileSync } from 'node:fs';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../src/shared/json.ts';
import type { CatalogueTool } from './definitions.ts';
import { World } from './world.ts';

const [definitionsFile = '', name = '', effectsFile = ''] = process.argv.slice(2);
const tools = (JSON.parse(readFileSync(definitionsFile, 'utf8')) as readonly CatalogueTool[]).filter(({ server }) => server === name);
const world = new World();
const server = new Server({ name, version: '1.0.0' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(({ name: tool, description, inputSchema }) => ({ name: tool, description, inputSchema: { ...inputSchema, type: 'object' as const } })) }));
server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
  const before = world.effects.length;
  const value = world.call(params.name, (params.arguments ?? {}) as JsonObject);
  for (const effect of world.effects.slice(before)) appendFileSync(effectsFile, `${JSON.stringify(effect)}\n`);
  return { content: [{ type: 'text', text: JSON.stringify(value) }] };
});
await server.connect(new StdioServerTransport());
