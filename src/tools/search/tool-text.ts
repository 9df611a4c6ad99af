import type { Json } from '../../shared/json.ts';
import type { Tool } from '../tool.ts';
import { termsOf } from './terms.ts';

/** What a search looks at. */
export type IndexedTool = Pick<Tool, 'name' | 'title' | 'description' | 'inputSchema'>;

/**
 * The texts of a tool that are searched, and what a word in each is worth. A name is chosen with care and says most; a server's name says what
 * all its tools are about; of a schema, the names of arguments say more than their explanations, which are many and alike.
 */
export const fields = [
  { weight: 3, lengthEffect: 0.3 },
  { weight: 1, lengthEffect: 0.5 },
  { weight: 0.5, lengthEffect: 0.7 },
  { weight: 0.3, lengthEffect: 0.7 },
  { weight: 0.5, lengthEffect: 0.3 },
] as const;

/** Schemas of strangers may be deep, or refer to themselves. */
const maxDepth = 4;
/** Of one text. What comes later in a description of a hundred thousand characters says nothing about the tool. */
const maxCharacters = 4000;

/** In the order of `fields`. */
export function fieldsOf({ name, title, description, inputSchema }: IndexedTool): readonly (readonly string[])[] {
  const { server, short } = partsOf(name);
  const names: string[] = [];
  const explanations: string[] = [];
  collect(inputSchema, names, explanations, 0);
  const own = title === name || title === short ? short : `${short} ${title}`;
  return [own, description, names.join(' '), explanations.join(' '), server].map((text) => termsOf(text.slice(0, maxCharacters)));
}

/** `mcp.github.create_issue`: server `github`, `create_issue`. Built-in tools have no server; `page.click` is all name. */
export function partsOf(name: string): { readonly server: string; readonly short: string } {
  const [, server, short] = /^mcp\.([^.]+)\.(.+)$/s.exec(name) ?? [];
  return server === undefined || short === undefined ? { server: '', short: name } : { server, short };
}

function collect(schema: Json | undefined, names: string[], explanations: string[], depth: number): void {
  if (depth > maxDepth || typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  const { properties, items } = schema as { readonly properties?: Json; readonly items?: Json };
  if (typeof properties === 'object' && properties !== null && !Array.isArray(properties)) {
    for (const [name, property] of Object.entries(properties)) {
      names.push(name);
      if (typeof property === 'object' && property !== null && !Array.isArray(property)) {
        const text = (property as { readonly description?: Json }).description;
        if (typeof text === 'string') explanations.push(text);
        collect(property, names, explanations, depth + 1);
      }
    }
  }
  collect(items, names, explanations, depth + 1);
}
