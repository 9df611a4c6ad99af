/** One note of the memory. */
export interface Note {
  readonly topic: string;
  readonly id: string;
  /** When it was written, to the minute, in UTC; `''` for what the person wrote themself. */
  readonly at: string;
  /** The run that wrote it, `by hand` for what the person wrote themself. */
  readonly run: string;
  readonly text: string;
}

export const memoryFolder = '.assassin/memory';
/** A note is a fact or a rule; what is longer belongs into a file of the project. */
export const maxNote = 4000;
/** Of one file, in characters: more is neither read by a person nor of use to a model. */
export const maxFile = 64_000;

const heading = /^### (\d{4}-\d\d-\d\d \d\d:\d\d) · (run_\w+) · (mem_\w+)[ \t]*$/;

export function memoryPath(topic: string): string {
  return `${memoryFolder}/${topic}.md`;
}

export function topicOfPath(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.md$/, '');
}

/** The notes of a file in their order. The person may write and delete as they like: what stands under no heading of ours is theirs, one note a paragraph. */
export function notesIn(topic: string, file: string): readonly Note[] {
  const notes: Note[] = [];
  let open: { readonly at: string; readonly run: string; readonly id: string } | undefined;
  let lines: string[] = [];
  const close = () => {
    const text = lines.join('\n').trim();
    lines = [];
    if (text === '') return;
    if (open) notes.push({ topic, ...open, text });
    else for (const part of text.split(/\n\s*\n/)) if (!/^#\s/.test(part)) notes.push({ topic, id: `${topic}:${notes.length + 1}`, at: '', run: 'by hand', text: part.trim() });
  };
  for (const line of file.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, at, run, id] = heading.exec(line) ?? [];
    if (at === undefined || run === undefined || id === undefined) {
      lines.push(line);
      continue;
    }
    close();
    open = { at, run, id };
  }
  close();
  return notes;
}

/** The file with one more note at its end. A text cannot pose as the heading of another note. */
export function withNote(file: string, { topic, at, run, id, text }: Note): string {
  const body = text.trim().replaceAll(/^(?=#{1,3} )/gm, '\\');
  const before = file.trim() === '' ? `# ${topic}\n` : file.trimEnd() + '\n';
  return `${before}\n### ${at} · ${run} · ${id}\n${body}\n`;
}

/** Notes that have words of the query, those with most of them first, then the newest; all of them, newest first, without a query. */
export function findNotes(notes: readonly Note[], query: string, limit: number): readonly Note[] {
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [])];
  const newest = notes.toReversed();
  if (words.length === 0) return newest.slice(0, limit);
  return newest
    .map((note) => ({ note, score: words.filter((word) => `${note.topic} ${note.text}`.toLowerCase().includes(word)).length }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ note }) => note);
}
