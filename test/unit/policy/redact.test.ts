import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';

describe('the redactor', () => {
  it('replaces a secret in every string and key of plain data, the longer of two nested ones whole', () => {
    const redactor = new Redactor();
    redactor.add(['hunter22', 'hunter22-and-more']);
    expect(redactor.redactJson({ a: ['x hunter22-and-more y'], hunter22: { deep: 'hunter22' }, n: 1, none: null })).toEqual({
      a: ['x [redacted] y'], '[redacted]': { deep: '[redacted]' }, n: 1, none: null,
    });
  });

  it.each([
    ['an address', (text: string) => `?q=${encodeURIComponent(text)}&x=1`],
    ['an address in small letters', (text: string) => `?q=${encodeURIComponent(text).toLowerCase()}&x=1`],
    ['base64', (text: string) => Buffer.from(text).toString('base64')],
    ['base64 for addresses', (text: string) => Buffer.from(text).toString('base64url')],
    ['base64 with one character before it', (text: string) => Buffer.from(`:${text}`).toString('base64')],
    ['base64 behind a name, with more after it', (text: string) => Buffer.from(`ab${text} and more`).toString('base64')],
    ['hex', (text: string) => Buffer.from(text).toString('hex')],
  ])('finds a secret that is encoded by habit: %s', (_how, encode) => {
    const redactor = new Redactor();
    const secret = 'correct-horse/battery+staple=größe?>';
    redactor.add([secret.toLowerCase()]);
    const written = encode(secret);
    const clean = redactor.redact(`It said ${written}, twice: ${written}.`);
    expect(clean.match(/\[redacted\]/g)).toHaveLength(2);
    // At the edges of base64 a character holds bits of what stands beside the secret.
    expect(clean).not.toContain(written.slice(8, 20));
    expect(clean).not.toContain(written.slice(20, 32));
  });

  it('leaves short values alone, which would match everywhere', () => {
    const redactor = new Redactor();
    redactor.add(['abc', '']);
    expect(redactor.redact('abcabc')).toBe('abcabc');
  });

  it('keeps a key named __proto__ as data', () => {
    const redactor = new Redactor();
    redactor.add(['secret-value']);
    const clean = redactor.redactJson(JSON.parse('{"__proto__": {"x": "secret-value"}}') as object);
    expect(JSON.stringify(clean)).toBe('{"__proto__":{"x":"[redacted]"}}');
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  it('does not take names of our own fields and ids of our own for a secret, however they read', () => {
    const redactor = new Redactor();
    redactor.add(['message', 'hunter22', 's_1m845f']);
    const ours = new Set(['step']);
    expect(redactor.redactRecord({ message: 'hunter22 in a message', step: 's_1m845f84awfz3pbzk', ms: 5, input: { json: { message: ['hunter22'] } } }, ours)).toEqual({
      message: '[redacted] in a [redacted]', step: 's_1m845f84awfz3pbzk', ms: 5, input: { json: { '[redacted]': ['[redacted]'] } },
    });
    const clean = { step: 's_1m845f84awfz3pbzk', message: 'nothing' };
    expect(redactor.redactRecord(clean, ours)).toBe(clean);
  });

  it('looks again through what was fresh, once a further secret is known', () => {
    const redactor = new Redactor();
    const fresh = redactor.redactFresh({ json: 'hunter2-hunter2' });
    expect(redactor.redactRecord({ input: fresh }, new Set())).toEqual({ input: { json: 'hunter2-hunter2' } });
    redactor.add(['hunter2-hunter2']);
    expect(redactor.redactRecord({ input: fresh }, new Set())).toEqual({ input: { json: '[redacted]' } });
  });

  it('are found in a text that was clean before they were known', () => {
    const redactor = new Redactor();
    const text = 'the word hunter2-hunter2 means nothing yet';
    expect(redactor.redact(text)).toBe(text);
    redactor.add(['hunter2-hunter2']);
    expect(redactor.redact(text)).toBe('the word [redacted] means nothing yet');
  });

  it('are found at the bottom of deep data without walking it again at each level', () => {
    const redactor = new Redactor();
    redactor.add(['hunter2-hunter2']);
    const nested = (value: unknown): unknown => {
      let deep = value;
      for (let i = 0; i < 200; i++) deep = i % 2 === 0 ? { before: i, deep, after: 'x' } : [i, deep];
      return deep;
    };
    expect(redactor.redactJson(nested('hunter2-hunter2'))).toEqual(nested('[redacted]'));
    const clean = nested('nothing');
    expect(redactor.redactJson(clean)).toBe(clean);
  });
});
