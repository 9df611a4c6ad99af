/**
 * Runs in the frame of a view before anything else, and takes away what no policy covers: WebRTC, and connections that are only made ahead (`<link rel="preconnect">`). The frame has one
 * realm, so what is gone is gone: frames inside of it run nothing (their texts need a trusted type, which is refused here), their empty documents have an origin of their own, and a
 * worker is not let in. Its source is written into the document: it may use nothing but the platform, and nothing of it that the view could have replaced by the time it is called.
 */
export function frameWalls(): void {
  const { apply, deleteProperty, ownKeys } = Reflect;
  const { exec } = RegExp.prototype;
  const fits = (pattern: RegExp, text: string): boolean => apply(exec, pattern, [text]) !== null;
  for (const name of ownKeys(globalThis)) if (typeof name === 'string' && fits(/RTC|^XSLTProcessor$/, name)) deleteProperty(globalThis, name);
  // These make elements of a text without asking for a trusted type.
  deleteProperty(Element.prototype, 'setHTML');
  deleteProperty(ShadowRoot.prototype, 'setHTML');
  deleteProperty(Document, 'parseHTML');
  const link = /(?:^|:)link$/i;
  const unlinked = (name: unknown): string => {
    const text = `${name as string}`;
    return fits(link, text) ? 'x-link' : text;
  };
  const { createElement, createElementNS } = Document.prototype;
  const { createDocument } = DOMImplementation.prototype;
  const { define } = CustomElementRegistry.prototype;
  Object.assign(Document.prototype, {
    createElement(this: Document, name: string, options?: ElementCreationOptions) {
      return apply(createElement, this, [unlinked(name), options]);
    },
    createElementNS(this: Document, space: string | null, name: string, options?: ElementCreationOptions) {
      return apply(createElementNS, this, [space, unlinked(name), options]);
    },
  });
  DOMImplementation.prototype.createDocument = function makeDocument(this: DOMImplementation, space: string | null, name: string | null, type: DocumentType | null = null) {
    return apply(createDocument, this, [space, name === null ? null : unlinked(name), type]);
  };
  CustomElementRegistry.prototype.define = function defineElement(this: CustomElementRegistry, name: string, of: CustomElementConstructor, options?: ElementDefinitionOptions) {
    const base = options?.extends;
    apply(define, this, base === undefined ? [name, of] : [name, of, { extends: unlinked(base) }]);
  };
  // What is written piece by piece cannot be looked at; entities of XML spell what is not there; the letters in brackets keep this text itself from being taken for one of a frame.
  const refused = /src[d]oc|[<:]lin[k]|<!ENTIT[Y]/i;
  if (typeof trustedTypes === 'undefined') return;
  trustedTypes.createPolicy('default', {
    createHTML: (text, _type, sink) => (fits(refused, text) || fits(/srcdo[c]|write/i, sink) ? null : text),
    createScript: (text, _type, sink) => (fits(/^(?:HTML|SVG)ScriptElement|^Element on/, sink) ? text : null),
    createScriptURL: (text) => text,
  });
}
