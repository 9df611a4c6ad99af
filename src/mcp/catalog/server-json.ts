import * as z from 'zod';

/** Texts of strangers: bounded, so that one entry cannot fill the catalogue. */
const line = z.string().max(2000);
const word = z.string().min(1).max(1000);

const inputSchema = z.object({
  description: line.optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  value: line.optional(),
  default: line.optional(),
  choices: z.array(line).max(200).optional(),
});
const withVariables = inputSchema.extend({ variables: z.record(z.string().max(200), inputSchema).optional() });

const argumentSchema = z.discriminatedUnion('type', [
  withVariables.extend({ type: z.literal('positional'), valueHint: line.optional() }),
  withVariables.extend({ type: z.literal('named'), name: word }),
]);
const namedValue = withVariables.extend({ name: z.string().min(1).max(200) });

const remoteSchema = z.object({
  type: z.enum(['streamable-http', 'sse']),
  url: word,
  headers: z.array(namedValue).max(50).optional(),
  variables: z.record(z.string().max(200), inputSchema).optional(),
});

const packageSchema = z.object({
  registryType: z.string().min(1).max(50),
  registryBaseUrl: z.string().max(1000).optional(),
  identifier: word,
  version: z.string().min(1).max(255).optional(),
  fileSha256: z.string().regex(/^[a-f0-9]{64}$/i).optional(),
  runtimeHint: z.string().max(100).optional(),
  transport: z.object({ type: z.string() }).optional(),
  runtimeArguments: z.array(argumentSchema).max(100).optional(),
  packageArguments: z.array(argumentSchema).max(100).optional(),
  environmentVariables: z.array(namedValue).max(100).optional(),
});

/** A `server.json` as registries serve it (schema of 2025-12-11). What is not named here is not kept. */
export const serverSchema = z.object({
  name: z.string().min(3).max(200).regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/, 'must be NAMESPACE/NAME'),
  title: z.string().max(200).optional(),
  description: line,
  version: z.string().min(1).max(255),
  websiteUrl: z.string().max(1000).optional(),
  repository: z.object({ url: z.string().max(1000), source: z.string().max(100).optional(), subfolder: z.string().max(1000).optional() }).optional().catch(undefined),
  packages: z.array(packageSchema).max(50).optional(),
  remotes: z.array(remoteSchema).max(50).optional(),
});

const officialMeta = z.object({
  status: z.enum(['active', 'deprecated', 'deleted']).optional().catch(undefined),
  statusMessage: z.string().max(2000).optional().catch(undefined),
  publishedAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
  updatedAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
  isLatest: z.boolean().optional().catch(undefined),
});

const responseSchema = z.object({
  server: serverSchema,
  _meta: z.object({ 'io.modelcontextprotocol.registry/official': officialMeta.optional().catch(undefined) }).optional().catch(undefined),
});

export const pageSchema = z.object({
  servers: z.array(z.unknown()).max(10_000),
  metadata: z.object({ nextCursor: z.string().max(4000).nullish() }).nullish(),
});

export type CatalogServer = z.infer<typeof serverSchema>;
export type CatalogPackage = z.infer<typeof packageSchema>;
export type CatalogRemote = z.infer<typeof remoteSchema>;
export type CatalogArgument = z.infer<typeof argumentSchema>;
export type CatalogInput = z.infer<typeof withVariables>;
export type CatalogNamedValue = z.infer<typeof namedValue>;
export type CatalogStatus = 'active' | 'deprecated' | 'deleted';

/** One version of one server with what its registry says of it. */
export interface CatalogEntry {
  readonly server: CatalogServer;
  readonly status: CatalogStatus;
  readonly statusMessage?: string;
  /** ISO dates in UTC, where the registry tells them. */
  readonly publishedAt?: string;
  readonly updatedAt?: string;
  readonly isLatest: boolean;
}

/** One entry of an answer. Throws a `ZodError` where it is none. */
export function parseEntry(raw: unknown): CatalogEntry {
  const { server, _meta } = responseSchema.parse(raw);
  const { status = 'active', statusMessage, publishedAt, updatedAt, isLatest = true } = _meta?.['io.modelcontextprotocol.registry/official'] ?? {};
  const utc = (date: string) => new Date(date).toISOString();
  return {
    server, status, isLatest, ...(statusMessage === undefined ? {} : { statusMessage }),
    ...(publishedAt === undefined ? {} : { publishedAt: utc(publishedAt) }), ...(updatedAt === undefined ? {} : { updatedAt: utc(updatedAt) }),
  };
}

/** Who may publish under this name: the registry has verified the domain or the account that it is made of. */
export function publisherOf(name: string): string {
  const namespace = name.slice(0, name.indexOf('/'));
  const account = /^io\.(github|gitlab)\.(.+)$/.exec(namespace);
  return account === null ? namespace.split('.').toReversed().join('.') : `${account[2]} (${account[1] === 'github' ? 'GitHub' : 'GitLab'})`;
}
