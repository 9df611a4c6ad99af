import * as vscode from 'vscode';
import type { McpPin } from '../store/mcp-pins.ts';
import type { Services } from './services.ts';

const scheme = 'assassin-definition';
const texts = new WeakMap<Services['holder'], Map<string, string>>();

/** A read-only document with a definition of an MCP server, every hidden letter of it written out; an empty one for nothing. */
export async function definitionUri({ context, holder }: Services, server: string, side: 'approved' | 'now', pin: McpPin | undefined): Promise<vscode.Uri> {
  const { definitionText } = await import('../mcp/trust/definition-text.ts');
  let shown = texts.get(holder);
  if (shown === undefined) {
    const known = (shown = new Map<string, string>());
    texts.set(holder, known);
    context.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => known.get(uri.toString()) ?? '' }));
  }
  const uri = vscode.Uri.from({ scheme, path: `/${server}/${side}/${pin?.kind ?? 'nothing'} ${pin?.name ?? ''}`.trimEnd(), query: pin?.hash ?? '' });
  shown.set(uri.toString(), pin === undefined ? '' : definitionText(pin));
  return uri;
}
