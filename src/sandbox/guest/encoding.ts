/** UTF-8 for engines that have no TextEncoder of their own. */
export const encoding = String.raw`
if (typeof TextEncoder === 'undefined') {
  const { fromCodePoint } = String;
  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(input = '') {
      const text = '' + input;
      const bytes = new Uint8Array(text.length * 3);
      let length = 0;
      for (let i = 0; i < text.length; i++) {
        let code = text.codePointAt(i);
        if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
        if (code < 0x80) bytes[length++] = code;
        else {
          if (code < 0x800) bytes[length++] = 0xc0 | code >> 6;
          else {
            if (code < 0x10000) bytes[length++] = 0xe0 | code >> 12;
            else {
              bytes[length++] = 0xf0 | code >> 18;
              bytes[length++] = 0x80 | code >> 12 & 63;
              i++;
            }
            bytes[length++] = 0x80 | code >> 6 & 63;
          }
          bytes[length++] = 0x80 | code & 63;
        }
      }
      return bytes.slice(0, length);
    }
  }

  class TextDecoder {
    #fatal;
    #ignoreBOM;
    constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
      if (!['utf-8', 'utf8', 'unicode-1-1-utf-8'].includes(('' + label).trim().toLowerCase())) throw new RangeError('TextDecoder knows utf-8 only, not ' + label + '.');
      this.#fatal = !!fatal;
      this.#ignoreBOM = !!ignoreBOM;
    }
    get encoding() { return 'utf-8'; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBOM; }
    decode(input = new Uint8Array()) {
      const bytes = ArrayBuffer.isView(input) ? bytesOf(input) : new Uint8Array(input);
      let text = '', i = !this.#ignoreBOM && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
      const invalid = () => {
        if (this.#fatal) throw new TypeError('The bytes are not valid UTF-8.');
        return 0xfffd;
      };
      while (i < bytes.length) {
        const first = bytes[i++];
        let code = first;
        if (first >= 0x80) {
          const more = first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;
          code = more === 0 ? invalid() : first & 0x3f >> more;
          let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80, high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
          for (let n = 0; n < more; n++) {
            if (!(bytes[i] >= low && bytes[i] <= high)) {
              code = invalid();
              break;
            }
            low = 0x80;
            high = 0xbf;
            code = code << 6 | bytes[i++] & 63;
          }
        }
        text += fromCodePoint(code);
      }
      return text;
    }
  }
  offer('TextEncoder', TextEncoder);
  offer('TextDecoder', TextDecoder);
}
`;
