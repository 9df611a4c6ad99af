import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { portableMcpFile, vscodeMcpFile } from '../mcp/mcp-config-files.ts';
import { typedSecrets, type ConfigForm } from '../mcp/typed-secrets.ts';
import type { Check } from './check.ts';

/** A file that may hold keys. */
export interface ConfigFile {
  readonly path: string;
  /** What it is called in the report. */
  readonly shown: string;
  readonly form: ConfigForm;
}

/** The files of a workspace that both doors read. */
export function configFilesOf(workspace: string): readonly ConfigFile[] {
  return ([['.vscode/settings.json', 'settings'], [vscodeMcpFile, 'mcp'], [portableMcpFile, 'portable']] as const).map(([shown, form]) => ({ path: join(workspace, shown), shown, form }));
}

const fixes = {
  input: 'In the editor, its light bulb moves the value to the secret storage. By hand: write ${input:NAME} and declare NAME under "inputs" with "password": true.',
  reference: 'In the editor, its light bulb moves the value to the secret storage. By hand: store it, and write ${secret:NAME} in its place.',
  key: 'In the editor, its light bulb moves the key to the secret storage. By hand: set it with "Set API key of a model provider...", or in the environment of the command line, and remove it here.',
  none: 'Hand it over in "env" or "headers" as ${secret:NAME}: whatever stands here is seen by other programs.',
} as const;

/** Keys that stand in the open in files of configuration: the file, the line and the field, never the value. Files that are not there have none. */
export async function typedSecretChecks(files: readonly ConfigFile[]): Promise<readonly Check[]> {
  const name = 'Keys in files';
  const found = await Promise.all(files.map(async ({ path, shown, form }) => {
    const text = await readFile(path, 'utf8').catch(() => '');
    return typedSecrets(text, form).map(({ line, field, owner, place }): Check => ({
      name, status: 'warn', detail: `${shown}:${line}: "${field}" of ${place === 'key' ? 'the model provider' : 'the MCP server'} "${owner}" looks like a secret in the open`, fix: fixes[place],
    }));
  }));
  const checks = found.flat();
  return checks.length > 0 ? checks : [{ name, status: 'ok', detail: 'none stands in the open in the settings and MCP files that are read here' }];
}
