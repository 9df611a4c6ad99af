/** atob and btoa, for engines that do not have them. */
export const base64 = String.raw`
if (typeof atob === 'undefined') {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const { fromCharCode } = String;
  offer('btoa', function btoa(data) {
    const text = '' + data;
    let out = '';
    for (let i = 0; i < text.length; i += 3) {
      const a = text.charCodeAt(i), b = i + 1 < text.length ? text.charCodeAt(i + 1) : 0, c = i + 2 < text.length ? text.charCodeAt(i + 2) : 0;
      if (a > 255 || b > 255 || c > 255) throw new RangeError('btoa takes characters up to 255; encode text with TextEncoder first.');
      out += letters[a >> 2] + letters[(a & 3) << 4 | b >> 4] + (i + 1 < text.length ? letters[(b & 15) << 2 | c >> 6] : '=') + (i + 2 < text.length ? letters[c & 63] : '=');
    }
    return out;
  });
  offer('atob', function atob(data) {
    let text = ('' + data).replace(/[\t\n\f\r ]/g, '');
    if (text.length % 4 === 0) text = text.replace(/==?$/, '');
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw new TypeError('atob takes Base64.');
    let out = '', bits = 0, buffer = 0;
    for (let i = 0; i < text.length; i++) {
      buffer = buffer << 6 | letters.indexOf(text[i]);
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        out += fromCharCode(buffer >> bits & 255);
      }
    }
    return out;
  });
}
`;
