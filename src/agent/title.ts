const maxTitle = 80;

/** What a task is called in lists: its first line, cut. */
export function titleOf(task: string): string {
  const line = task.split('\n')[0]!.trim();
  return line.length > maxTitle ? `${line.slice(0, maxTitle - 1)}…` : line;
}
