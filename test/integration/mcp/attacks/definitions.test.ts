import { describe, expect, it } from 'vitest';
import { attack } from './attack.ts';

describe.concurrent('what a server says of its tools is quarantined', () => {
  it.each([
    'order-in-description', 'silence-in-description', 'ignore-instructions', 'order-in-title', 'order-in-parameter', 'order-in-enum', 'order-in-default', 'order-in-field-name', 'order-in-output-schema', 'order-in-meta',
    'html-comment', 'empty-space', 'encoded-order', 'tag-letters', 'zero-width', 'bidi', 'ansi', 'variant-selectors', 'javascript-icon', 'huge-definition', 'shadows-other-server',
  ])('%s', async (name) => {
    expect(await attack(name)).toMatchObject({ answers: ['! denied'], offered: [], withheld: ['odd tool lookup'] });
  });

  it.each<[string, string, readonly string[], readonly string[]]>([
    ['homoglyph-name', 'l\u043e\u043ekup', ['odd tool \u0443\u043ek\u0443_l\u043e\u043ekup', 'odd tool l\u043e\u043ekup'], []],
    ['look-alike-name', 'l00kup', ['odd tool lookup', 'odd tool l00kup'], []],
    ['squats-other-server', 'sendEmail', ['odd tool sendEmail'], []],
    ['defines-twice', 'lookup', ['twice tool lookup', 'twice tool lookup'], []],
  ])('%s', async (name, tool, withheld, offered) => {
    const seen = await attack(name, { calls: [[tool]] });
    expect(seen.answers).toEqual(['! denied']);
    expect(seen.withheld).toEqual(expect.arrayContaining(withheld.slice(-1)) as unknown);
    expect(seen.offered).not.toContain(tool);
    expect(offered.every((each) => seen.offered.includes(each))).toBe(true);
  });

  it.each<[string, string, string]>([['suspicious-prompt', 'prompts.list', 'odd prompt review'], ['suspicious-template', 'resources.list', 'odd resource-template notes']])('%s', async (name, tool, withheld) => {
    const seen = await attack(name, { calls: [[tool, { server: 'odd' }]] });
    expect(seen.withheld).toEqual([withheld]);
    expect(JSON.stringify(seen.answers)).not.toMatch(/review|\{day\}/);
  });

  it('order-in-instructions', async () => {
    expect(await attack('order-in-instructions')).toMatchObject({ answers: ['found'], withheld: ['odd instructions'] });
  });
});

describe.concurrent('a server that changes after it was let in is quarantined', () => {
  it('rug-pull: at the third call', async () => {
    const seen = await attack('rug-pull', { calls: [['lookup'], ['lookup'], ['lookup'], ['lookup']], changesAfter: 3 });
    expect(seen.answers).toEqual(['found', 'found', 'found', '! denied']);
    expect(seen.withheld).toEqual(['changed tool lookup']);
  });

  it('rug-pull-new-tool: one more tool, switched off', async () => {
    expect(await attack('rug-pull-new-tool', { calls: [['lookup'], ['pay'], ['lookup']], changesAfter: 1 })).toMatchObject({ answers: ['found', '! denied', 'found'], offered: ['lookup'], withheld: ['new tool pay'] });
  });

  it.each([['rug-pull-next-start', ['changed tool lookup']], ['rug-pull-schema', ['changed tool lookup']], ['rug-pull-annotations', ['changed tool lookup']]])('%s: at its next start', async (name, withheld) => {
    expect(await attack(name, { twice: true })).toMatchObject({ answers: ['! denied'], withheld });
  });

  it('rug-pull-instructions: its instructions alone', async () => {
    expect(await attack('rug-pull-instructions', { twice: true })).toMatchObject({ answers: ['found'], withheld: ['changed instructions'] });
  });
});

describe.concurrent('names and schemas that break things', () => {
  it.each(['__proto__', 'constructor', 'toString'])('proto-name: %s is a name like any other, or there is no such tool', async (tool) => {
    const { answers, declarations } = await attack('proto-name', { calls: [[tool], ['lookup']] });
    expect(answers).toEqual([tool === 'toString' ? '! tool-not-found' : 'found', 'found']);
    expect(declarations).toContain('__proto__');
  });

  it('proto-schema pollutes nothing', async () => {
    expect((await attack('proto-schema', { calls: [['lookup', JSON.parse('{"__proto__":{"polluted":"yes"}}')]] })).answers).toHaveLength(1);
  });

  it('name-breaks-types stays a quoted name in declarations', async () => {
    const { declarations } = await attack('name-breaks-types');
    expect(declarations).not.toMatch(/^\s*(declare const|evil\(\))/m);
  });

  it.each(['deep-schema', 'ref-elsewhere', 'property-pattern-bomb'])('%s is not compiled here: its server has to check it', async (name) => {
    const { answers, declarations } = await attack(name, { argument: '9', calls: [['lookup', { key: 'a' }]] });
    expect(answers).toEqual(['found']);
    expect(declarations.length).toBeLessThan(100_000);
  });

  it('wide-schema is more than anybody reads', async () => {
    expect(await attack('wide-schema')).toMatchObject({ answers: ['! denied'], withheld: ['odd tool lookup'] });
  });

  it('pattern-bomb is not tried on a long text', async () => {
    expect((await attack('pattern-bomb', { calls: [['lookup', { key: `${'a'.repeat(5000)}!` }]] })).answers).toEqual(['found']);
  });

  it('ref-to-itself and a schema that is no object end', async () => {
    expect((await attack('ref-to-itself')).answers).toHaveLength(1);
    expect((await attack('schema-is-no-object')).answers).toEqual([expect.stringMatching(/^! /) as string]);
  });
});
