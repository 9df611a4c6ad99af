import { attribute } from './html-attribute.ts';

/**
 * The page around the view of an MCP server, which holds nothing else. The frame inherits this policy: its own scripts run in it, and nothing is loaded from anywhere, sent anywhere
 * or navigated to. The frame has an origin that is nobody's, so that it reaches neither this page nor the editor.
 */
export function mcpAppHtml({ cspSource, script, language }: { readonly cspSource: string; readonly script: string; readonly language: string }): string {
  const policy = [
    "default-src 'none'", `script-src 'unsafe-inline' ${cspSource}`, "style-src 'unsafe-inline'", 'img-src data: blob:', 'media-src data: blob:', 'font-src data:', "connect-src 'none'", "frame-src 'none'", "worker-src 'none'",
    "base-uri 'none'", "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<style>html, body { height: 100%; margin: 0; padding: 0; } body { display: flex; flex-direction: column; color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); } #from { margin: 0; padding: 6px 12px; color: var(--vscode-descriptionForeground); border-bottom: 1px solid var(--vscode-panel-border, transparent); overflow-wrap: anywhere; } iframe { flex: 1; border: 0; width: 100%; background: transparent; }</style>
<title>MCP view</title>
</head>
<body>
<p id="from" role="note"></p>
<script type="module" src="${attribute(script)}"></script>
</body>
</html>
`;
}
