import { frameGuard } from './frame-guard.ts';

/**
 * Beside what the frame inherits from the panel. That lets in what bears the nonce of the panel, from anywhere, and the view can find the nonce out: this lets in what stands in the
 * document, and nothing from any address. Both hold, for frames inside of this one as well.
 */
const policy = [
  "default-src 'none'", "script-src 'unsafe-inline'", "style-src 'unsafe-inline'", 'img-src data: blob:', 'media-src data: blob:', 'font-src data:', "connect-src 'none'", "frame-src 'none'", "worker-src 'none'", "base-uri 'none'", "form-action 'none'",
].join('; ');

/** The document of a view's frame: what its server wrote, its own scripts and styles let in, under a policy of its own. */
export function viewDocument(html: string, nonce: string): string {
  const written = new DOMParser().parseFromString(html, 'text/html');
  for (const element of written.querySelectorAll('script, style')) element.setAttribute('nonce', nonce);
  const meta = written.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = policy;
  const guard = written.createElement('script');
  guard.setAttribute('nonce', nonce);
  guard.textContent = `(${frameGuard.toString()})(${JSON.stringify(nonce)})`;
  written.head.prepend(meta, guard);
  return `<!doctype html>${written.documentElement.outerHTML}`;
}

/** The nonce by which the page's own script was let in. */
export function pageNonce(): string {
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
}
