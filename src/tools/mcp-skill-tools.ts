import * as z from 'zod';
import type { McpHub } from '../mcp/mcp-hub.ts';
import { described, offerCalls, offerEffects as effects, serverName as server } from './mcp-offer-calls.ts';
import { defineTool, type Tool } from './tool.ts';

const uri = z.string().min(1).max(8192);

/** Skills that MCP servers publish: instructions of strangers, which are read as data and followed by nobody by themselves. */
export function mcpSkillTools(hub: McpHub): readonly Tool[] {
  const { actions, asked } = offerCalls(hub);
  return [
    defineTool({
      name: 'skills.list', title: 'List skills', kind: 'mcp', effects,
      description: 'Skills that an MCP server publishes, with their files. Nothing of them is read.',
      input: z.strictObject({ server }),
      actions: (input, context) => actions(input.server, 'skills/list', context),
      run: (input, context) => asked(input.server, context, async (offers, options) => (await offers.skills(options)).map((skill) => described(skill.frontmatter, {
        uri: skill.uri, files: skill.resources === 'dynamic' ? 'dynamic' : skill.resources.map((file) => file.uri),
      }))),
    }),
    defineTool({
      name: 'skills.read', title: 'Read a skill', kind: 'mcp', effects,
      description: 'Reads one file of a skill of an MCP server, its SKILL.md where none is named: a text, or a handle of bytes. Its size and digest are checked against the list.',
      input: z.strictObject({ server, skill: uri.describe('The uri of the skill.'), file: uri.optional().describe('A file of it, such as references/GUIDE.md.') }),
      actions: (input, context) => actions(input.server, 'skills/read', context),
      run: (input, context) => asked(input.server, context, async (offers, options) => {
        const { bytes, text, mimeType = 'application/octet-stream' } = await offers.skillFile(input.skill, input.file, options);
        if (text !== undefined) return text;
        const stored = context.scope.journal.bytes(Buffer.from(bytes), mimeType);
        return { type: 'resource', uri: input.file ?? input.skill, mimeType, blob: stored.blob, bytes: stored.bytes };
      }),
    }),
  ];
}
