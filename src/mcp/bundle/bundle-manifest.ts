import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';
import { plainWords } from '../../shared/plain-issue.ts';

const texts = z.record(z.string().max(200), z.string().max(10_000));
const command = { command: z.string().min(1).max(1000), args: z.array(z.string().max(10_000)).max(200).default([]), env: texts.default({}) };
const scalar = z.union([z.string().max(10_000), z.number(), z.boolean()]);

const userOption = z.object({
  type: z.enum(['string', 'number', 'boolean', 'directory', 'file']),
  title: z.string().max(500).optional(),
  description: z.string().max(2000).optional(),
  required: z.boolean().optional(),
  default: z.union([scalar, z.array(scalar).max(100)]).optional(),
  multiple: z.boolean().optional(),
  sensitive: z.boolean().optional(),
});

const mcpConfig = z.object({ ...command, platform_overrides: z.record(z.string(), z.object({ command: command.command.optional(), args: z.array(z.string().max(10_000)).max(200).optional(), env: texts.optional() })).optional() });

/** `manifest.json` of a bundle, versions 0.1 to 0.4, as far as it says how the server is started. Descriptions of tools in it are not believed: the server is asked itself. */
const manifestSchema = z.object({
  manifest_version: z.string().regex(/^0\.[1-4]$/, 'is a version that is not known here').optional(),
  dxt_version: z.string().regex(/^0\.[1-4]$/, 'is a version that is not known here').optional(),
  name: z.string().min(1).max(200),
  display_name: z.string().max(200).optional(),
  version: z.string().min(1).max(100),
  description: z.string().max(10_000).default(''),
  author: z.object({ name: z.string().max(200) }).optional(),
  server: z.object({ type: z.enum(['node', 'python', 'binary', 'uv']), entry_point: z.string().min(1).max(1000), mcp_config: mcpConfig.optional() }),
  compatibility: z.object({ platforms: z.array(z.string()).max(20).optional() }).optional(),
  user_config: z.record(z.string().max(200), userOption).default({}),
}).refine(({ manifest_version, dxt_version }) => manifest_version !== undefined || dxt_version !== undefined, { error: 'names no version of its format', path: ['manifest_version'] });

export type BundleManifest = z.infer<typeof manifestSchema>;
export type BundleOption = z.infer<typeof userOption>;

/** Throws `invalid-config` naming the field. */
export function parseManifest(text: string): BundleManifest {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new AssassinError('invalid-config', 'The manifest.json of the bundle is not valid JSON.', { hint: 'Tell the author of the bundle.', cause });
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new AssassinError('invalid-config', `The manifest.json of the bundle is wrong: "${issue.path.join('.')}" ${plainWords(issue).replace(/^./, (letter) => letter.toLowerCase())}.`, { hint: 'Tell the author of the bundle.', data: { field: issue.path.join('.') } });
}
