import type { agents } from '../../src/store/sqlite/sql/schema/agents.ts'
import type { Workflow } from '../agents/agent-server.ts'
import { researchTopic } from '../agents/workflows/research-topic.ts'
import { summarizeText } from '../agents/workflows/summarize-text.ts'

type AgentSchema = Pick<Workflow, 'workflow' | 'inputs' | 'outputs'>

/** An agent of the example; `baseUrl` is null for the one that registered itself with the Python program's client. */
export type ExampleAgent = Omit<typeof agents.$inferInsert, 'lastHeartbeat' | 'registeredAt'> & {
  url: string
  schema: AgentSchema
  registeredDaysAgo: number
  /** When it was last heard of. An agent without it runs in the demo. */
  goneDaysAgo?: number
}

const input = (type: string, description: string, standard?: unknown) => ({
  type,
  required: standard === undefined,
  default: standard ?? null,
  description,
})

const writeArticle: AgentSchema = {
  workflow: 'write_article',
  inputs: {
    topic: input('str', 'What the article is about'),
    audience: input('str', 'Who is going to read it', 'general'),
    word_count: input('int', 'Length to aim at', 600),
    headings: input('list[str]', 'Headings to use, in this order', []),
  },
  outputs: ['title', 'article'],
}

const scrapePage: AgentSchema = {
  workflow: 'scrape_page',
  inputs: {
    url: input('str', 'Page to read'),
    selector: input('str', 'CSS selector of what to take', 'article'),
    max_items: input('int', 'How many items at most', 20),
    follow_links: input('bool', 'Also read the pages that the items link to', false),
  },
  outputs: ['page_title', 'items', 'items_found'],
}

function agent(
  agentId: string,
  agentName: string,
  port: number,
  path: string,
  description: string,
  rest: Pick<ExampleAgent, 'schema' | 'registeredDaysAgo' | 'goneDaysAgo'>,
): ExampleAgent {
  const host = '127.0.0.1'
  const url = `http://${host}:${port}${path}`
  const agentMetadata = JSON.stringify({ description })
  return {
    agentId,
    agentName,
    host,
    port,
    url,
    baseUrl: url,
    ttlSeconds: 60,
    agentMetadata,
    registeredBy: 'hand',
    ...rest,
  }
}

export const summarizer = agent('summarizer', 'Summarizer', 8001, '', 'Shortens a text to its best sentences', {
  schema: summarizeText,
  registeredDaysAgo: 14.8,
})

export const researcher = agent(
  'research-agent',
  'Research Agent',
  8002,
  '',
  'Researches a topic in the background and writes a report',
  { schema: researchTopic(0), registeredDaysAgo: 14.7 },
)

export const writer = agent(
  'article-writer',
  'Article Writer',
  8003,
  '/writer',
  'Writes articles for the company blog',
  {
    schema: writeArticle,
    registeredDaysAgo: 14.6,
    goneDaysAgo: 0.8,
  },
)

export const scraper: ExampleAgent = {
  ...agent('web-scraper', 'Web Scraper', 8009, '', 'Reads web pages and takes out what a selector names', {
    schema: scrapePage,
    registeredDaysAgo: 14.3,
    goneDaysAgo: 2.5,
  }),
  baseUrl: null,
  registeredBy: 'self',
}

export const exampleAgents = [summarizer, researcher, writer, scraper]
