import { frameGuard } from './frame-guard.ts';
import { frameWalls } from './frame-walls.ts';

/**
 * Beside what the frame inherits from the panel. That lets in what bears the nonce of the panel, from anywhere, and the view can find the nonce out: this lets in what stands in the
 * document, and nothing from any address. Both hold, for frames inside of this one as well.
 */
const policy = [
  "default-src 'none'", "script-src 'unsafe-inline'", "style-src 'unsafe-inline'", 'img-src data: blob:', 'media-src data: blob:', 'font-src data:', "connect-src 'none'", "frame-src 'none'", "worker-src 'none'", "base-uri 'none'", "form-action 'none'",
  // What a frame inside would run has to pass the walls, and there is no second way past them.
  "require-trusted-types-for 'script'", 'trusted-types default',
].join('; ');

/**
 * Parsed as markup, these make a frame with a document of its own, or a connection ahead of any request: both are beyond the policy. In a script they are words, which stay words.
 */
const unwalled = (document: string) => document.replaceAll(/srcdoc/gi, '$&_').replaceAll(/<(?=link)/gi, '<x-');

/** Whether this browser can keep a view from making a second realm, in which WebRTC would be there: where it cannot, no view is shown. */
export function canBeWalled(): boolean {
  return typeof trustedTypes !== 'undefined';
}

/** The document of a view's frame: what its server wrote, its own scripts and styles let in, under a policy of its own. Where the page around it lets in by a nonce, that is given to what bears one. */
export function viewDocument(html: string, nonce: string): string {
  const written = new DOMParser().parseFromString(html, 'text/html');
  for (const element of written.querySelectorAll('link')) element.remove();
  for (const element of written.querySelectorAll('script, style')) element.setAttribute('nonce', nonce);
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}"><meta http-equiv="x-dns-prefetch-control" content="off"><script nonce="${nonce}">(${frameWalls.toString()})();(${frameGuard.toString()})(${JSON.stringify(nonce)})</script>`;
  return `<!doctype html>${head}${unwalled(written.documentElement.outerHTML)}`;
}

/** The nonce by which the page's own script was let in. */
export function pageNonce(): string {
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
}
