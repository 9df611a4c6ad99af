import { describe, expect, it } from 'vitest';
import { guestTopics, guestTopicTypes, topicOf } from '../../../src/tools/guest-topics.ts';
import { ToolIndex, type IndexedTool } from '../../../src/tools/tool-index.ts';

const tool = (name: string, description: string, fields: readonly string[] = []): IndexedTool => ({
  name, title: name, description, inputSchema: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, {}])) },
});

const tools = [
  tool('mcp.github.create_issue', 'Creates an issue in a repository.', ['owner', 'repo', 'title']),
  tool('mcp.github.list_pull_requests', 'Lists pull requests of a repository.', ['owner', 'repo']),
  tool('mcp.mail.sendMessage', 'Sends an e-mail to somebody.', ['to', 'subject']),
  tool('page.click', 'Clicks an element of a page.', ['selector']),
  ...Array.from({ length: 500 }, (_, i) => tool(`mcp.noise.thing_${i}`, 'Does a thing with a repository and an element.')),
];

describe('the search for tools', () => {
  const index = new ToolIndex(tools);
  const names = (query: string) => index.search(query, 3).map(({ tool: { name } }) => name);

  it.each([
    ['create issue', 'mcp.github.create_issue'],
    ['pull request', 'mcp.github.list_pull_requests'],
    ['send a message by mail', 'mcp.mail.sendMessage'],
    ['Clicks', 'page.click'],
    ['subject', 'mcp.mail.sendMessage'],
  ])('finds for "%s" first %s', (query, first) => {
    expect(names(query)[0]).toBe(first);
  });

  it('gives nothing where no word fits', () => {
    expect(names('zzz')).toEqual([]);
    expect(names('')).toEqual([]);
  });
});

describe('the topics of the guest API', () => {
  it.each([
    ['browser', 'class Page implements', 'open(url: string'],
    ['workspace', 'interface FolderEntry', 'edit(path: string'],
    ['http', 'interface HttpAnswer', 'getJson<T'],
    ['exec', 'interface CommandResult', 'function exec('],
    ['run', 'function ask(', 'interface ToolError'],
  ] as const)('%s is declared whole', (topic, ...parts) => {
    for (const part of parts) expect(guestTopicTypes(topic)).toContain(part);
    const text = guestTopicTypes(topic);
    expect(text.split('{').length).toBe(text.split('}').length);
  });

  it('name every built-in tool by the topic in which programs find it', () => {
    expect(guestTopics).toContain('browser');
    expect([topicOf('page.click'), topicOf('browser.open'), topicOf('exec.run'), topicOf('mcp.x.y')]).toEqual(['browser', 'browser', 'exec', undefined]);
  });
});
