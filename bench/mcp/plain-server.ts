// A server of node:http alone, in a process of its own; tells its port on its output.
import { modernMcp } from '../../test/helpers/modern-mcp.ts';

const site = await modernMcp({ echo: { call: ({ give }) => give({ content: [{ type: 'text', text: 'x' }] }) } });
process.stdout.write(`${site.port}\n`);
