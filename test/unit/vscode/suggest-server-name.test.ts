import { describe, expect, it } from 'vitest';
import { suggestServerName } from '../../../src/vscode/suggest-server-name.ts';

const stdio = (command: string, ...args: string[]) => suggestServerName({ type: 'stdio', command, args });

describe('suggestServerName', () => {
  it.each([
    [['npx', '-y', '@modelcontextprotocol/server-filesystem', '.'], 'filesystem'],
    [['npx', '-y', '@modelcontextprotocol/server-everything@2026.8.31'], 'everything'],
    [['uvx', 'mcp-server-git'], 'git'],
    [['node', '/opt/tools/weather.mjs'], 'weather'],
    [['/usr/local/bin/github-mcp-server', 'stdio'], 'github'],
    [['docker', 'run', '-i', 'mcp/fetch'], 'fetch'],
    [['C:\\Tools\\notes.exe'], 'notes'],
    [['node'], 'server'],
  ])('calls %j %s', (words, name) => {
    expect(stdio(words[0]!, ...words.slice(1))).toBe(name);
  });

  it('takes the name of the site for an address', () => {
    expect(suggestServerName({ type: 'http', url: 'https://mcp.example.com/sse' })).toBe('example');
    expect(suggestServerName({ type: 'http', url: 'http://localhost:3000/mcp' })).toBe('server');
  });
});
