import { expect, it } from 'vitest';
import { denialHint } from '../../../src/policy/denial-hint.ts';
import { parseGrant } from '../../../src/policy/grant.ts';
import type { Decision } from '../../../src/policy/authorize.ts';

const untrusted = (origin?: string): Decision => ({ effect: 'ask', reason: '', cause: 'untrusted', grant: parseGrant('mcp mail:*', '/w', origin === undefined ? {} : { origin }) });

it('names after untrusted text the exact grant and each place where it can be written, that of the pattern first', () => {
  const hint = denialHint('mcp mail:send', untrusted('.assassin/chains/a.ts:2'), 'nobody');
  expect(hint).toBe('Where you mean it, name it exactly: "mcp mail:send" beside "mcp mail:*" (.assassin/chains/a.ts:2), with --allow on the command line, or as an allow rule in "infrastructureAssassin.rules" of your own settings. What was read may have asked for this call, and a pattern does not say that you meant it.');
  expect(denialHint('mcp mail:send', untrusted(), 'nobody')).toContain('"mcp mail:send" in the chain\'s meta.grants, with --allow');
});

it('says that it can be approved only where somebody was asked', () => {
  expect(denialHint('mcp mail:send', untrusted(), 'timeout')).toMatch(/^Approve it when asked, or where you always mean it, name it exactly/);
  expect(denialHint('mcp mail:send', untrusted(), 'nobody')).not.toContain('Approve');
  expect(denialHint('clock', { effect: 'ask', reason: '', cause: 'unlisted' }, 'timeout')).toBe('Approve it when asked.');
});

it('offers no way around a no', () => {
  expect(denialHint('mcp mail:send', untrusted(), 'deny')).toBe('Do it in another way, or without it.');
});
