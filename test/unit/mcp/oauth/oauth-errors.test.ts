import { expect, it } from 'vitest';
import { addressRefused } from '../../../../src/mcp/oauth/oauth-errors.ts';
import { resolveChecked, type Resolver } from '../../../../src/policy/egress.ts';

const about = { name: 'docs', title: 'docs' };
const refusal = (host: string, resolver: Resolver) => resolveChecked(host, resolver).then(() => undefined, (error: unknown) => addressRefused(about, new URL(`https://${host}/mcp`), error));

it('a name that cannot be resolved is told as that, and an address of the inside as one that is not asked', async () => {
  const unknown = await refusal('docs.example', () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })));
  expect(unknown).toMatchObject({ code: 'mcp-start-failed', message: 'The sign-in of the MCP server "docs" leads to docs.example, a name that could not be resolved.', hint: 'Check the name and the network connection.' });
  expect(await refusal('docs.example', () => Promise.resolve(['10.0.0.1']))).toMatchObject({ code: 'egress-denied', message: expect.stringContaining('docs.example, which is not asked') as string });
});
