/** As many of the phrases that a line stands for are learnt from, spread over all of them. */
const MAX_PER_LINE = 32;

/** No number of choices is a multiple of it, so steps of this size come to all of them. */
const STEP = 7_919;

/** The phrases that a line with choices stands for: `(open|close) the (door|)`. */
export function phrasesOf(line: string): readonly string[] {
  const pieces = line.split(/\(([^)]*)\)/).map((piece, at) => (at % 2 === 1 ? piece.split('|') : [piece]));
  const count = pieces.reduce((product, choices) => product * choices.length, 1);
  const phrases = Array.from({ length: Math.min(count, MAX_PER_LINE) }, (_, at) => {
    let left = (at * STEP) % count;
    return pieces
      .map((choices) => {
        const choice = choices[left % choices.length] ?? '';
        left = Math.floor(left / choices.length);
        return choice;
      })
      .join('')
      .replace(/ +/g, ' ')
      .trim();
  });
  return [...new Set(phrases)].filter((phrase) => phrase !== '');
}
