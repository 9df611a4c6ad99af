import { describe, expect, it } from 'vitest';
import { guestTopics, guestTopicTypes, topicOf } from '../../../src/tools/guest-topics.ts';

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
