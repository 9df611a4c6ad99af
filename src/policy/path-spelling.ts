/** Names that Windows takes for devices wherever they stand and whatever follows a dot: `nul.txt` is NUL. */
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?$/i;

/**
 * What keeps a text from being the path that it seems to be, as the end of a sentence; `undefined` where nothing does. On Windows one file has
 * many spellings that look like other files: the gate would decide on one and the system would open another.
 */
export function spellingProblem(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (path === '') return 'it is empty';
  if (path.includes('\0')) return 'it holds a NUL character';
  return platform === 'win32' ? windowsProblem(path) : undefined;
}

function windowsProblem(path: string): string | undefined {
  if (/^[\\/]{2}[.?]([\\/]|$)/.test(path)) return 'it names a device';
  if (/^[a-z]:(?![\\/]|$)/i.test(path)) return 'it is relative to whatever folder that drive is in';
  // After the drive a colon begins a stream of the file, which is another name for the file itself.
  const names = path.replace(/^[a-z]:/i, '').split(/[\\/]/);
  if (names.some((name) => name.includes(':'))) return 'it holds a colon';
  if (names.some((name) => /[. ]$/.test(name) && name !== '.' && name !== '..')) return 'a name in it ends in a dot or a space';
  return names.some((name) => deviceName.test(name)) ? 'it names a device' : undefined;
}

/** `\\server\share` of a path on a Windows network share, in lower case. Merely looking at such a path sends the person's credentials to that server. */
export function networkShare(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform !== 'win32') return undefined;
  const parts = /^[\\/]{2}([^\\/.?][^\\/]*)[\\/]+([^\\/]+)/.exec(path);
  return parts ? `\\\\${parts[1]}\\${parts[2]}`.toLowerCase() : /^[\\/]{2}[^\\/.?]/.test(path) ? path.toLowerCase() : undefined;
}

/** One text for all spellings that some file system takes for the same name: letter case and Unicode form do not count. For what forbids, never for what allows. */
export function foldPath(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
