import * as l10n from '@vscode/l10n';
import { useEffect, useRef } from 'preact/hooks';
import { viewLimits, type OpenedView } from '../../src/shared/protocol-views.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { frameMessage, messageRate } from './frame-message.ts';
import { pageNonce, viewDocument } from './view-document.ts';

/** The frame of a view: an origin that is nobody's, no storage, no form, no download, nothing of the device. What it posts goes to its host, within bounds. */
export function ViewFrame({ opened, cutOff }: { readonly opened: OpenedView; readonly cutOff: (detail: string) => void }) {
  const { client } = useSession();
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const within = messageRate(() => performance.now());
    let heard = true;
    const end = (detail: string) => {
      heard = false;
      cutOff(detail);
    };
    const onMessage = ({ source, data }: MessageEvent<unknown>) => {
      const element = frame.current;
      if (!heard || element === null || source !== element.contentWindow) return;
      if (!within()) return end(l10n.t('it sent more than {0} messages in a second', viewLimits.messagesPerSecond));
      const wanted = frameMessage(data);
      switch (wanted.kind) {
        case 'leave':
          // Only who holds the focus can give it back.
          if (document.activeElement === element) element.closest('details')?.querySelector('summary')?.focus();
          return;
        case 'size':
          element.style.height = `${wanted.height}px`;
          return;
        case 'tooLarge':
          return end(l10n.t('it sent a message of more than {0} characters', viewLimits.messageCharacters));
        case 'say':
          return void client.request('view.say', { view: opened.view, message: wanted.message }).catch(() => undefined);
        case 'nothing':
          return;
      }
    };
    window.addEventListener('message', onMessage);
    // Its origin is opaque, so no other can be named; the frame holds one document for all its life, since it may navigate nowhere.
    const said = client.on('viewSaid', ({ view, message }) => {
      if (view === opened.view) frame.current?.contentWindow?.postMessage(message, '*');
    });
    return () => {
      window.removeEventListener('message', onMessage);
      said[Symbol.dispose]();
    };
  }, []);
  // The listeners are there before the document: it asks as soon as it runs.
  useEffect(() => {
    if (frame.current) frame.current.srcdoc = viewDocument(opened.html, pageNonce());
  }, []);
  return (
    <iframe
      ref={frame} class="mcp-frame" sandbox="allow-scripts" referrerpolicy="no-referrer" title={l10n.t('View of an MCP server: {0}', oneLine(opened.title, 100))}
      allow="camera 'none'; microphone 'none'; geolocation 'none'; clipboard-read 'none'; clipboard-write 'none'; display-capture 'none'"
    />
  );
}
