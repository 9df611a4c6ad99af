import type { McpTool } from '../mcp/mcp-connection.ts';

export interface ChainTemplate {
  readonly id: 'page' | 'files' | 'mcp';
  /** The whole file, for a description that a person has typed. */
  readonly source: (description: string) => string;
}

const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replace(/\s+/g, ' ')}'`;

export const pageTemplate: ChainTemplate = {
  id: 'page',
  source: (description) => `import { browser, log } from 'assassin';

export const meta = {
  description: ${text(description)},
  // All that this chain may do. Anything else is denied, and the error names the grant that is missing.
  grants: ['browser', 'net https://example.com'],
  input: {
    type: 'object',
    properties: { url: { type: 'string', default: 'https://example.com/' } },
  },
};

export default async function (input: { url: string }) {
  // The browser is a throwaway one; \`await using\` closes the page where this block ends.
  await using page = await browser.open(input.url);
  const { heading, paragraphs } = await page.extract({ heading: 'h1', paragraphs: ['p'] });
  log(\`\${page.url} is headed "\${heading}".\`);
  return { heading, paragraphs };
}
`,
};

export const filesTemplate: ChainTemplate = {
  id: 'files',
  source: (description) => `import { log, progress, workspace } from 'assassin';

export const meta = {
  description: ${text(description)},
  // All that this chain may do. Anything else is denied, and the error names the grant that is missing.
  grants: ['fs.read **', 'fs.write reports/*'],
};

export default async function () {
  const rows: { name: string; lines: number }[] = [];
  for (const { name, kind } of await workspace.list('.')) {
    if (kind !== 'file' || !/\\.(md|txt|json|[jt]sx?|py)$/.test(name)) continue;
    progress(\`Reading \${name}\`);
    const content = await workspace.readFile(name);
    rows.push({ name, lines: content.split('\\n').length });
  }
  rows.sort((a, b) => b.lines - a.lines);
  await workspace.writeFile('reports/lines.json', JSON.stringify(rows, null, 2));
  log(\`\${rows.length} files counted.\`);
  return rows;
}
`,
};

/** For a tool that a server really has. */
export function mcpTemplate(server: string, { name, inputSchema }: Pick<McpTool, 'name' | 'inputSchema'>, args: string): ChainTemplate {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${text(name)}]`;
  const at = /^[A-Za-z_$][\w$]*$/.test(server) ? `.${server}` : `[${text(server)}]`;
  const fields = Object.keys((inputSchema['properties'] ?? {}) as object);
  return {
    id: 'mcp',
    source: (description) => `import { log, mcp } from 'assassin';

export const meta = {
  description: ${text(description)},
  // All that this chain may do. Anything else is denied, and the error names the grant that is missing.
  grants: [${text(`mcp ${server}:${name}`)}],
};

export default async function () {
${fields.length === 0 ? '' : `  // It takes ${fields.join(', ')}.\n`}  const answer = await mcp${at}${key}(${args});
  log('The server has answered.');
  return answer;
}
`,
  };
}
