import { isFromFrame } from '../from-frame.ts';
import { canBeWalled, viewDocument } from '../mcp-view/view-document.ts';

export type FromEditor = { readonly kind: 'show'; readonly html: string; readonly from: string; readonly title: string; /** What is said where this browser cannot keep a view from the network, and it is not shown. */ readonly unwalled: string } | { readonly kind: 'message'; readonly message: unknown } | { readonly kind: 'end'; readonly why: string };

const editor = acquireVsCodeApi();
let frame: HTMLIFrameElement | undefined;

/** What the view's server wrote, in a frame whose origin is nobody's: no storage, no window of others, no form, no download, no address of its own. */
function show(html: string, title: string): void {
  frame?.remove();
  const fresh = document.createElement('iframe');
  fresh.setAttribute('sandbox', 'allow-scripts');
  fresh.setAttribute('referrerpolicy', 'no-referrer');
  // Nothing of the device either.
  fresh.setAttribute('allow', "camera 'none'; microphone 'none'; geolocation 'none'; clipboard-read 'none'; clipboard-write 'none'; display-capture 'none'");
  fresh.title = title;
  fresh.srcdoc = viewDocument(html, '');
  frame = fresh;
  document.body.append(fresh);
}

function say(text: string): void {
  const line = document.getElementById('from');
  if (line) line.textContent = text;
}

addEventListener('message', (event: MessageEvent<unknown>) => {
  // Of the frame only what it posts counts, whatever it says it is; of everybody else what the editor sends.
  if (frame?.contentWindow && event.source === frame.contentWindow) {
    editor.postMessage({ kind: 'message', message: event.data });
    return;
  }
  // A frame that the view has made itself could say whose view it is.
  if (isFromFrame(event)) return;
  const data = event.data as FromEditor;
  switch (data.kind) {
    case 'show':
      if (!canBeWalled()) return say(data.unwalled);
      say(data.from);
      return show(data.html, data.title);
    case 'message':
      // Its origin is opaque, so no other can be named; the frame holds one document for all its life, since it may navigate nowhere.
      frame?.contentWindow?.postMessage(data.message, '*');
      return;
    case 'end':
      frame?.remove();
      frame = undefined;
      return say(data.why);
  }
});
editor.postMessage({ kind: 'ready' });
