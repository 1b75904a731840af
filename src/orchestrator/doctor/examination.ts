import { AgentFailure } from '../../agent/http/failure.ts'
import type { About } from '../../agent/protocol.ts'
import type { InputSchema } from '../../agent/schema/input-schema.ts'
import { judgeHealth, judgeRun, judgeSchema, noSchema } from './answers.ts'
import type { Findings } from './diagnosis.ts'
import { fail, pass } from './finding.ts'
import { type Answered, failureIn, judgeHttp, lookUpName, tryPort } from './network.ts'
import type { Visit } from './visit.ts'

export type Description = { schema: InputSchema | AgentFailure; about: About | undefined }

export type ExaminationLimits = {
  answerMs: number
  /** How long health checks will wait later. */
  healthCheckMs: number
}

const describeMs = 4000

const isDashboard = fail(
  'This is a dashboard like this one, not an agent.',
  'Agents listen on another port; each prints its own when it starts.',
)

/** Resolves to how the agent describes itself, if it got that far. */
export async function examine(
  visit: Visit,
  { note }: Pick<Findings, 'note'>,
  { answerMs, healthCheckMs }: ExaminationLimits,
): Promise<Description | undefined> {
  const { endpoints } = visit.protocol
  if (!note('name', await lookUpName(visit))) return undefined
  if (!note('port', await tryPort(visit))) return undefined
  const answered = await askHealth(visit, answerMs)
  if (!note('http', await judgeHttp(visit, answered))) return undefined
  if ('failure' in answered && answered.failure.kind === 'self') {
    note('self', isDashboard)
    return undefined
  }
  if (!note('health', await judgeHealth(visit, answered, healthCheckMs))) return undefined
  const description = await askDescription(visit)
  const { schema, about } = description
  const hasSchema = note('schema', schema instanceof AgentFailure ? noSchema(endpoints, schema) : judgeSchema(schema))
  if (hasSchema && note('run', judgeRun(endpoints, about))) note('self', pass('Not a dashboard.'))
  return description
}

async function askHealth({ url, target, protocol, timeLeft, elapsed }: Visit, answerMs: number): Promise<Answered> {
  const startedAt = elapsed()
  const withinMs = timeLeft(answerMs)
  try {
    const report = await protocol.checkHealth(target(url), { deadlineMs: withinMs })
    return { report, tookMs: elapsed() - startedAt }
  } catch (error) {
    return { failure: failureIn(error), withinMs }
  }
}

async function askDescription({ url, target, protocol, timeLeft }: Visit): Promise<Description> {
  const called = target(url)
  const ask = { deadlineMs: timeLeft(describeMs) }
  const [schema, about] = await Promise.all([
    protocol.describe(called, ask).then((described) => described.schema, failureIn),
    protocol.about?.(called, ask),
  ])
  return { schema, about }
}
