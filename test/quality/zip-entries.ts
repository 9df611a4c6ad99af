const endRecord = 0x06054b50;
const directoryEntry = 0x02014b50;

/** The file names of a zip archive, from its central directory. */
export function zipEntries(archive: Buffer): readonly string[] {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== endRecord) end--;
  if (end < 0) throw new Error('This is no zip archive.');
  const count = archive.readUInt16LE(end + 10);
  const names: string[] = [];
  for (let i = 0, at = archive.readUInt32LE(end + 16); i < count; i++) {
    if (archive.readUInt32LE(at) !== directoryEntry) throw new Error(`The directory of the zip archive is damaged at entry ${i}.`);
    const [nameLength, extraLength, commentLength] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32)];
    names.push(archive.toString('utf8', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return names;
}
