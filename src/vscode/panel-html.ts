import { attribute } from './html-attribute.ts';

export interface PanelPage {
  /** What the webview may load from: `webview.cspSource` in the editor. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  /** Fresh for each page: it is the only thing that lets a script run. */
  readonly nonce: string;
  /** BCP 47 tag of the display language, for screen readers. */
  readonly language: string;
}

/** The whole HTML of the panel. Everything that it shows comes later, as text nodes. */
export function panelHtml({ cspSource, script, style, nonce, language }: PanelPage): string {
  const policy = [
    "default-src 'none'", `img-src ${cspSource} data: blob:`, `style-src ${cspSource} 'nonce-${nonce}'`, `script-src 'nonce-${nonce}'`, `font-src ${cspSource} data:`, 'media-src data: blob:',
    // Also for frames of the page, which inherit all of this: views of MCP servers go nowhere, and start nothing beside themselves.
    "frame-src 'none'", "connect-src 'none'", "worker-src 'none'",
    "base-uri 'none'", "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${attribute(style)}">
<title>Infrastructure Assassin</title>
</head>
<body>
<div id="app"></div>
<script type="module" nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`;
}
