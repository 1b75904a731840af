import { topics } from '../topics.ts'
import { madeUp, optional, required, type Workflow } from '../workflow.ts'

const maxSources = 20

type Inputs = {
  topic: string
  max_sources: number
  languages: string[]
  options: Record<string, string> | null
  include_citations: boolean
}

/** Writes a report from a few known facts, or about nothing at all, and says that nothing was looked up. */
export const researchTopic: Workflow = {
  workflow: 'research_topic',
  inputs: {
    topic: required('str', 'Topic to research or process'),
    max_sources: optional('int', `How many sources, 1 to ${maxSources}`, 5),
    languages: optional('list[str]', 'Languages of the sources', ['en']),
    options: optional('dict[str, str]', 'Extra options', null),
    include_citations: optional('bool', 'Also list the citations', true),
  },
  outputs: ['report', 'sources', 'citations'],
  isAsync: true,
  message: 'The sample agent of the demo works in the background; ask for the job to follow it.',
  work: {
    seconds: [4, 26],
    tokens: [2_800, 16_000],
    usdPerToken: 0.0000045,
    failureShare: 0.05,
    failures: [
      "node 'write_report': the answer of the model was empty",
      "node 'search' gave up after 3 attempts: 429 Too Many Requests",
    ],
  },

  sample: (random) => ({
    topic: random.pick(topics).title,
    ...(random.chance(0.6) && { max_sources: random.whole(2, 7) }),
    ...(random.chance(0.4) && { languages: random.pick([['en'], ['en', 'de'], ['en', 'fr', 'ja']]) }),
    ...(random.chance(0.3) && { options: { depth: random.pick(['short', 'thorough']), audience: 'newcomers' } }),
    ...(random.chance(0.3) && { include_citations: false }),
  }),

  run(inputs) {
    const { topic, max_sources = 5, languages = ['en'], options, include_citations = true } = inputs as Inputs
    if (max_sources < 1 || max_sources > maxSources) throw new Error(`max_sources must be 1 to ${maxSources}`)
    const sources = Array.from({ length: max_sources }, (_, index) => ({
      title: `${topic}, part ${index + 1}`,
      url: `https://example.org/library/${slugOf(topic)}/${index + 1}`,
      language: languages[index % languages.length] ?? 'en',
    }))
    return {
      report: reportOn(topic, sources.length, options ?? {}),
      sources,
      citations: include_citations ? sources.map(({ title }, index) => `[${index + 1}] ${title}`) : [],
    }
  },
}

const slugOf = (title: string) =>
  topics.find((topic) => topic.title === title)?.slug ?? title.toLowerCase().replace(/\W+/g, '-')

function reportOn(title: string, sources: number, options: Record<string, string>): string {
  const facts = topics.find((topic) => topic.title === title)?.facts ?? ['The demo knows nothing about this topic.']
  const [first, ...rest] = facts
  const wishes = Object.entries(options).map(([name, value]) => `${name} = ${value}`)
  return [
    `# ${title}`,
    first,
    ...(rest.length > 0 ? ['## What is known', rest.map((fact) => `- ${fact}`).join('\n')] : []),
    '## Method',
    `Steps taken: **collect sources**, read them, compare them, write the report. Sources read: ${sources}.`,
    ...(wishes.length > 0 ? [`Options received: ${wishes.join(', ')}.`] : []),
    `*${madeUp}*`,
  ].join('\n\n')
}
