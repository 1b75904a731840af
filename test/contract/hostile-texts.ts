/** What agents and other programs send, and what a store may stumble over. */
export const hostileTexts = {
  'a NUL': 'before\u0000after',
  'lone surrogates': 'high \ud83d, low \ude00, and a pair \ud83d\ude00',
  'two megabytes of distinct words': Array.from({ length: 250_000 }, (_, index) => `w${index.toString(36)}`).join(' '),
  'a number beyond 2^53': '{"n":9007199254740993,"x":0.10000000000000000555,"y":1.0,"z":NaN}',
  'a key twice': '{ "b": 1,\n "a": {"k": 1, "k": 2}, "b": 3 }',
  'what looks like SQL': `'); DROP TABLE agents; -- " \\ % _ $1 ?1 :id`,
  'nothing but spaces': ' \t\r\n\u00a0\u2028',
  nothing: '',
}

/**
 * A text as a store may give it back: as it was, but for what has no UTF-8, and what PostgreSQL has no place for. Nothing
 * is cut, and nothing around it changes.
 */
export function asKept(text: string, read: string): string {
  const wellFormed = text.toWellFormed()
  return read.includes('\u0000') ? wellFormed : wellFormed.replaceAll('\u0000', '\ufffd')
}
