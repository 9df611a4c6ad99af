import { redactPatterns } from '../../policy/secret-patterns.ts';
import type { McpInput } from '../mcp-config.ts';

/** A value that stood in the open in another program's file. */
export interface LiteralSecret {
  readonly input: McpInput;
  readonly value: string;
}

/** Names under which keys are kept. `NODE_ENV` or `LOG_LEVEL` are not among them. */
const secretName = /(?:^|[_-])(?:api[_-]?key|key|token|secret|password|passwd|pat|auth|authorization|credentials?)(?:$|[_-])|apikey|accesstoken/i;
const variable = /\$\{[^}]*\}/;

export interface SecretPart {
  /** `Bearer ` and the like, which is no secret. */
  readonly before: string;
  readonly secret: string;
}

export const isSecretField = (name: string): boolean => secretName.test(name);

export const hasSecretFormat = (value: string): boolean => redactPatterns(value) !== value;

/** What of a named value is a secret, by its name or its format. Nothing where a variable stands in it. */
export function secretPart(name: string, value: string): SecretPart | undefined {
  if (variable.test(value) || value === '' || !(isSecretField(name) || hasSecretFormat(value))) return undefined;
  const [, scheme = '', secret = value] = /^(Bearer|Basic|Token)\s+(.+)$/is.exec(value) ?? [];
  return { before: scheme === '' ? '' : `${scheme} `, secret };
}

/**
 * Takes secrets out of texts and puts `${input:ID}` in their place. A text is taken for one where its name says so, or where it has the format of a
 * known kind of key. What is a variable already is left alone.
 */
export class SecretTaker {
  readonly #server: string;
  readonly #taken: LiteralSecret[] = [];

  constructor(server: string) {
    this.#server = server;
  }

  get taken(): readonly LiteralSecret[] {
    return this.#taken;
  }

  /** A named value, as those of `env` and `headers`. `Bearer` and the like stay where they were. */
  named(name: string, value: string): string {
    const part = secretPart(name, value);
    return part === undefined ? value : `${part.before}${this.#take(name, part.secret)}`;
  }

  /** A word of a command line, or an address. `before` is the word before it: `--api-key VALUE`. */
  word(text: string, before = ''): string {
    if (variable.test(text) || text === '') return text;
    const [, option, value] = /^(--?[\w-]+=)(.+)$/s.exec(text) ?? [];
    if (option !== undefined && value !== undefined) {
      const taken = this.named(option.replaceAll(/^-+|=$/g, ''), value);
      if (taken !== value) return `${option}${taken}`;
    }
    if (/^--?[\w-]+$/.test(before) && !text.startsWith('-') && secretName.test(before.replace(/^-+/, ''))) return this.#take(before.replace(/^-+/, ''), text);
    return hasSecretFormat(text) ? this.#take('argument', text) : text;
  }

  #take(name: string, value: string): string {
    const known = this.#taken.find((secret) => secret.value === value);
    if (known) return `\${input:${known.input.id}}`;
    const id = this.#freeId(`${this.#server}-${name}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));
    this.#taken.push({ value, input: { id, type: 'promptString', description: `${name} of the MCP server ${this.#server}`, password: true } });
    return `\${input:${id}}`;
  }

  #freeId(wish: string): string {
    const ids = new Set(this.#taken.map(({ input }) => input.id));
    let id = wish;
    for (let i = 2; ids.has(id); i++) id = `${wish}-${i}`;
    return id;
  }
}
