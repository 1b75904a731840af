export function listSentences(sentences: string[]): string {
  return sentences.map((one, index) => (index < sentences.length - 1 ? one.replace(/\.$/, '') : one)).join('; ')
}
