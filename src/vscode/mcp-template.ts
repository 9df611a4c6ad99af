import type { ChainTemplate } from '../chains/templates.ts';
import type { McpTool } from '../mcp/mcp-tool.ts';
import { exampleInput } from './example-input.ts';

const quoted = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replace(/\s+/g, ' ')}'`;
const member = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${quoted(name)}]`);

/** A chain that calls a tool which a server really has, with its required fields to be filled in. */
export function mcpTemplate(server: string, { name, inputSchema }: Pick<McpTool, 'name' | 'inputSchema'>): ChainTemplate {
  const fields = Object.keys((inputSchema['properties'] ?? {}) as object);
  const comment = fields.length === 0 ? '' : `  // It takes ${fields.join(', ').replace(/\s+/g, ' ')}.\n`;
  return {
    name: `mcp-${server}`,
    title: `Call ${name} of ${server}`,
    description: 'Calls a tool of an MCP server that is known.',
    text: `import { log, mcp, type ChainMeta } from 'assassin';

export const meta = {
  title: ${quoted(`Call ${name} of ${server}`)},
  description: ${quoted(`Calls ${name} of the MCP server ${server}.`)},
  // All that this chain may do. Anything else is denied, and the error names the grant that is missing.
  grants: [${quoted(`mcp ${server}:${name}`)}],
} satisfies ChainMeta;

export default async function () {
${comment}  const answer = await mcp${member(server)}${member(name)}(${JSON.stringify(exampleInput(inputSchema))});
  log('The server has answered.');
  return answer;
}
`,
  };
}

/** The template under a name and for a purpose of one's own. */
export function named({ text }: ChainTemplate, name: string, description: string | undefined): string {
  const title = name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
  // As functions: a `$` in what a person typed would be read as a pattern.
  const withTitle = text.replace(/^( {2}title: )'.*'/m, (_, before: string) => `${before}${quoted(title)}`);
  return description === undefined ? withTitle : withTitle.replace(/^( {2}description: )'.*'/m, (_, before: string) => `${before}${quoted(description)}`);
}
