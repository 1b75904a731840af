import { setTimeout as sleep } from 'node:timers/promises'
import type { Workflow } from '../agent-server.ts'

const maxSources = 20
const steps = ['collect sources', 'read them', 'compare what they say', 'write the report']

/**
 * Takes `seconds` for what looks like research, and says in its outputs that nothing was looked up.
 */
export function researchTopic(seconds: number): Workflow {
  return {
    workflow: 'research_topic',
    inputs: {
      topic: { type: 'str', required: true, default: null, description: 'Topic to research or process' },
      max_sources: { type: 'int', required: false, default: 5, description: `How many sources, 1 to ${maxSources}` },
      languages: { type: 'list[str]', required: false, default: ['en'], description: 'Languages of the sources' },
      options: { type: 'dict[str, str]', required: false, default: null, description: 'More wishes, by name' },
      include_citations: { type: 'bool', required: false, default: true, description: 'Also list the citations' },
    },
    outputs: ['report', 'sources', 'citations'],
    isAsync: true,
    message: 'The sample agent of the demo works in the background; ask for the job to follow it.',
    async run(inputs) {
      const { topic, max_sources, languages, options, include_citations } = inputs as {
        topic: string
        max_sources: number
        languages: string[]
        options: Record<string, string> | null
        include_citations: boolean
      }
      if (max_sources < 1 || max_sources > maxSources) throw new Error(`max_sources must be 1 to ${maxSources}`)
      for (const _ of steps) await sleep((seconds * 1000) / steps.length)

      const sources = Array.from({ length: max_sources }, (_, index) => ({
        title: `Sample source ${index + 1} on ${topic}`,
        url: `https://example.com/sample-source-${index + 1}`,
        language: languages[index % languages.length] ?? 'en',
      }))
      const wishes = Object.entries(options ?? {}).map(([name, value]) => `${name} = ${value}`)
      return {
        report: [
          `Sample report on ${topic}. The demo's research agent looked nothing up: this text and the sources below are made up.`,
          `Steps taken: ${steps.join(', ')}.`,
          ...(wishes.length > 0 ? [`Options received: ${wishes.join(', ')}.`] : []),
        ].join('\n\n'),
        sources,
        citations: include_citations ? sources.map(({ title }, index) => `[${index + 1}] ${title}`) : [],
      }
    },
  }
}
