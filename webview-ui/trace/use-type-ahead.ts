import { useRef } from 'preact/hooks';

/** Keys that come further apart than this begin another word. */
const wordMs = 600;

export interface TypeAhead {
  /** False where the key is no letter of a word. */
  take(event: KeyboardEvent, row: number): boolean;
  /** Another key was pressed: the next letter begins another word. */
  end(): void;
}

/**
 * Letters that are typed into a list move to the next row that begins with them; the same letter again and again moves from one such row to the next. `seek` is told
 * after which row to look, -1 for before the first.
 */
export function useTypeAhead(seek: (text: string, from: number) => void): TypeAhead {
  const typed = useRef({ text: '', at: 0 });
  return {
    take: ({ key, timeStamp }, row) => {
      const before = timeStamp - typed.current.at < wordMs ? typed.current.text : '';
      if ([...key].length !== 1 || (key === ' ' && before === '')) return false;
      const text = before + key;
      typed.current = { text, at: timeStamp };
      const again = new Set(text.toLowerCase()).size === 1;
      // A word that goes on may still be that of the row that its beginning has led to.
      seek(again ? key : text, again ? row : row - 1);
      return true;
    },
    end: () => (typed.current = { text: '', at: 0 }),
  };
}
