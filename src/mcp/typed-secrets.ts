import { findNodeAtLocation, getNodePath, parseTree, type Node } from 'jsonc-parser';
import { hasSecretFormat, isSecretField, secretPart, type SecretPart } from './import/literal-secrets.ts';
import { secretFields } from './oauth/oauth-fields.ts';
import { mcpSetting, portableMcpFile, vscodeMcpFile } from './mcp-config-files.ts';

/** Files that say what is used, by how they are written: settings of the editor, its `mcp.json`, and the `.mcp.json` that other programs read too. */
export type ConfigForm = 'settings' | 'mcp' | 'portable';

/**
 * What can stand in its place: a question that is asked once, the name of a stored secret, nothing (the key of a provider is known by the provider's name), or
 * `none` where a command line or an address would show whatever stands there.
 */
export type SecretPlace = 'input' | 'reference' | 'key' | 'none';

/** A key, token or password that stands in the open in a file. */
export interface TypedSecret extends SecretPart {
  readonly path: readonly (string | number)[];
  /** Where the value stands in the text, its quotes included; in characters. */
  readonly offset: number;
  readonly length: number;
  /** Counts from 1. */
  readonly line: number;
  /** Name of the server or provider. */
  readonly owner: string;
  /** As a person finds it there: `env.API_TOKEN`. */
  readonly field: string;
  readonly place: SecretPlace;
}

const providersSetting = 'infrastructureAssassin.models.providers';

/** What a name alone makes suspicious may be a mode or a limit: only words of this length that look like no number, path or address count. */
const shortestByName = 8;
const plain = /^(?:[\d.,]+|(?:[~.]?[\\/]|[A-Za-z]:[\\/]|https?:\/\/[^@]*$).*|.*\s.*)$/s;

export function configFormOf(path: string): ConfigForm | undefined {
  const file = path.replaceAll('\\', '/');
  if (file.endsWith(`/${vscodeMcpFile}`)) return 'mcp';
  if (file.endsWith(`/${portableMcpFile}`)) return 'portable';
  return /(?:\/settings\.json|\.code-workspace)$/.test(file) ? 'settings' : undefined;
}

/** The secrets that stand in the open where a file configures MCP servers and model providers, in their order. Text that is half written is read as far as it goes. */
export function typedSecrets(text: string, form: ConfigForm): readonly TypedSecret[] {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  if (tree === undefined) return [];
  // The settings of a workspace file stand one level deeper.
  const roots = form === 'settings' ? [[], ['settings']] : [[]];
  const servers = form === 'mcp' ? 'servers' : form === 'portable' ? 'mcpServers' : mcpSetting;
  const found = roots.flatMap((root) => [
    ...stringsBelow(findNodeAtLocation(tree, [...root, servers])).flatMap((node) => inServer(text, node, root.length + 1, form) ?? []),
    ...(form === 'settings' ? stringsBelow(findNodeAtLocation(tree, [...root, providersSetting])).flatMap((node) => inProvider(text, tree, node, root.length + 1) ?? []) : []),
  ]);
  return found.toSorted((a, b) => a.offset - b.offset);
}

function inServer(text: string, node: Node, depth: number, form: ConfigForm): TypedSecret | undefined {
  const path = getNodePath(node);
  const [owner, section, ...rest] = path.slice(depth);
  const name = String(rest.at(-1) ?? section);
  const named = section === 'env' || section === 'headers' || (section === 'oauth' && secretFields.includes(rest.join('.')));
  const part = named ? byName(name, node) : byFormat(node);
  if (part === undefined) return undefined;
  return { ...part, ...placeOf(text, node), path, owner: String(owner), field: [section, ...rest].join('.'), place: form === 'mcp' ? 'input' : named ? 'reference' : 'none' };
}

function inProvider(text: string, tree: Node, node: Node, depth: number): TypedSecret | undefined {
  const path = getNodePath(node);
  const [index, ...field] = path.slice(depth);
  const known = field.length === 1 && ['kind', 'name', 'models'].includes(String(field[0]));
  const part = known ? undefined : field[0] === 'baseUrl' ? byFormat(node) : byName(String(field.at(-1)), node);
  if (part === undefined || index === undefined) return undefined;
  const name: unknown = findNodeAtLocation(tree, [...path.slice(0, depth + 1), 'name'])?.value;
  return { ...part, ...placeOf(text, node), path, owner: typeof name === 'string' ? name : String(index), field: field.join('.'), place: field[0] === 'baseUrl' ? 'none' : 'key' };
}

function byFormat({ value }: Node): SecretPart | undefined {
  return typeof value === 'string' && hasSecretFormat(value) ? secretPart('', value) : undefined;
}

function byName(name: string, node: Node): SecretPart | undefined {
  const part = secretPart(name, String(node.value));
  const byNameOnly = isSecretField(name) && !hasSecretFormat(String(node.value));
  return part !== undefined && byNameOnly && (part.secret.length < shortestByName || plain.test(part.secret)) ? undefined : part;
}

function placeOf(text: string, { offset, length }: Node): Pick<TypedSecret, 'offset' | 'length' | 'line'> {
  return { offset, length, line: text.slice(0, offset).split('\n').length };
}

function stringsBelow(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  if (node.type === 'string') return [node];
  // Of a property only the value: a name is no place for a secret that anything would read.
  return (node.type === 'property' ? node.children?.slice(1) ?? [] : node.children ?? []).flatMap(stringsBelow);
}
