const syllables = 'ra to mi ne sol ka ver lun pe dra qui st or an el be cu fi go hy'.split(' ')
const differentWords = 30_000
const paragraphs = 50_000
const paragraphsInRun = 7
const bytesOfKeys = 80
const bytesInWord = 6
const topics = ['ai safety', 'databases', 'climate policy', 'weather', 'jazz', 'protein folding', 'football', 'rome']

/** Words by how often they stand in the history; a phrase; and a field that some runs have. */
export const searches = { common: 'safety', rare: 'zanzibar', phrase: '"climate policy"', field: 'out.word_count>870' }

type Payloads = { inputs: string; outputs: string }

/** Of about so many bytes, both together. */
export function samplePayloads(random: () => number, count: number, bytes: number): Payloads[] {
  const oneOf = <T>(list: T[]): T => list[Math.floor(random() * list.length)]!
  const vocabulary = Array.from({ length: differentWords }, (_, index) => wordNumber(index + 1))
  // The more common a word, the shorter, as with real ones.
  const word = () => vocabulary[Math.floor(differentWords ** random()) - 1]!
  const wordsInParagraph = Math.ceil((bytes - bytesOfKeys) / paragraphsInRun / bytesInWord)
  const text = Array.from({ length: Math.min(paragraphs, paragraphsInRun * count) }, () =>
    Array.from({ length: wordsInParagraph }, word).join(' '),
  )
  return Array.from({ length: count }, () => {
    const [topic, notes] = [oneOf(topics), `${oneOf(text)} ${oneOf(text)}`]
    const result = Array.from({ length: 5 }, () => oneOf(text)).join(' ')
    const [words, score] = [Math.floor(random() * 900), (random() * 10).toFixed(2)]
    return {
      inputs: `{"topic": "${topic}", "notes": "${notes}"}`,
      outputs: `{"result": "${result}", "word_count": ${words}, "score": ${score}}`,
    }
  })
}

function wordNumber(number: number): string {
  let word = ''
  for (let rest = number; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length]
  return word
}
