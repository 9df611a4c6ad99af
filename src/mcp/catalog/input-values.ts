import { AssassinError } from '../../shared/errors.ts';
import { ownEntry } from '../../shared/own-entry.ts';
import type { McpInput } from '../mcp-config.ts';
import type { CatalogInput, CatalogNamedValue } from './server-json.ts';

/**
 * Turns what a publisher asks for into texts and into the inputs that stand in them. Texts of publishers are data: a `${...}` in one of them would be filled in from the
 * person's own environment when the server starts, and a header could carry it off.
 */
export class InputValues {
  readonly #server: string;
  readonly #inputs = new Map<string, McpInput>();
  /** What may be set and is not, for the person to know. */
  readonly optional: string[] = [];

  constructor(server: string) {
    this.#server = server;
  }

  get inputs(): readonly McpInput[] {
    return [...this.#inputs.values()];
  }

  /** The text for one value; `undefined` where it is left out. Throws `invalid-output`. */
  of(name: string, { value, default: preset, variables = {}, isRequired = false, isSecret = false, ...rest }: CatalogInput): string | undefined {
    if (value !== undefined) return this.filled(name, value, variables);
    if (preset !== undefined && preset !== '' && !isSecret) return this.plain(name, preset);
    if (isRequired) return this.#ask(name, { ...rest, isSecret, ...(preset === undefined ? {} : { default: preset }) });
    this.optional.push(name);
    return undefined;
  }

  /** Values by name, as those of the environment and of headers. */
  all(values: readonly CatalogNamedValue[] = []): Readonly<Record<string, string>> {
    return Object.fromEntries(values.flatMap(({ name, ...input }) => {
      const text = this.of(name, input);
      return text === undefined ? [] : [[this.plain('a name', name), text]];
    }));
  }

  /** `{name}` in an address or a value, where the publisher says what it is. */
  filled(name: string, text: string, variables: NonNullable<CatalogInput['variables']> = {}): string {
    return this.plain(name, text).replaceAll(/\{([\w.-]+)\}/g, (whole, key: string) => {
      const variable = ownEntry(variables, key);
      // One that is needed to make the text whole is asked for, whatever the publisher calls it.
      return variable === undefined ? whole : (this.of(key, { ...variable, isRequired: true }) ?? whole);
    });
  }

  /** A text that must stay what it is. Throws `invalid-output` where it would not. */
  plain(name: string, text: string): string {
    if (!/\$\{|\0/.test(text)) return text;
    throw new AssassinError('invalid-output', `The entry of ${this.#server} has "\${" in ${name}: it would be filled in from your own environment when the server starts.`, { hint: 'Do not use this server, or write its configuration by hand.', data: { field: name } });
  }

  #ask(name: string, { description, choices, isSecret, default: preset }: Pick<CatalogInput, 'description' | 'choices' | 'isSecret' | 'default'>): string {
    const id = `${this.#server}-${name}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
    if (!this.#inputs.has(id)) {
      this.#inputs.set(id, {
        id, type: choices === undefined || choices.length === 0 ? 'promptString' : 'pickString', password: isSecret === true,
        description: this.plain(name, description === undefined || description === '' ? name : `${name}: ${description}`),
        ...(choices === undefined || choices.length === 0 ? {} : { options: choices.map((choice) => this.plain(name, choice)) }), ...(preset === undefined || isSecret === true ? {} : { default: this.plain(name, preset) }),
      });
    }
    return `\${input:${id}}`;
  }
}
