/** What the panel hears of the guard of a frame, beside the messages of the view. */
export interface Leave {
  readonly kind: 'leave';
}

/**
 * Runs in the frame of a view, before the view: its source is written into the document, so it may use nothing but its argument. It gives what the view makes later the nonce without
 * which the policy that the frame has inherited lets no inline style or script in, and lets the keyboard out again. Nothing here confines the view: the policy and the sandbox do.
 */
export function frameGuard(nonce: string): void {
  addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') parent.postMessage({ kind: 'leave' }, '*');
  }, true);
  const create = Document.prototype.createElement;
  Document.prototype.createElement = function createElement(this: Document, ...args: [string, ElementCreationOptions?]): HTMLElement {
    const element = create.apply(this, args);
    if (element instanceof HTMLStyleElement || element instanceof HTMLScriptElement) element.nonce = nonce;
    return element;
  };
  // Style attributes are refused where they are parsed or set as text, and let in where a script sets the style itself.
  const dress = (node: Node): void => {
    if (!(node instanceof HTMLElement || node instanceof SVGElement)) return;
    const text = node.getAttribute('style');
    if (text && node.style.length === 0) node.style.cssText = text;
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'attributes') dress(target);
      for (const node of addedNodes) {
        dress(node);
        if (node instanceof Element) for (const inside of node.querySelectorAll('[style]')) dress(inside);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['style'] });
}
