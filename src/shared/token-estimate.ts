/** Where no provider has counted: English text and code come to about this many characters a token, other scripts have more tokens. */
export const charactersPerToken = 4;
/** Providers count a picture by its size in pixels, which is not known here. */
export const tokensPerImage = 1000;

export function tokensIn(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}
