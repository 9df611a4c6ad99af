import type { Tool as WireTool } from '@modelcontextprotocol/client';

/** The extension by which a client says that it shows views. */
export const viewExtension = 'io.modelcontextprotocol/ui';
export const viewMediaType = 'text/html;profile=mcp-app';

export interface ToolView {
  /** The `ui://` resource that shows its results. */
  readonly view?: string;
  /** It is there for views only: no model is told of it. */
  readonly appOnly?: true;
  /** Views may not call it. */
  readonly notForViews?: true;
}

/** What a tool says of views, in its own words; anything of another shape is left out. */
export function viewOf({ _meta: meta }: Pick<WireTool, '_meta'>): ToolView {
  const ui = meta?.['ui'];
  const { resourceUri, visibility } = typeof ui === 'object' && ui !== null ? (ui as { readonly resourceUri?: unknown; readonly visibility?: unknown }) : {};
  const uri = resourceUri ?? meta?.['ui/resourceUri'];
  const seenBy = Array.isArray(visibility) ? visibility : ['model', 'app'];
  return {
    ...(typeof uri === 'string' && uri.startsWith('ui://') && uri.length <= 2000 ? { view: uri } : {}),
    ...(seenBy.includes('model') ? {} : { appOnly: true }), ...(seenBy.includes('app') ? {} : { notForViews: true }),
  };
}
