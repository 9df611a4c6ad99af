import type * as Client from '@modelcontextprotocol/client';
import { lazyValidator } from './lazy-validator.ts';

/** The client library, as it is loaded at the first use: it is far too big for the activation of the editor. */
export type Sdk = typeof Client;

export function loadSdk(): Promise<Sdk> {
  return import('@modelcontextprotocol/client');
}

/** The check of what tools return against their output schemas, each compiled at its first use. */
export async function loadValidator(): Promise<Client.jsonSchemaValidator> {
  const { AjvJsonSchemaValidator } = await import('@modelcontextprotocol/client/validators/ajv');
  return lazyValidator(new AjvJsonSchemaValidator());
}
