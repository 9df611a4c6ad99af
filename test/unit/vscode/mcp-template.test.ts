import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChainCatalog } from '../../../src/chains/chain-catalog.ts';
import { chainTemplates } from '../../../src/chains/templates.ts';
import { mcpTemplate, named } from '../../../src/vscode/mcp-template.ts';

/** What the product itself makes of the text, as a chain in a folder. */
async function read(text: string) {
  const workspace = await mkdtemp(join(tmpdir(), 'ia-template-'));
  try {
    await mkdir(join(workspace, '.assassin', 'chains'), { recursive: true });
    await writeFile(join(workspace, '.assassin', 'chains', 'made.ts'), text);
    const [chain] = await new ChainCatalog({ workspace }).list();
    return chain;
  } finally {
    await rm(workspace, { recursive: true });
  }
}

const tool = (name: string, properties: Record<string, { type: string }>, required: string[] = []) => ({ name, inputSchema: { type: 'object', properties, required } });

describe('mcpTemplate', () => {
  it('makes a chain with exactly the grant that its call needs', async () => {
    const { text } = mcpTemplate('files', tool('write_file', { path: { type: 'string' }, content: { type: 'string' }, mode: { type: 'string' } }, ['path', 'content']));
    expect(await read(text)).toMatchObject({ title: 'Call write_file of files', meta: { grants: ['mcp files:write_file'] } });
    expect(text).toContain('await mcp.files.write_file({"path":"","content":""})');
    expect(text).toContain('// It takes path, content, mode.');
  });

  it.each(['get-sum', "it's", 'a\\b', 'new\nline', '1st', '`${x}`'])('makes a chain that compiles for a tool called %j', async (name) => {
    const chain = await read(mcpTemplate('my-server', tool(name, { "o'clock\n": { type: 'string' } })).text);
    expect(chain).not.toHaveProperty('problems');
  });
});

describe('named', () => {
  it.each(chainTemplates.map((template) => [template.name, template] as const))('gives the template %s a title and a purpose of its own', async (_name, template) => {
    expect(await read(named(template, 'price-watch', "It's $& worth: \\ a look\nat it"))).toMatchObject({ title: 'Price watch', description: "It's $& worth: \\ a look at it" });
  });

  it('keeps the purpose of the template where nobody gave one', async () => {
    const template = chainTemplates[0]!;
    const before = await read(template.text);
    expect(await read(named(template, 'x', undefined))).toMatchObject({ title: 'X', description: before?.description });
  });
});
