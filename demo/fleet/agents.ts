import type { Workflow } from '../agents/workflow.ts'
import { cleanCsv } from '../agents/workflows/clean-csv.ts'
import { readInvoice } from '../agents/workflows/read-invoice.ts'
import { researchTopic } from '../agents/workflows/research-topic.ts'
import { reviewChange } from '../agents/workflows/review-change.ts'
import { scrapePage } from '../agents/workflows/scrape-page.ts'
import { summarizeText } from '../agents/workflows/summarize-text.ts'
import { translateText } from '../agents/workflows/translate-text.ts'
import { triageTicket } from '../agents/workflows/triage-ticket.ts'
import { writeArticle } from '../agents/workflows/write-article.ts'
import { writeMinutes } from '../agents/workflows/write-minutes.ts'
import { writeQuery } from '../agents/workflows/write-query.ts'
import { writeReleaseNotes } from '../agents/workflows/write-release-notes.ts'

/** The agents have this port and those after it. */
const firstPort = Number(process.env.DEMO_AGENTS_PORT ?? 8001)

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** How an agent of the demo is, and for how long it has been. The demo starts no agent that is `gone`. */
type Condition =
  | { kind: 'well' | 'flapping' }
  | { kind: 'degraded' | 'ill' | 'paused' | 'gone'; forMs: number; reason: string }

export type DemoAgent = {
  id: string
  name: string
  description: string
  port: number
  path: string
  workflow: Workflow
  /** Runs a day. */
  runs: number
  /** How long it takes to answer a health check. */
  latencyMs: number
  registeredDaysAgo: number
  condition: Condition
}

const well: Condition = { kind: 'well' }

function agent(
  id: string,
  name: string,
  number: number,
  workflow: Workflow,
  rest: Pick<DemoAgent, 'description' | 'runs' | 'latencyMs'> &
    Partial<Pick<DemoAgent, 'path' | 'condition' | 'registeredDaysAgo'>>,
): DemoAgent {
  return { id, name, port: firstPort + number, workflow, path: '', condition: well, registeredDaysAgo: 121, ...rest }
}

export const summarizer = agent('summarizer', 'Summarizer', 0, summarizeText, {
  description: 'Shortens a text to its best sentences',
  runs: 20,
  latencyMs: 12,
})

const researcher = agent('research-agent', 'Research Agent', 1, researchTopic, {
  description: 'Finds sources on a topic and writes a report',
  runs: 44,
  latencyMs: 36,
})

const writer = agent('article-writer', 'Article Writer', 2, writeArticle, {
  description: 'Writes articles for the company blog',
  path: '/writer',
  runs: 14,
  latencyMs: 118,
})

const translator = agent('translator', 'Translator', 3, translateText, {
  description: 'Keeps terms and tone, in 24 languages',
  runs: 35,
  latencyMs: 26,
})

const sqlWriter = agent('sql-writer', 'SQL Writer', 4, writeQuery, {
  description: 'Turns questions into queries on the warehouse',
  runs: 9,
  latencyMs: 22,
  registeredDaysAgo: 64,
  condition: { kind: 'paused', forMs: 51 * hourMs, reason: '' },
})

const releaseNotes = agent('release-notes', 'Release Notes', 5, writeReleaseNotes, {
  description: 'Sums up what a release changes for users',
  runs: 3,
  latencyMs: 34,
  registeredDaysAgo: 8,
})

const codeReviewer = agent('code-reviewer', 'Code Reviewer', 6, reviewChange, {
  description: 'Reads a change and remarks on what may break',
  runs: 21,
  latencyMs: 47,
})

const dataCleaner = agent('data-cleaner', 'Data Cleaner', 7, cleanCsv, {
  description: 'Repairs dates, numbers and duplicates in tables',
  runs: 11,
  latencyMs: 640,
})

const scraper = agent('web-scraper', 'Web Scraper', 8, scrapePage, {
  description: 'Reads web pages and takes out what a selector names',
  runs: 34,
  latencyMs: 31,
  condition: { kind: 'gone', forMs: 14 * minuteMs, reason: 'connection refused' },
})

const triage = agent('support-triage', 'Support Triage', 9, triageTicket, {
  description: 'Sorts tickets and drafts replies',
  runs: 42,
  latencyMs: 190,
  condition: { kind: 'degraded', forMs: 38 * minuteMs, reason: 'model quota at 92 %' },
})

const invoiceReader = agent('invoice-reader', 'Invoice Reader', 10, readInvoice, {
  description: 'Reads suppliers, totals and lines from invoices',
  runs: 18,
  latencyMs: 44,
  condition: { kind: 'ill', forMs: 126 * minuteMs, reason: 'model quota exhausted' },
})

const minutes = agent('meeting-minutes', 'Meeting Minutes', 11, writeMinutes, {
  description: 'Turns recordings into decisions and tasks',
  runs: 9,
  latencyMs: 49,
  registeredDaysAgo: 30,
  condition: { kind: 'flapping' },
})

export const demoAgents = [
  summarizer,
  researcher,
  writer,
  translator,
  sqlWriter,
  releaseNotes,
  codeReviewer,
  dataCleaner,
  scraper,
  triage,
  invoiceReader,
  minutes,
]

export const isStarted = ({ condition }: DemoAgent) => condition.kind !== 'gone'

export const urlOf = ({ port, path }: DemoAgent) => `http://127.0.0.1:${port}${path}`
