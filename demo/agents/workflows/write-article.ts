import { topics } from '../topics.ts'
import { madeUp, optional, required, type Workflow } from '../workflow.ts'

export const writeArticle: Workflow = {
  workflow: 'write_article',
  inputs: {
    topic: required('str', 'What the article is about'),
    audience: optional(
      "Literal['general', 'engineers', 'schools', 'newsletter']",
      'Who is going to read it',
      'general',
    ),
    word_count: optional('int', 'Length to aim at', 600),
    headings: optional('list[str]', 'Headings to use, in this order', []),
  },
  outputs: ['title', 'article'],
  message: madeUp,
  work: {
    seconds: [34, 96],
    tokens: [3_100, 8_200],
    usdPerToken: 0.0000082,
    failureShare: 0.05,
    failures: ["node 'draft': the prompt is longer than the model's context (131072 tokens)"],
  },

  sample: (random) => ({
    topic: random.pick(topics).title,
    ...(random.chance(0.7) && { audience: random.pick(['engineers', 'schools', 'newsletter']) }),
    ...(random.chance(0.5) && { word_count: random.pick([300, 900, 1200]) }),
  }),

  run(inputs) {
    const {
      topic: title,
      audience = 'general',
      headings = [],
    } = inputs as {
      topic: string
      audience?: string
      headings?: string[]
    }
    const facts = topics.find((topic) => topic.title === title)?.facts ?? ['The demo knows nothing about this topic.']
    const [first, ...more] = facts
    const sections = more.flatMap((fact, index) => (headings[index] ? [`### ${headings[index]}`, fact] : [fact]))
    return {
      title: `${title}: what to know`,
      article: [`## ${title}`, `*For ${audience}.*`, first, '### In detail', ...sections].join('\n\n'),
    }
  },
}
