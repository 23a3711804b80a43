/** Names and words that sound the same: a recogniser writes one for the other. */
const groups = [
  'doe dough',
  'white wight whyte',
  'smith smyth',
  'clark clarke',
  'reed reid read',
  'brown browne',
  'green greene',
  'moore more moor',
  'lee leigh',
  'gray grey',
  'stuart stewart',
  'steven stephen',
  'john jon',
  'sara sarah',
  'ann anne',
  'allen alan allan',
  'philip phillip',
  'jeff geoff',
  'catherine katherine kathryn',
  'mark marc',
  'eric erik',
  'brian bryan',
  'sean shaun shawn',
  'neil neal',
  'bell belle',
  'wright right write',
  'knight night',
  'price prize',
  'cole coal',
  'page paige',
  'hayes haze hays',
  'carr car',
  'hart heart',
  'berry bury barry',
  'cook cooke',
  'harris harriss',
  'nicholas nicolas',
  'michelle michele',
  'terry terri',
  'jerry gerry',
  'carl karl',
  'kurt curt',
  'mail male',
  'sales sails',
  'main maine',
  'wood would',
  'woods woulds',
  'hall haul',
  'rose rows',
  'day daye',
  'meyer mayer maier meier',
  'schmidt schmitt',
  'nielsen nielson nelson',
  'andersen anderson',
].map((group) => group.split(' '));

const alike = new Map(groups.flatMap((group) => group.map((word) => [word, group] as const)));

/** Whether a word sounds like another that is written in another way. */
export const soundsLikeAnother = (word: string): boolean => alike.has(word);

/** The addresses that sound as this one does, with one word of it written in another way. */
export function soundingAlike(address: string): readonly string[] {
  const words = address.split(/([^a-z]+)/);
  return words.flatMap((word, at) =>
    (alike.get(word) ?? []).filter((other) => other !== word).map((other) => words.with(at, other).join('')),
  );
}
