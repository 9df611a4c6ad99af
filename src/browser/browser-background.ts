/**
 * Hosts that Chrome, Edge and Chromium ask for by themselves, whatever page is open and in spite of the flags against it: sign-in, updates,
 * clock, spelling, safe browsing, experiments. Refused like any other host that was not granted, but not counted as an attempt of the page.
 */
const backgroundHosts: readonly string[] = [
  'accounts.google.com', 'update.googleapis.com', 'optimizationguide-pa.googleapis.com', 'safebrowsing.googleapis.com', 'safebrowsing.google.com',
  'content-autofill.googleapis.com', 'clientservices.googleapis.com', 'android.clients.google.com', 'mtalk.google.com', 'edgedl.me.gvt1.com',
  'redirector.gvt1.com', 'dl.google.com', 'tools.google.com', 'chromewebstore.googleapis.com', 'chromekanonymity-pa.googleapis.com', 'passwordsleakcheck-pa.googleapis.com',
  'config.edge.skype.com', 'edge.microsoft.com', 'msedge.api.cdp.microsoft.com', 'nav-edge.smartscreen.microsoft.com', 'functional.events.data.microsoft.com',
];

export function isBrowserBackground(host: string): boolean {
  return backgroundHosts.includes(host) || /^clients\d*\.google\.com$/.test(host);
}
