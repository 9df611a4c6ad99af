import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/client';
import { boundedSchema } from './bounded-schema.ts';

/**
 * Compiles a schema when something is first checked against it. The library asks for the schemas of all tools of a server at its first call, and
 * compiling those of a large server at once would hold up the editor for longer than a person notices.
 */
export function lazyValidator(provider: jsonSchemaValidator): jsonSchemaValidator {
  return {
    getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
      let compiled: JsonSchemaValidator<T> | undefined;
      return (input) => {
        try {
          compiled ??= provider.getValidator<T>(boundedSchema(schema));
        } catch (error) {
          return { valid: false, data: undefined, errorMessage: `the schema itself cannot be used: ${error instanceof Error ? error.message : String(error)}` };
        }
        return compiled(input);
      };
    },
  };
}
