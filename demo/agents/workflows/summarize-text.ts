import { topics } from '../topics.ts'
import { optional, required, type Workflow } from '../workflow.ts'

const maxKeywords = 5
const shortestKeyword = 4
const commonWords = new Set(
  'about after also been before between both could does each from have into just like made many more most much only other over same since some such than that their them then there these they this those through under until very were what when where which while will with within would your'.split(
    ' ',
  ),
)

/** Picks the sentences of a text that hold most of its frequent words. No language model is involved. */
export const summarizeText: Workflow = {
  workflow: 'summarize_text',
  inputs: {
    text: required('str', 'Text to summarize'),
    max_sentences: optional('int', 'Longest summary, in sentences', 3),
    language: optional('str', 'Language of the text, such as en or de', 'en'),
    include_keywords: optional('bool', 'Also list the keywords', false),
  },
  outputs: ['summary', 'word_count', 'keywords'],
  message: 'Summarized by the sample agent of the demo, by counting words.',
  work: { seconds: [0.2, 1.4] },

  sample(random) {
    const chosen = random.chance(0.4) ? [random.pick(topics), random.pick(topics)] : [random.pick(topics)]
    return {
      text: [...new Set(chosen)].flatMap(({ facts }) => facts).join(' '),
      max_sentences: random.whole(1, 4),
      ...(random.chance(0.5) && { include_keywords: true }),
    }
  },

  run(inputs) {
    const { text, max_sentences, language, include_keywords } = inputs as {
      text: string
      max_sentences: number
      language: string
      include_keywords: boolean
    }
    if (max_sentences < 1) throw new Error('max_sentences must be at least 1')
    const words = wordsOf(text, language)
    const counts = countKeywords(words)
    const mostFrequent = [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word)
    return {
      summary: bestSentences(text, language, counts, max_sentences).join(' '),
      word_count: words.length,
      keywords: include_keywords ? mostFrequent.slice(0, maxKeywords) : [],
    }
  },
}

/** The sentences with the most frequent keywords, long ones favoured only a little, in the order of the text. */
function bestSentences(text: string, language: string, counts: Map<string, number>, max: number): string[] {
  const sentences = Array.from(segmenter(language, 'sentence').segment(text), ({ segment }) => segment.trim())
  return sentences
    .filter((sentence) => sentence !== '')
    .map((sentence, position) => {
      const words = wordsOf(sentence, language)
      const sum = words.reduce((total, word) => total + (counts.get(word) ?? 0), 0)
      return { sentence, position, score: sum / Math.sqrt(Math.max(1, words.length)) }
    })
    .sort((a, b) => b.score - a.score || a.position - b.position)
    .slice(0, max)
    .sort((a, b) => a.position - b.position)
    .map(({ sentence }) => sentence)
}

function countKeywords(words: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) {
    if (word.length >= shortestKeyword && !commonWords.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

function wordsOf(text: string, language: string): string[] {
  return Array.from(segmenter(language, 'word').segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment.toLowerCase())
}

function segmenter(language: string, granularity: 'sentence' | 'word'): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity })
  } catch {
    throw new Error(`language: "${language}" is not a language tag such as en or de`)
  }
}
