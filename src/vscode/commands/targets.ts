import * as vscode from 'vscode';

/** What the editor hands to a command: a tree node, a lens' argument, a file, or nothing from the palette. None of it is trusted to be well formed. */
function field(target: unknown, name: string): unknown {
  return typeof target === 'object' && target !== null ? (target as Readonly<Record<string, unknown>>)[name] : undefined;
}

export function runIdOf(target: unknown): string | undefined {
  const id = typeof target === 'string' ? target : field(target, 'kind') === 'run' ? field(target, 'id') : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** A step of a run, of a node of the view; or a run as a whole. */
export function stepOf(target: unknown): { readonly run: string; readonly step?: string } | undefined {
  const run = runIdOf(target);
  if (run !== undefined) return { run };
  const [of, id] = [field(target, 'run'), field(target, 'id')];
  return field(target, 'kind') === 'step' && typeof of === 'string' && typeof id === 'string' ? { run: of, step: id } : undefined;
}

/** The name of an MCP server: of a node of the view, or of a lens. */
export function serverNameOfTarget(target: unknown): string | undefined {
  const name = typeof target === 'string' ? target : field(field(target, 'status'), 'name');
  return typeof name === 'string' ? name : undefined;
}

/** Something that an MCP server has beside its tools: of a node of the view. */
export function offerOfTarget(target: unknown): { readonly server: string; readonly uri?: string; readonly mimeType?: string; readonly template?: string; readonly prompt?: string; readonly skill?: string } | undefined {
  const server = field(target, 'server');
  if (typeof server !== 'string') return undefined;
  const named = ['uri', 'mimeType', 'template', 'prompt', 'skill'].flatMap((name) => {
    const value = field(target, name);
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { server, ...Object.fromEntries(named) };
}

/** The file of a chain: of a node of the view, of an editor title or the explorer, or a path. */
export function chainFileOf(target: unknown): string | undefined {
  if (target instanceof vscode.Uri) return target.fsPath;
  const file = typeof target === 'string' ? target : field(target, 'kind') === 'chain' ? field(target, 'file') : undefined;
  return typeof file === 'string' ? file : undefined;
}

export interface TaskTarget {
  readonly text?: string;
  /** `provider/model`. */
  readonly model?: string;
  /** An agent of the workspace that works on it. */
  readonly agent?: string;
  /** How many this run may use; the setting where it is absent. */
  readonly tokens?: number;
}

/** A task that a key binding, a lens or another command brings along; what is missing is asked. */
export function taskOf(target: unknown): TaskTarget {
  const text = field(target, 'text');
  const model = field(target, 'model');
  const tokens = field(target, 'tokens');
  const agent = field(target, 'agent');
  return { ...(typeof text === 'string' ? { text } : {}), ...(typeof model === 'string' ? { model } : {}), ...(typeof agent === 'string' ? { agent } : {}), ...(typeof tokens === 'number' && tokens > 0 ? { tokens } : {}) };
}

export interface FunctionTarget {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly hasParameters: boolean;
}

export function functionOf(target: unknown): FunctionTarget | undefined {
  const uri = field(target, 'uri');
  const name = field(target, 'name');
  return uri instanceof vscode.Uri && typeof name === 'string' ? { uri, name, hasParameters: field(target, 'hasParameters') !== false } : undefined;
}
