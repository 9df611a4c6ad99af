import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { AssassinError } from '../../shared/errors.ts';
import { ownEntry } from '../../shared/own-entry.ts';
import type { McpInput } from '../mcp-config.ts';
import { serverNameOf } from '../server-name.ts';
import { dangersOf } from '../catalog/dangers.ts';
import { shownCommand, type InstallPlan } from '../catalog/install-plan.ts';
import type { PortableEntry } from '../import/foreign-entry.ts';
import type { BundleManifest, BundleOption } from './bundle-manifest.ts';

export interface BundlePlanOptions {
  readonly manifest: BundleManifest;
  /** Where its files are, or will be: absolute. */
  readonly folder: string;
  /** Where they can be looked at now. */
  readonly files: string;
  readonly platform: NodeJS.Platform;
  /** What the person has given already, by the names that the manifest has. */
  readonly given: Readonly<Record<string, readonly string[]>>;
}

/** What a placeholder stands for: several words where the manifest allows several, none where it is left out. */
type Filled = readonly string[];

/** The command that starts a bundle. What its manifest asks of the person stands in it as inputs, or as what was given. Throws `not-supported`, `invalid-config` and `invalid-input`. */
export function planBundle({ manifest, folder, files, platform, given }: BundlePlanOptions): InstallPlan {
  const { name, user_config: options, compatibility } = manifest;
  const { platforms } = compatibility ?? {};
  if (platforms !== undefined && !platforms.includes(platform)) throw new AssassinError('not-supported', `The bundle ${name} is made for ${platforms.join(', ')}, not for ${platform}.`, { hint: 'Look for one that is made for this system.' });
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(options, key));
  if (unknown !== undefined) throw new AssassinError('invalid-input', `The bundle ${name} takes no value "${unknown}".`, { hint: Object.keys(options).length === 0 ? 'It takes none.' : `It takes: ${Object.keys(options).join(', ')}.` });
  const server = serverNameOf(name) ?? 'bundle';
  const inputs = new Map<string, McpInput>();
  const left: string[] = [];
  const values = new Map(Object.entries(options).map(([key, option]) => [key, valuesOf({ server, key, option, given: given[key], inputs, left })]));
  const written = commandOf(manifest, platform);
  const fill = (text: string) => fillIn(text, { folder, values });
  const [typed = ''] = fill(written.command);
  const isFile = /[\\/]/.test(typed);
  const program = isFile ? programFile(typed, { folder, files, platform }) : typed;
  const env = Object.fromEntries(Object.entries(written.env).flatMap(([key, text]) => {
    const filled = fill(text);
    return filled.length === 0 ? [] : [[key, filled.join(',')]];
  }));
  const entry: PortableEntry = { type: 'stdio', command: program, args: written.args.flatMap(fill), cwd: folder, ...(Object.keys(env).length === 0 ? {} : { env }) };
  return {
    name: server, entry, inputs: [...inputs.values()], command: shownCommand(entry), dangers: dangersOf(entry),
    notes: [
      `It is ${manifest.display_name ?? name} ${manifest.version}${manifest.author === undefined ? '' : `, by ${manifest.author.name}`}, by its own word; who made it was not verified`,
      `Its files lie in ${folder}`, ...(left.length === 0 ? [] : [`It also takes ${left.join(', ')}, which ${left.length === 1 ? 'was' : 'were'} left out`]),
    ],
  };
}

interface Written {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function commandOf({ server: { type, entry_point: entry, mcp_config: config } }: BundleManifest, platform: NodeJS.Platform): Written {
  if (config !== undefined) {
    const own = config.platform_overrides?.[platform] ?? {};
    return { command: own.command ?? config.command, args: own.args ?? config.args, env: { ...config.env, ...own.env } };
  }
  const file = `\${__dirname}/${entry}`;
  switch (type) {
    case 'node': return { command: 'node', args: [file], env: {} };
    case 'python': return { command: platform === 'win32' ? 'python' : 'python3', args: [file], env: {} };
    case 'uv': return { command: 'uv', args: ['run', '--directory', '${__dirname}', file], env: {} };
    case 'binary': return { command: file, args: [], env: {} };
  }
}

/** A program of the bundle must be one of its files: `../../bin/sh` is not. */
function programFile(command: string, { folder, files, platform }: Pick<BundlePlanOptions, 'folder' | 'files' | 'platform'>): string {
  const path = resolve(folder, command);
  const inside = path.startsWith(`${folder}${sep}`) ? path.slice(folder.length + 1) : undefined;
  if (inside === undefined) throw new AssassinError('invalid-config', `The bundle starts ${command}, which is no file of its own.`, { hint: 'Do not use this bundle, or write its configuration by hand.' });
  const found = [inside, ...(platform === 'win32' ? [`${inside}.exe`] : [])].find((each) => existsSync(join(files, each)));
  if (found !== undefined) return join(folder, found);
  throw new AssassinError('invalid-config', `The bundle starts ${inside}, which it does not hold.`, { hint: 'Tell the author of the bundle.' });
}

interface ValueOptions {
  readonly server: string;
  readonly key: string;
  readonly option: BundleOption;
  readonly given: readonly string[] | undefined;
  readonly inputs: Map<string, McpInput>;
  readonly left: string[];
}

/** Given by the person, else the default, else an input where it is needed. A secret is always an input: what is written down stands in a file. */
function valuesOf({ server, key, option, given, inputs, left }: ValueOptions): Filled {
  const { title, description, required = false, sensitive = false, multiple = false, default: preset } = option;
  if (given !== undefined && !sensitive) {
    if (given.length > 1 && !multiple) throw new AssassinError('invalid-input', `"${key}" takes one value.`, { hint: `Give --set ${key}=VALUE once.` });
    for (const value of given) checkValue(key, value, option);
    return given;
  }
  if (preset !== undefined && preset !== '' && !sensitive && given === undefined) return (Array.isArray(preset) ? preset : [preset]).map(String);
  if (!required && given === undefined) {
    left.push(key);
    return [];
  }
  const id = `${server}-${key}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  inputs.set(id, { id, type: 'promptString', password: sensitive, description: plainText([title ?? key, ...(description === undefined ? [] : [description])].join(': ')) });
  return [`\${input:${id}}`];
}

function checkValue(key: string, value: string, { type }: BundleOption): void {
  const wrong = (type === 'number' && !Number.isFinite(Number(value))) || (type === 'boolean' && !/^(?:true|false)$/.test(value)) || /\$\{|\0/.test(value);
  if (wrong) throw new AssassinError('invalid-input', `"${value}" is no value for "${key}".`, { hint: type === 'boolean' ? 'Write true or false.' : type === 'number' ? 'Write a number.' : 'Write a text without "${".' });
}

const plainText = (text: string): string => text.replaceAll('${', '$ {');

const places: Readonly<Record<string, string>> = {
  HOME: '${userHome}', DESKTOP: '${userHome}/Desktop', DOCUMENTS: '${userHome}/Documents', DOWNLOADS: '${userHome}/Downloads', pathSeparator: '${pathSeparator}', '/': '${pathSeparator}',
};

/** Fills in what the format knows. Any other variable would be filled in from the person's own environment when the server starts. Throws `invalid-config`. */
function fillIn(text: string, { folder, values }: { readonly folder: string; readonly values: ReadonlyMap<string, Filled> }): Filled {
  const whole = /^\$\{user_config\.([^}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return values.get(whole)?.map((value) => inPlaces(value, folder)) ?? unknownVariable(`user_config.${whole}`);
  let missing = false;
  const filled = text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    const key = /^user_config\.(.+)$/.exec(name)?.[1];
    if (key === undefined) return place(name, folder);
    const value = values.get(key) ?? unknownVariable(name);
    if (value.length === 0) missing = true;
    return value.map((each) => inPlaces(each, folder)).join(',');
  });
  return missing ? [] : [filled];
}

const inPlaces = (text: string, folder: string): string => (/^\$\{input:[^}]*\}$/.test(text) ? text : text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => place(name, folder)));

function place(name: string, folder: string): string {
  if (name === '__dirname') return folder;
  return ownEntry(places, name) ?? unknownVariable(name);
}

function unknownVariable(name: string): never {
  throw new AssassinError('invalid-config', `The bundle wants \${${name}} filled in, which its format does not know.`, { hint: 'Do not use this bundle, or write its configuration by hand.', data: { variable: name } });
}
