import { describe, expect, it } from 'vitest';
import { Deltas } from '../../../src/agent/deltas.ts';
import { HeldText } from '../../../src/agent/held-text.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import type { ModelDelta } from '../../../src/shared/conversation.ts';

const redactor = new Redactor();
redactor.add(['hunter2-hunter2', 'correct horse battery', 'horse and größe']);
const redact = (text: string) => redactor.redact(text);
const shown = (pieces: readonly string[]) => {
  const held = new HeldText(redactor);
  return [...pieces.map((piece) => held.push(piece)), held.flush()];
};

const key = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEowIBAAKCAQEA', 'x'.repeat(64), '-----END RSA PRIVATE KEY-----'].join('\n');

describe('text that arrives in pieces', () => {
  it.each([
    ['a token', `use ghp_${'a1B2'.repeat(10)} now`],
    ['a token after Bearer', `Authorization: Bearer ${'x9'.repeat(12)} end`],
    ['a password in an address', 'see postgres://ada:s3cret-word@db.example/shop please'],
    ['a secret that is known by its value', 'it is hunter2-hunter2, as ever'],
    ['a secret of several words', 'say correct horse battery, and it opens'],
    ['a secret of several words that begins twice', 'correct correct horse battery.end correct horse and größe'],
    ['a private key', `here:\n${key}\nthat was it`],
  ])('shows %s nowhere, wherever it is cut', (_, text) => {
    const clean = redact(text);
    expect(clean).toContain('[redacted]');
    for (const size of [1, 2, 3, 5, 7, 11, 17, 40]) {
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      expect(shown(pieces).join(''), `pieces of ${size}`).toBe(clean);
    }
  });

  it('is shown word by word, and not only at its end', () => {
    expect(shown(['Hello wor', 'ld, how are', ' you'])).toEqual(['Hello ', 'world, how ', 'are ', 'you']);
    expect(shown(['das größte', '日本語のテキスト', '。'])).toEqual(['das größ', 'te日本語のテキスト', '。', '']);
  });

  it('is shown up to the word that is not over, with the words that announce a secret', () => {
    // The rule as one expression: easy to read, and too slow for long texts.
    const rule = /(?:\b(?:authorization|bearer|basic|token|digest)\b[\s"':=]*)*[\x21-\x7e]*$/i;
    const parts = ['token', 'Bearer', 'authorization', 'basic', 'x', 'tokens', ' ', ': ', '="', "'", 'é', '\n', '-'];
    let seed = 7;
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
    for (let i = 0; i < 2000; i++) {
      const text = Array.from({ length: 1 + (next() >> 8) % 12 }, () => parts[(next() >> 8) % parts.length]).join('');
      expect(new HeldText(new Redactor()).push(text), JSON.stringify(text)).toBe(text.slice(0, rule.exec(text)!.index));
    }
  });

  it('does not wait for ever: what has no space and no end is shown in the end', () => {
    const held = new HeldText(redactor);
    const out = Array.from({ length: 100 }, () => held.push('x'.repeat(100)));
    expect(out.join('').length).toBeGreaterThan(4000);
  });
});

describe('what a model says', () => {
  it('is passed on whole before its end, and what broke off is not', () => {
    const deltas = new Deltas(redactor);
    const heard: string[] = [];
    let atTheEnd: string | undefined;
    using _listener = deltas.onDelta(({ kind, text }) => {
      heard.push(`${kind} ${text}`);
      if (kind === 'end') atTheEnd = deltas.draft('r')?.text;
    });
    const say = (kind: ModelDelta['kind'], text = '') => deltas.emit({ run: 'r', turn: 't', step: 's', kind, text });
    say('text', 'one hun');
    say('restart');
    say('reasoning', 'hm');
    say('text', 'two hunter2');
    say('text', '-hunter2');
    expect(deltas.draft('r')?.text).toBe('two ');
    say('end');
    expect(heard).toEqual(['text one ', 'restart ', 'text two ', 'reasoning hm', 'text [redacted]', 'end ']);
    expect(atTheEnd, 'what a page is still owed').toBe('two [redacted]');
    expect(deltas.draft('r')).toBeUndefined();
  });
});
