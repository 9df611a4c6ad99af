interface SecretPattern {
  readonly pattern: RegExp;
  /** What a person would call it; what is kept of it in a secret storage is named so. */
  readonly name: string;
  /** What is kept of a match, for example the name of a header. */
  readonly keep?: string;
}

/**
 * Formats that issuers of keys document, each with a beginning that nothing else has: hashes, UUIDs and words are left alone.
 * Where the beginning is short, what follows must look random. A beginning never counts inside a longer word: otherwise text full of beginnings, which a page or
 * a program may well send, would be read over and over from each of them.
 */
const patterns: readonly SecretPattern[] = [
  { name: 'api-key', pattern: /(?<![\w-])sk-(?:[0-9a-f]{32,}\b|(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,})/g },
  { name: 'github-token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}/g },
  { name: 'github-token', pattern: /\bgithub_pat_\w{22,}/g },
  { name: 'gitlab-token', pattern: /(?<![\w-])glpat-[\w-]{20,}/g },
  { name: 'aws-key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { name: 'google-key', pattern: /\bAIza[\w-]{35}/g },
  { name: 'slack-token', pattern: /(?<![\w-])xox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { name: 'stripe-key', pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g },
  { name: 'npm-token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { name: 'hugging-face-token', pattern: /\bhf_[A-Za-z0-9]{30,}/g },
  { name: 'signed-token', pattern: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g },
  { name: 'private-key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$)/g },
  { name: 'bearer-token', pattern: /\b(Bearer\s+)(?=[\w.~+/-]*\d)[\w.~+/-]{16,}={0,2}/gi, keep: '$1' },
  { name: 'authorization', pattern: /\b(Authorization["']?\s*[:=]\s*["']?(?:Basic|Token|Digest)\s+)[\w.~+/-]{8,}={0,2}/gi, keep: '$1' },
  { name: 'password', pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,100}:)[^\s/@"']{3,200}(?=@)/gi, keep: '$1' },
];

/** Whether it is worth looking closer: one pass, where the patterns take one each. */
const hint = /sk-|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|AIza|xox[abeoprs]-|[rs]k_|npm_|hf_|eyJ|PRIVATE KEY|bearer\s|authorization|:\/\/[^\s/@"']{0,100}:[^\s/@"']{3,200}@/i;

/** No format that is known has fewer characters. */
export const shortestSecret = 16;

/** Puts `[redacted]` in place of everything that has the format of a key, token, private key or password in a URL. */
export function redactPatterns(text: string): string {
  if (text.length < shortestSecret || !hint.test(text)) return text;
  let out = text;
  for (const { pattern, keep = '' } of patterns) out = out.replace(pattern, `${keep}[redacted]`);
  return out;
}

export interface FoundSecret {
  readonly name: string;
  /** The secret itself, without what is kept of the match. */
  readonly value: string;
}

/** Everything in a text that has the format of a secret, in its order and each once. */
export function findSecrets(text: string): readonly FoundSecret[] {
  if (text.length < shortestSecret || !hint.test(text)) return [];
  const found = new Map<string, FoundSecret & { readonly at: number }>();
  for (const { name, pattern } of patterns) {
    for (const match of text.matchAll(pattern)) {
      const value = match[0].slice(match[1]?.length ?? 0);
      const inside = [...found.values()].some((other) => other.value.includes(value));
      // A reference in its place is what a person should write.
      if (!inside && !value.includes('${')) found.set(value, { name, value, at: match.index });
    }
  }
  return [...found.values()].sort((a, b) => a.at - b.at).map(({ name, value }) => ({ name, value }));
}
