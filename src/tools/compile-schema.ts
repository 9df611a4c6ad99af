import * as z from 'zod';
import type { JsonSchema } from '../shared/json.ts';

/** A JSON Schema as a check. Throws where the library can make none of it. */
export function compileSchema(schema: JsonSchema): z.ZodType {
  // A registry of its own: the library's global one would keep every schema for ever.
  return z.fromJSONSchema(typeof schema === 'boolean' ? schema : JSON.parse(JSON.stringify(schema)), { registry: z.registry() });
}
