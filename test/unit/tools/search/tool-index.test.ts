import { describe, expect, it } from 'vitest';
import { termsOf } from '../../../../src/tools/search/terms.ts';
import { ToolIndex } from '../../../../src/tools/search/tool-index.ts';
import type { IndexedTool } from '../../../../src/tools/search/tool-text.ts';

const tool = (name: string, description: string, args: readonly string[] = []): IndexedTool => ({
  name, title: name, description, inputSchema: { type: 'object', properties: Object.fromEntries(args.map((each) => [each, {}])) },
});

const tools = [
  tool('mcp.github.create_issue', 'Creates an issue in a repository.', ['owner', 'repo', 'title']),
  tool('mcp.github.list_pull_requests', 'Lists pull requests of a repository.', ['owner', 'repo']),
  tool('mcp.mail.sendMessage', 'Sends an e-mail to somebody.', ['to', 'subject']),
  tool('mcp.bing.sou', '使用必应搜索指定的关键词'),
  tool('page.click', 'Clicks an element of a page.', ['selector']),
  ...Array.from({ length: 500 }, (_, i) => tool(`mcp.noise.thing_${i}`, 'Does a thing with a repository and an element.')),
];
const index = await ToolIndex.build(tools);
const names = (query: string, limit = 3) => index.search(query, limit).map(({ tool: { name } }) => name);

describe('the search for tools', () => {
  it.each([
    ['create issue', 'mcp.github.create_issue'],
    ['pull request', 'mcp.github.list_pull_requests'],
    ['send a message by mail', 'mcp.mail.sendMessage'],
    ['Clicks', 'page.click'],
    ['clicking elements', 'page.click'],
    ['subject', 'mcp.mail.sendMessage'],
    ['搜索', 'mcp.bing.sou'],
    ['github', 'mcp.github.create_issue'],
  ])('finds for "%s" first %s', (query, first) => {
    expect(names(query)[0]).toBe(first);
  });

  it('puts a name that is asked for as it is written before everything', () => {
    expect(names('thing_499')[0]).toBe('mcp.noise.thing_499');
    expect(names('mcp.noise.thing_7')[0]).toBe('mcp.noise.thing_7');
    expect(names('THING 42')[0]).toBe('mcp.noise.thing_42');
  });

  it('finds what one sentence of a long story is about', () => {
    const story = 'My repository has a thing, and the thing has an element. The element of the thing is in another repository. Please send an e-mail. Things are hard.';
    expect(names(story)).toContain('mcp.mail.sendMessage');
  });

  it('gives the best of each of several questions before the second of any, and none twice', () => {
    const hits = index.searchAll(['create issue', 'send an e-mail', 'click', 'create an issue'], 4).map(({ tool: { name } }) => name);
    expect(hits.slice(0, 3)).toEqual(['mcp.github.create_issue', 'mcp.mail.sendMessage', 'page.click']);
    expect(new Set(hits).size).toBe(hits.length);
  });

  it('gives no more than was asked for, and nothing where no word fits', () => {
    expect(names('thing', 5)).toHaveLength(5);
    expect(names('zzz')).toEqual([]);
    expect(names('')).toEqual([]);
    expect(names('the of and')).toEqual([]);
    expect(names('!!! ??? ...')).toEqual([]);
  });

  it('does not change between searches', () => {
    const first = names('repository element');
    names('send. click. create.');
    expect(names('repository element')).toEqual(first);
  });

  it('knows whether it was built of tools that say the same', async () => {
    const copies = tools.map((each) => ({ ...each }));
    expect(index.holds(copies)).toBe(true);
    expect(index.holds(copies.slice(1))).toBe(false);
    expect(index.holds(copies.with(3, { ...copies[3]!, description: 'Something else.' }))).toBe(false);
    expect((await ToolIndex.build([])).search('anything', 3)).toEqual([]);
  });

  it('fills its list with what fits, however many others are found before', () => {
    const fits = ({ name }: IndexedTool) => name.startsWith('mcp.github.');
    expect(index.search('an element of a repository', 2, fits).map(({ tool: { name } }) => name)).toEqual(expect.arrayContaining(['mcp.github.create_issue', 'mcp.github.list_pull_requests']));
    expect(index.searchAll(['page.click', 'repository'], 2, fits).every(({ tool: each }) => fits(each))).toBe(true);
    expect(index.search('page.click', 3, fits)).toEqual([]);
  });

  it('reads schemas that refer to themselves, and descriptions without an end', async () => {
    const loop: { properties: Record<string, unknown> } = { properties: {} };
    loop.properties['again'] = loop;
    const odd = await ToolIndex.build([
      { name: 'mcp.odd.loop', title: 'loop', description: 'x'.repeat(1_000_000), inputSchema: loop as never },
      { name: 'mcp.odd.null', title: '', description: '', inputSchema: { properties: null, items: [] } },
    ]);
    expect(odd.search('again', 3).map(({ tool: { name } }) => name)).toEqual(['mcp.odd.loop']);
  });
});

describe('the words of a text', () => {
  it.each([
    ['createPullRequests', ['creat', 'pull', 'request']],
    ['HTTPServer', ['http', 'serv']],
    ['queries query', ['queri', 'queri']],
    ['searching searched searches', ['search', 'search', 'search']],
    ['classes boxes bus status', ['class', 'box', 'bus', 'status']],
    ['搜索词', ['搜索', '索词']],
    ['Straße', ['straß']],
  ])('%s', (text, terms) => {
    expect(termsOf(text)).toEqual(terms);
  });
});
