import { file } from '../http/answers.ts'

export const showMetrics = {
  tags: ['Dashboard'],
  summary: 'Figures for Prometheus',
  description: 'Counters start at 0 with the process. docs/operations.md names every metric.',
  response: { 200: file('Metrics in the text format of Prometheus', 'text/plain') },
}
