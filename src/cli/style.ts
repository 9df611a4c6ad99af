/** Colours for a terminal, or plain text where there is none. Nothing is told by colour alone. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
}

const sequence = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;
const plain = (text: string) => text;

export const colours: Style = { bold: sequence(1, 22), dim: sequence(2, 22), good: sequence(32, 39), warn: sequence(33, 39), bad: sequence(31, 39) };
export const noColours: Style = { bold: plain, dim: plain, good: plain, warn: plain, bad: plain };
