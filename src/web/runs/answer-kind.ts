import type { FoundRun } from '../../orchestrator/runs/commands.ts'

const kinds: [type: RegExp, kind: string][] = [
  [/event-stream/, 'server-sent events'],
  [/json/, 'lines of JSON'],
  [/^(text\/plain)?$/, 'plain text'],
]
const beginning = 100

/** The kind of an answer that was not JSON; else empty. */
export function presentAnswerKind({ run, exchanges }: FoundRun): string {
  const answer = exchanges.findLast(({ responseBody }) => responseBody !== null)
  const begins = JSON.stringify((answer?.responseBody ?? '').slice(0, beginning).toWellFormed()).slice(0, -1)
  if (begins === '"' || !run.outputs?.startsWith(begins)) return ''
  const { 'content-type': written = '' } = answer?.responseHeaders ?? {}
  const type = written.split(';')[0]!.trim().toLowerCase()
  const kind = kinds.find(([pattern]) => pattern.test(type))?.[1] ?? type.slice(0, 60)
  return `The agent answered with ${kind}, not JSON: kept as one text.`
}
