import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../src/policy/secret-patterns.ts';
import { nameSecrets, referredSecrets, secretsIn, secretVariable, withoutSecrets, withSecrets } from '../../../src/policy/secret-references.ts';

const github = `ghp_${'a1B2'.repeat(10)}`;
const openAi = `sk-proj-${'Ab3'.repeat(12)}`;

describe('a secret in a text', () => {
  it.each([
    [`use ${github} for it`, [['github-token', github]]],
    [`first ${openAi}, then ${github}`, [['api-key', openAi], ['github-token', github]]],
    [`Authorization: Bearer ${'x9'.repeat(12)}`, [['bearer-token', 'x9'.repeat(12)]]],
    ['postgres://ada:s3cret-word@db.example/shop', [['password', 's3cret-word']]],
    [`${github} and ${github} again`, [['github-token', github]]],
    [`Authorization: Bearer ${github}`, [['github-token', github]]],
    ['Authorization: Bearer ${secret:shop}', []],
    ['postgres://ada:${secret:db}@db.example/shop', []],
    ['fix the function ghp_thing in src/sk-learn.ts', []],
    ['commit 3f786850e387550fdab836ed7e6dc881de23001b', []],
  ])('is found by its format: %j', (text, expected) => {
    expect(findSecrets(text).map(({ name, value }) => [name, value])).toEqual(expected);
  });

  it('is found anywhere in data, names of fields included', () => {
    expect(secretsIn({ a: [{ [github]: 1 }, `key ${openAi}`], b: null }).map(({ name }) => name).sort()).toEqual(['api-key', 'github-token']);
  });
});

describe('a reference', () => {
  it('gets a name that is free, one for each secret', () => {
    expect([...nameSecrets([{ name: 'api-key', value: 'one' }, { name: 'api-key', value: 'two' }], ['api-key']).keys()]).toEqual(['api-key-2', 'api-key-3']);
  });

  it('stands for the value, and the value goes back into a reference', () => {
    const values = new Map([['shop', 'abc-123456'], ['shop-long', 'abc-123456-789']]);
    const written = { headers: { authorization: 'Bearer ${secret:shop}', other: '${secret:shop-long}${secret:unknown}' }, n: 1 };
    expect(referredSecrets(written)).toEqual(['shop', 'shop-long', 'unknown']);
    const filled = withSecrets(written, values);
    expect(filled).toEqual({ headers: { authorization: 'Bearer abc-123456', other: 'abc-123456-789${secret:unknown}' }, n: 1 });
    expect(withoutSecrets(filled, values)).toEqual(written);
  });

  it('does not stand for what it merely looks like, and values are no references themselves', () => {
    expect(referredSecrets('${secret:} ${secret:a b} $secret:a {secret:a} ${SECRET:a}')).toEqual([]);
    expect(withSecrets('${secret:a}', new Map([['a', '${secret:b} $& $1'], ['b', 'no']]))).toBe('${secret:b} $& $1');
  });

  it('has a variable for the command line', () => expect(secretVariable('shop.token-2')).toBe('ASSASSIN_SECRET_SHOP_TOKEN_2'));
});
