import { describe, expect, it } from 'vitest';
import { maxShown } from '../../../src/agent/result-store.ts';
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

  it.each([...guestTopics, 'checks', 'pages'] as const)('%s is short enough for a model to be given it whole', (topic) => {
    expect(guestTopicTypes(topic).length).toBeLessThan(maxShown);
  });

  it('share what a page can do between two, each of which names the other, and leave nothing out', () => {
    const methods = (text: string) => [...text.slice(text.indexOf('class Page')).split('\n}')[0]!.matchAll(/^ {2}(?:readonly )?(\w+|\[[\w.]+\])[<(:]/gm)].map((match) => match[1]!);
    const all = methods(guestTypes.replace(/^ {2}/gm, ''));
    expect(all.length).toBeGreaterThan(30);
    const [often, seldom] = [methods(guestTopicTypes('browser')), methods(guestTopicTypes('pages'))];
    expect([...often, ...seldom].toSorted()).toEqual(all.toSorted());
    expect([often, seldom]).toEqual([expect.arrayContaining(['click', 'extract', 'snapshot', 'evaluate']), expect.arrayContaining(['upload', 'download', 'popup'])]);
    expect([guestTopicTypes('browser'), guestTopicTypes('pages')]).toEqual([expect.stringContaining("describe_tools(['pages'])"), expect.stringContaining("describe_tools(['browser'])")]);
    expect(seldom.map((method) => topicOf(`page.${method}`))).toEqual(seldom.map(() => 'pages'));
    expect(topicOf('pages')).toBe('pages');
  });

  it.each([...guestTopics, 'checks', 'pages'] as const)('%s declares what its declarations name, but for what another topic is about', (topic) => {
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
