import { MAX_MESSAGE_CHARACTERS } from './conversations.ts';

/** Cuts a text into pieces of at most so many UTF-16 units, never through a character. `abcd` by 3 is `abc`, `d`. */
export function piecesOf(text: string, maxUnits: number = MAX_MESSAGE_CHARACTERS): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (piece.length + character.length > maxUnits) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return piece === '' ? pieces : [...pieces, piece];
}
