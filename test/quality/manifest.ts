import { readFileSync } from 'node:fs';
import { inRoot } from '../../scripts/lib/paths.mjs';

export interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}

export interface Setting {
  readonly type?: string | readonly string[];
  readonly scope?: string;
  readonly order?: number;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly default?: unknown;
}

export interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly type: string;
  readonly main: string;
  readonly activationEvents?: readonly string[];
  readonly extensionKind?: readonly string[];
  readonly capabilities?: { readonly untrustedWorkspaces?: { readonly supported?: unknown; readonly restrictedConfigurations?: readonly string[] } };
  readonly engines: { readonly vscode: string };
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly configuration: readonly { readonly title?: string; readonly properties: Readonly<Record<string, Setting>> }[];
    readonly menus?: Readonly<Record<string, readonly { readonly command?: string }[]>>;
    readonly viewsContainers?: { readonly activitybar?: readonly { readonly id: string }[] };
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome?: readonly { readonly view: string }[];
  };
}

export const readJson = <T>(...path: string[]): T => JSON.parse(readFileSync(inRoot(...path), 'utf8')) as T;

export const manifest = readJson<Manifest>('package.json');
export const words = readJson<Record<string, string>>('package.nls.json');

/** Every text of a manifest part, with the path to it. */
export function textsIn(value: unknown, path = ''): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textsIn(child, path ? `${path}.${key}` : key));
}

export const keyOf = (text: string | undefined) => /^%([^%]+)%$/.exec(text ?? '')?.[1];
