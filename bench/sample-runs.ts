import { createRandom } from '../test/support/random.ts'

const yearMs = 365 * 24 * 3_600_000
const syllables = 'ra to mi ne sol ka ver lun pe dra qui st or an el be cu fi go hy'.split(' ')
const differentWords = 30_000
const paragraphs = 50_000
const differentPayloads = 20_000
const paragraphsInRun = 7
const bytesOfKeys = 80
const bytesInWord = 6
const topics = ['ai safety', 'databases', 'climate policy', 'weather', 'jazz', 'protein folding', 'football', 'rome']
const errors = [
  'Cannot connect to agent: connection refused',
  'The agent answered 500: out of memory',
  'Timed out after 120 s',
]

export const placesPerMs = 4096

/** Words by how often they stand in the history; a phrase; and a field that some runs have. */
export const searches = { common: 'safety', rare: 'zanzibar', phrase: '"climate policy"', field: 'out.word_count>870' }

export type HistorySize = { runs: number; agents: number; payloadBytes: number }

export type SampleRun = {
  id: string
  seq: number
  agent: string
  agentId: string | null
  workflow: string | null
  status: string
  startedAt: number
  completedAt: number
  seconds: number
  tokens: number | null
  cost: number | null
  error: string | null
  inputs: string
  outputs: string | null
  /** What a search finds it by. */
  words: { inputs: string; outputs: string }
}

/**
 * The runs that a year of some agents and some of Python's own workflows leaves, oldest first: about so many bytes of
 * payloads each, nine of ten completed.
 */
export function* sampleRuns({ runs, agents, payloadBytes }: HistorySize): Generator<SampleRun> {
  const random = createRandom(7)
  const oneOf = <T>(list: T[]): T => list[Math.floor(random() * list.length)]!
  const vocabulary = Array.from({ length: differentWords }, (_, index) => wordNumber(index + 1))
  // The more common a word, the shorter, as with real ones.
  const word = () => vocabulary[Math.floor(differentWords ** random()) - 1]!
  const wordsInParagraph = Math.ceil((payloadBytes - bytesOfKeys) / paragraphsInRun / bytesInWord)
  const text = Array.from({ length: paragraphs }, () => Array.from({ length: wordsInParagraph }, word).join(' '))
  const payloads = Array.from({ length: Math.min(runs, differentPayloads) }, () => ({
    topic: oneOf(topics),
    notes: `${oneOf(text)} ${oneOf(text)}`,
    result: `${oneOf(text)} ${oneOf(text)} ${oneOf(text)} ${oneOf(text)} ${oneOf(text)}`,
    words: Math.floor(random() * 900),
    score: (random() * 10).toFixed(2),
  }))
  const end = Date.now() - 60_000
  for (let index = 0; index < runs; index++) {
    const at = Math.floor(end - yearMs + (index / runs) * yearMs)
    const isLocal = index % 50 === 49
    const agent = isLocal ? oneOf(['report', 'digest', 'cleanup']) : `agent-${Math.floor(random() ** 1.5 * agents)}`
    const workflow = isLocal ? null : `${agent}-workflow-${index % 2}`
    const luck = random()
    const status = luck < 0.9 ? 'completed' : luck < 0.97 ? 'failed' : luck < 0.99 ? 'cancelled' : 'lost'
    const seconds = Math.round(Math.exp(random() * 4 + random() * 3) * 1000) / 1000
    const isDone = status === 'completed'
    const tokens = isDone && random() < 0.8 ? Math.floor(random() * 5000) : null
    const error = status === 'failed' ? oneOf(errors) : null
    const { notes, result, words, score, ...payload } = oneOf(payloads)
    const topic = payload.topic + (index % Math.floor(runs / 20) === 7 ? ` ${searches.rare}` : '')
    yield {
      id: `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`,
      seq: at * placesPerMs,
      ...{ agent, agentId: isLocal ? null : agent, workflow, status, seconds, tokens, error },
      startedAt: at,
      completedAt: Math.round(at + seconds * 1000),
      cost: tokens === null ? null : tokens * 2e-6,
      inputs: `{"topic": "${topic}", "notes": "${notes}"}`,
      outputs: isDone ? `{"result": "${result}", "word_count": ${words}, "score": ${score}}` : null,
      words: { inputs: `${topic}\n${notes}`, outputs: isDone ? `${result}\n${words}\n${score}` : '' },
    }
  }
}

function wordNumber(number: number): string {
  let word = ''
  for (let rest = number; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length]
  return word
}
