import type * as Client from '@modelcontextprotocol/client';
import type { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
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

/** Skills of servers: listed, and read only when their bytes are those that the list names. */
export async function loadSkills(client: Client.Client): Promise<SkillsClient> {
  const skills = await import('@modelcontextprotocol/client/ext/skills');
  return new skills.SkillsClient(client, { skipInvalid: true });
}
