/** Where the page of the self-test tries to get to: all of it is listened at, and none of it may be reached. */
export interface LeakTargets {
  /** `127.0.0.1:4711`, `localhost:4711`: the same listener in spellings that browsers treat differently. */
  readonly hosts: readonly string[];
  /** STUN and TURN, over UDP and TCP. */
  readonly rtcPort: number;
  readonly quicPort: number;
}

/** How long the page goes on trying, milliseconds. A datagram over loopback takes less than one; the rest is for a busy machine. */
export const leakPageMs = 600;

/** Title of the page once it has tried everything. */
export const triedTitle = 'Tried';

const elements: Readonly<Record<string, (to: string) => string>> = {
  image: (to) => `<img src="${to}">`,
  stylesheet: (to) => `<link rel="stylesheet" href="${to}">`,
  script: (to) => `<script async src="${to}"></script>`,
  frame: (to) => `<iframe src="${to}"></iframe>`,
  object: (to) => `<object data="${to}"></object>`,
  video: (to) => `<video src="${to}" autoplay muted></video>`,
  prefetch: (to) => `<link rel="prefetch" href="${to}">`,
  preload: (to) => `<link rel="preload" as="image" href="${to}">`,
  preconnect: (to) => `<link rel="preconnect" href="${to}">`,
  icon: (to) => `<link rel="icon" href="${to}">`,
  manifest: (to) => `<link rel="manifest" href="${to}">`,
};

const calls: Readonly<Record<string, (to: string) => string>> = {
  fetch: (to) => `fetch('${to}', { mode: 'no-cors' })`,
  beacon: (to) => `navigator.sendBeacon('${to}', 'x')`,
  'event-source': (to) => `new EventSource('${to}')`,
  'web-socket': (to) => `new WebSocket('${to.replace('http:', 'ws:')}')`,
  worker: (to) => `new Worker(URL.createObjectURL(new Blob(["fetch('${to}', { mode: 'no-cors' }).catch(() => 0)"])))`,
  'shared-worker': (to) => `new SharedWorker('/worker.js?' + encodeURIComponent('${to}'))`,
  'service-worker': (to) => `navigator.serviceWorker.register('/worker.js?' + encodeURIComponent('${to}'))`,
  window: (to) => `window.open('${to}')`,
};

/** The ways out that the page tries, WebRTC and QUIC beside them. */
export const leakChannels: readonly string[] = [...Object.keys(elements), ...Object.keys(calls), 'prerender', 'stun', 'turn', 'quic'];

/** Each request of the page names its channel and the spelling of the host in its path. */
export function leakPage({ hosts, rtcPort, quicPort }: LeakTargets): string {
  const to = (channel: string) => hosts.map((host, i) => `http://${host}/${channel}/${i}`);
  const markup = Object.entries(elements).flatMap(([channel, write]) => to(channel).map(write));
  const script = Object.entries(calls).flatMap(([channel, write]) => to(channel).map((url) => `attempt(() => ${write(url)});`));
  return `<!doctype html><title>Leak test</title>
${markup.join('\n')}
<script type="speculationrules">${JSON.stringify({ prerender: [{ source: 'list', urls: to('prerender'), eagerness: 'immediate' }] })}</script>
<script>
const attempt = (work) => { try { Promise.resolve(work()).catch(() => 0) } catch {} };
${script.join('\n')}
attempt(() => { const t = new WebTransport('https://127.0.0.1:${quicPort}/'); t.ready.catch(() => 0); t.closed.catch(() => 0) });
attempt(() => {
  const at = '127.0.0.1:${rtcPort}', known = { username: 'u', credential: 'p' };
  const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:' + at }, { urls: 'turn:' + at + '?transport=udp', ...known }, { urls: 'turn:' + at + '?transport=tcp', ...known }] });
  peer.createDataChannel('d');
  return peer.createOffer().then((offer) => peer.setLocalDescription(offer));
});
setTimeout(() => { document.title = '${triedTitle}'; fetch('/done') }, ${leakPageMs});
</script>`;
}

/** What the workers of the page run: they try the address in their own. */
export const leakWorker = "fetch(decodeURIComponent(location.search.slice(1)), { mode: 'no-cors' }).catch(() => 0);";
