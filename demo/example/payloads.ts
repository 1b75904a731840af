import { summarizeText } from '../agents/workflows/summarize-text.ts'
import type { Random } from './random.ts'
import { type Topic, topics } from './topics.ts'

/** What went into a run, what came out, how long it took, and what it used up as far as the agent says. */
export type Payload = {
  inputs: Record<string, unknown>
  outputs: Record<string, unknown>
  seconds: number
  totalTokens: number | null
}

/** One run of each agent's workflow, by the agent's id. */
export const payloads: Record<string, (random: Random) => Payload> = {
  summarizer(random) {
    const chosen = random.chance(0.4) ? [random.pick(topics), random.pick(topics)] : [random.pick(topics)]
    const text = [...new Set(chosen)].flatMap(({ facts }) => facts).join(' ')
    const inputs = {
      text,
      max_sentences: random.whole(1, 4),
      ...(random.chance(0.5) && { include_keywords: true }),
    }
    const outputs = summarizeText.run({ language: 'en', include_keywords: false, ...inputs }) as Record<string, unknown>
    return { inputs, outputs, seconds: random.between(0.2, 1.4), totalTokens: null }
  },

  'research-agent'(random) {
    const topic = random.pick(topics)
    const sources = sourcesOf(topic, random.whole(2, 6))
    const isCited = random.chance(0.7)
    return {
      inputs: {
        topic: topic.title,
        ...(random.chance(0.6) && { max_sources: sources.length }),
        ...(random.chance(0.4) && { languages: random.pick([['en'], ['en', 'de'], ['en', 'fr', 'ja']]) }),
        ...(random.chance(0.3) && { options: { depth: random.pick(['short', 'thorough']), audience: 'newcomers' } }),
        ...(!isCited && { include_citations: false }),
      },
      outputs: {
        report: `# ${topic.title}\n\n${topic.facts.join('\n\n')}`,
        sources,
        citations: isCited ? sources.map(({ title }, index) => `[${index + 1}] ${title}`) : [],
      },
      seconds: random.between(12, 290),
      totalTokens: random.chance(0.9) ? random.whole(2500, 21_000) : null,
    }
  },

  'article-writer'(random) {
    const topic = random.pick(topics)
    const audience = random.pick(['general', 'engineers', 'schools', 'newsletter readers'])
    const title = random.pick([
      topic.title,
      `${topic.title}: what to know`,
      `${topic.facts.length} facts about ${topic.slug}`,
    ])
    return {
      inputs: {
        topic: topic.title,
        audience,
        ...(random.chance(0.5) && { word_count: random.pick([300, 600, 1200]) }),
      },
      outputs: { title, article: articleOn(topic, audience) },
      seconds: random.between(20, 110),
      totalTokens: random.chance(0.85) ? random.whole(1800, 9500) : null,
    }
  },

  'web-scraper'(random) {
    const topic = random.pick(topics)
    const found = random.whole(1, topic.facts.length + 1)
    const items = topic.facts.slice(0, found).map((text, index) => ({ text, anchor: `#p${index + 1}` }))
    return {
      inputs: {
        url: `https://${random.pick(['www.example.com', 'example.org', 'news.example.net'])}/${topic.slug}`,
        selector: random.pick(['article', 'main p', '.entry > p']),
        ...(random.chance(0.3) && { max_items: random.pick([5, 50]) }),
      },
      outputs: { page_title: `${topic.title} – example site`, items, items_found: found },
      seconds: random.between(0.6, 25),
      totalTokens: random.chance(0.4) ? random.whole(300, 1900) : null,
    }
  },
}

/** One run of a flow that the Python program carried out itself. */
export function localPayload(random: Random): Payload {
  const topic = random.pick(topics)
  return {
    inputs: { topic: topic.title, style: random.pick(['plain', 'bullet points']) },
    outputs: { result: topic.facts.slice(0, 2).join(' '), checked: true },
    seconds: random.between(2, 70),
    totalTokens: random.chance(0.7) ? random.whole(600, 5200) : null,
  }
}

/** Inputs and outputs as older versions of the Python program left them behind: not JSON, or not quite. */
export const oddTexts: { inputs: string; outputs: string }[] = [
  { inputs: `{'topic': "AI's", 'x': None}`, outputs: `{'result': "It's done", 'checked': True}` },
  { inputs: '{"topic": "Coral bleaching", "threshold": NaN}', outputs: '{"score": NaN, "change": -Infinity}' },
  { inputs: 'None', outputs: 'None' },
]

function sourcesOf({ title, slug }: Topic, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    title: `${title}, part ${index + 1}`,
    url: `https://example.org/library/${slug}/${index + 1}`,
  }))
}

function articleOn({ title, facts }: Topic, audience: string): string {
  const [first, ...more] = facts
  return [`## ${title}`, `*For ${audience}.*`, first, '### In detail', ...more].join('\n\n')
}
