import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import { redactPatterns } from '../../../src/policy/secret-patterns.ts';

const chars = (alphabet: string, length: number) => fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((list) => list.join(''));
const digits = '0123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const letters = `${upper}${upper.toLowerCase()}`;
const word = `${letters}${digits}`;

/** Put together here, so that no scanner of repositories takes them for real ones. */
const keys: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'a model key': chars(word, 44).map((text) => `sk-${'proj'}-A1${text}`),
  'a model key of hexadecimal digits': chars(`${digits}abcdef`, 32).map((text) => `sk-${text}`),
  'a GitHub token': fc.tuple(fc.constantFrom('p', 'o', 'u', 's', 'r'), chars(word, 36)).map(([kind, text]) => `gh${kind}_${text}`),
  'a fine-grained GitHub token': chars(`${word}_`, 60).map((text) => `github_${'pat'}_${text}`),
  'a GitLab token': chars(word, 20).map((text) => `gl${'pat'}-${text}`),
  'an AWS key id': chars(`${upper}${digits}`, 16).map((text) => `AK${'IA'}${text}`),
  'a Google key': chars(word, 35).map((text) => `AI${'za'}${text}`),
  'a Slack token': chars(word, 24).map((text) => `xo${'xb'}-${text}`),
  'a Stripe key': chars(word, 24).map((text) => `sk_${'live'}_${text}`),
  'an npm token': chars(word, 36).map((text) => `np${'m'}_${text}`),
  'a web token': fc.tuple(chars(word, 20), chars(word, 40), chars(`${word}-_`, 43)).map(([head, body, sign]) => `ey${'J'}${head}.eyJ${body}.${sign}`),
};

/** What may stand around a key in a log, in code, in JSON, in a URL. */
const around = fc.constantFrom(...([['', ''], ['key=', ''], ['"', '"'], ["'", "',"], ['export X=', '\n'], ['{"a":"', '"}'], ['?k=', '&b=1'], ['(', ')'], ['\t', ' and more'], ['`', '`']] as const));

describe('redaction by format', () => {
  it.each(Object.entries(keys))('finds %s wherever it stands', (_name, key) => {
    fc.assert(fc.property(key, around, fc.string({ maxLength: 30 }).filter((text) => !/[\w-]$/.test(text)), (secret, [before, after], text) => {
      const redacted = redactPatterns(`${text}${before}${secret}${after}`);
      expect(redacted).not.toContain(secret.slice(-12));
      expect(redacted).toContain('[redacted]');
    }));
  });

  it('finds private keys, whole or cut off', () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const body = pem.split('\n')[1]!;
    expect(redactPatterns(`a\n${pem}\nb`)).toBe('a\n[redacted]\n\nb');
    expect(redactPatterns(JSON.stringify({ pem }))).not.toContain(body);
    expect(redactPatterns(pem.slice(0, 80))).not.toContain(body.slice(0, 20));
  });

  it.each([
    ['Authorization: Bearer abcdef0123456789xyz', 'Authorization: Bearer [redacted]'],
    ['{"authorization":"bearer abcdef0123456789xyz"}', '{"authorization":"bearer [redacted]"}'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted]'],
    ['postgres://ada:hunter22@db.example/shop', 'postgres://ada:[redacted]@db.example/shop'],
    ['fetch https://x:tok3n@git.example/a.git now', 'fetch https://x:[redacted]@git.example/a.git now'],
  ])('%s becomes %s', (text, redacted) => expect(redactPatterns(text)).toBe(redacted));

  it('leaves hashes, UUIDs, ids and numbers alone', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      for (const plain of [createHash('sha256').update(text).digest('hex'), createHash('sha1').update(text).digest('hex'), randomUUID(), `sha512-${createHash('sha512').update(text).digest('base64')}`, `run_${createHash('md5').update(text).digest('hex')}`]) {
        expect(redactPatterns(`value ${plain} end`)).toBe(`value ${plain} end`);
      }
    }));
  });

  it.each([
    'class="sk-folding-cube sk-loading-indicator-container"', 'task-force-of-the-whole-company-2026', 'a disk-encryption-key-rotation-policy-A1', 'Bearer authentication is required here', 'the bearer of this letter', 'npm_config_registry', 'npm_package_name',
    'https://shop.example:8443/a@b', 'https://shop.example/path:with@colon', 'mailto:ada@shop.example', 'eyJ is how they begin', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', '-----BEGIN PUBLIC KEY-----\nMIIB', 'ASIA is a continent', 'hf_transfer', 'github_pat_ is the prefix',
    'http://localhost:3000/@fs/x', 'sk-learn', 'git@github.com:ada/shop.git', '2026-11-05T10:00:00.000Z',
  ])('leaves %j alone', (text) => expect(redactPatterns(text)).toBe(text));

  it.each(['sk-', 'eyJ', 'eyJaaaaaaaa-', 'Bearer ', 'Bearer\t', 'a://b:', 'a://', '-----BEGIN PRIVATE KEY', '-----BEGIN A ', 'xoxb-', 'glpat-', 'Authorization: ', 'ghp_', 'eyJaaaaaaaa.eyJ', 'aaaaaaaaaaaaaaaa'])(
    'comes to an end on a megabyte of %j', (text) => expect(redactPatterns(`PRIVATE KEY ${text.repeat(2 ** 20 / text.length)}`).length).toBeGreaterThan(0));

  it('changes nothing the second time', () => {
    fc.assert(fc.property(fc.oneof(...Object.values(keys)), fc.string(), (secret, text) => {
      const once = redactPatterns(`${text} ${secret} ${text}`);
      expect(redactPatterns(once)).toBe(once);
    }));
  });
});

describe('redaction by value', () => {
  it('finds a secret in the form that it has inside JSON and URLs', () => {
    const redactor = new Redactor();
    redactor.add(['p"a\\ss wörd']);
    expect(redactor.redact(JSON.stringify({ a: 'p"a\\ss wörd' }))).toBe('{"a":"[redacted]"}');
    expect(redactor.redact(`https://a.example/?k=${encodeURIComponent('p"a\\ss wörd')}`)).toBe('https://a.example/?k=[redacted]');
  });

  it('never leaves a secret that it knows, whatever stands around it', () => {
    fc.assert(fc.property(fc.array(fc.string({ minLength: 6, maxLength: 20 }), { minLength: 1, maxLength: 5 }), fc.string(), (secrets, text) => {
      fc.pre(secrets.every((secret) => !'[redacted]'.includes(secret)));
      const redactor = new Redactor();
      redactor.add(secrets);
      const out = redactor.redact(secrets.map((secret) => `${text}${secret}`).join(' '));
      for (const secret of secrets) if (!/\[|redacted|\]/.test(secret)) expect(out.split('[redacted]')).not.toContain(secret);
    }));
  });
});
