import * as vscode from 'vscode';

/** A place in a file that a lens, a code action or a key hands to a command. */
export interface PlaceTarget {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
  /** What is wrong there, for a fix. */
  readonly problems: readonly string[];
  /** The function or class, where one is meant. */
  readonly symbol?: string;
  /** `provider/model` and tokens, for whoever calls the command with them. */
  readonly model?: string;
  readonly tokens?: number;
}

/** What was handed over, else the selection, else the symbol at the cursor. */
export async function placeOf(target: unknown): Promise<PlaceTarget | undefined> {
  const given = typeof target === 'object' && target !== null ? (target as Partial<PlaceTarget>) : {};
  const editor = vscode.window.activeTextEditor;
  const uri = given.uri instanceof vscode.Uri ? given.uri : editor?.document.uri;
  if (uri?.scheme !== 'file') return undefined;
  const options = { ...(typeof given.model === 'string' ? { model: given.model } : {}), ...(typeof given.tokens === 'number' ? { tokens: given.tokens } : {}) };
  const problems = Array.isArray(given.problems) ? given.problems.map(String) : [];
  const range = given.range ?? (editor?.document.uri.toString() === uri.toString() ? editor.selection : undefined);
  if (range === undefined) return undefined;
  if (typeof given.symbol === 'string') return { uri, range, problems, symbol: given.symbol, ...options };
  if (!range.isEmpty || problems.length > 0) return { uri, range, problems, ...options };
  const symbol = await symbolAt(uri, range.start);
  return { uri, problems, range: symbol?.range ?? range, ...(symbol ? { symbol: symbol.name } : {}), ...options };
}

/** The innermost function, class or the like around a position. */
export async function symbolAt(uri: vscode.Uri, position: vscode.Position): Promise<{ readonly name: string; readonly range: vscode.Range } | undefined> {
  const symbols = (await vscode.commands.executeCommand<(vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined>('vscode.executeDocumentSymbolProvider', uri)) ?? [];
  const inside = (list: readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[]): { readonly name: string; readonly range: vscode.Range } | undefined => {
    for (const symbol of list) {
      const range = 'location' in symbol ? symbol.location.range : symbol.range;
      if (!range.contains(position)) continue;
      const inner = 'children' in symbol ? inside(symbol.children) : undefined;
      return inner ?? (blocks.has(symbol.kind) ? { name: symbol.name, range } : undefined);
    }
    return undefined;
  };
  return inside(symbols);
}

const { Function, Method, Class, Constructor, Interface, Module, Namespace, Struct, Enum } = vscode.SymbolKind;
const blocks = new Set([Function, Method, Class, Constructor, Interface, Module, Namespace, Struct, Enum]);
