import { describe, expect, it } from 'vitest';
import { guestTypes } from '../../../src/tools/guest-types.ts';
import { guestTopics, guestTopicTypes, topicOf } from '../../../src/tools/guest-topics.ts';

describe('the topics of the guest API', () => {
  it.each([
    ['browser', 'class Page implements', 'open(url: string'],
    ['workspace', 'interface FolderEntry', 'edit(path: string'],
    ['checks', 'interface VerifyServerOptions', 'type VerifyCheck', 'verifyServer('],
    ['http', 'interface HttpAnswer', 'getJson<T'],
    ['exec', 'interface CommandResult', 'function exec('],
    ['run', 'function ask(', 'interface ToolError'],
  ] as const)('%s is declared whole', (topic, ...parts) => {
    for (const part of parts) expect(guestTopicTypes(topic)).toContain(part);
    const text = guestTopicTypes(topic);
    expect(text.split('{').length).toBe(text.split('}').length);
  });

  it.each([...guestTopics, 'checks'] as const)('%s declares what its declarations name, but for what another topic is about', (topic) => {
    const elsewhere: readonly string[] = ['Json', 'BigValue', ...(topic === 'browser' ? ['VerifyOptions', 'VerifyResult', 'VerifyServerOptions'] : topic === 'checks' ? ['OpenOptions', 'Page'] : [])];
    const text = guestTopicTypes(topic).replace(/\/\*\*[\s\S]*?\*\//g, '');
    const named = [...guestTypes.matchAll(/^ {2}(?:interface|type|class) (\w+)/gm)].map((match) => match[1]!).filter((name) => new RegExp(`\\b${name}\\b(?!')`).test(text));
    expect(named.filter((name) => !new RegExp(`^(?:interface|type|class) ${name}\\b`, 'm').test(text) && !elsewhere.includes(name))).toEqual([]);
  });

  it('name every built-in tool by the topic in which programs find it', () => {
    expect(guestTopics).toContain('browser');
    expect([topicOf('page.click'), topicOf('browser.open'), topicOf('browser.verifyServer'), topicOf('exec.run'), topicOf('mcp.x.y')]).toEqual(['browser', 'browser', 'checks', 'exec', undefined]);
  });
});
